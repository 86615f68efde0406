import { z } from 'zod';
import { elementsOf } from '../../convert/dense-tensor.ts';
import { applyX, applyY } from '../../face/similarity.ts';
import { clamp } from '../../film/interpolate.ts';
import type { LandmarkDecoder, Outputs } from '../decoder.ts';

const schema = z.strictObject({
  kind: z.literal('face-points'),
  /** Numbers a point, of which the first two are x and y. */
  points: z.string(),
  /** The values of the input's left and right edges in x, and of its top and bottom edges in y. */
  range: z.tuple([z.number(), z.number()]),
  /** Which of the mesh's 468 landmarks each point is, in their order; null where none lies alike. */
  mesh: z.array(z.union([z.int().min(0).max(467), z.null()])).min(8),
  /**
   * A map or some numbers a point: presence is the mean over the points of the greatest in each, or of the number `at`, counted from 0,
   * over `full`.
   */
  confidence: z
    .strictObject({ output: z.string(), full: z.number().positive(), at: z.int().nonnegative().exactOptional() })
    .exactOptional(),
  /** The input, where it is no picture: five points on the template's square of side 1. */
  five: z.string().exactOptional(),
});

type FacePoints = z.output<typeof schema>;

/** Points of a face that are fewer or others than the mesh's: the landmarks of a lighter network are moved to them. */
export const facePoints: LandmarkDecoder<typeof schema, FacePoints> = {
  kind: 'face-points',
  task: 'landmark',
  schema,
  outputs: ({ points, confidence }) => [points, ...(confidence ? [confidence.output] : [])],
  points: ({ mesh }) => mesh.length,
  isMesh: false,
  inputs: ({ five }) => (five === undefined ? undefined : [five]),
  readsPoints: ({ five }) => five !== undefined,
  fault({ points, mesh, confidence }, { outputs }) {
    for (const [name, least] of [
      [points, 2] as const,
      ...(confidence ? [[confidence.output, 1 + (confidence.at ?? 0)] as const] : []),
    ]) {
      const numbers = elementsOf(outputs.find((port) => port.name === name)?.shape ?? []);
      const each = numbers / mesh.length;
      if (Number.isInteger(each) && each >= least) continue;
      return `output "${name}" has ${numbers} numbers, which are not ${least} or more for each of the ${mesh.length} points of "mesh"`;
    }
    return null;
  },
  /** The points that are landmarks of the mesh: their numbers, and where they lie in the picture. */
  decode(outputs, settings, side, toPicture) {
    const { points, range, mesh } = settings;
    const numbers = outputs.get(points) as Float32Array;
    const stride = numbers.length / mesh.length;
    const scale = side / (range[1] - range[0]);
    const indices: number[] = [];
    const places: number[] = [];
    mesh.forEach((index, k) => {
      if (index === null) return;
      const x = ((numbers[k * stride] as number) - range[0]) * scale;
      const y = ((numbers[k * stride + 1] as number) - range[0]) * scale;
      indices.push(index);
      places.push(applyX(toPicture, x, y), applyY(toPicture, x, y));
    });
    return { indices, places, presence: confidenceOf(outputs, settings) };
  },
};

function confidenceOf(outputs: Outputs, { confidence, mesh }: FacePoints): number {
  if (!confidence) return 1;
  const numbers = outputs.get(confidence.output) as Float32Array;
  const each = numbers.length / mesh.length;
  const ofPoints = mesh.map((_, k) => {
    const own = numbers.subarray(k * each, (k + 1) * each);
    return confidence.at === undefined ? own.reduce((a, b) => Math.max(a, b)) : (own[confidence.at] as number);
  });
  return clamp(ofPoints.reduce((sum, v) => sum + v, 0) / mesh.length / confidence.full, 0, 1);
}
