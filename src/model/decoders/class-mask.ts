import { z } from 'zod';
import { FACE_CLASSES } from '../../settings/masking.ts';
import type { MaskDecoder } from '../decoder.ts';
import { mapFault } from '../map-fault.ts';

const classOfThings = z.enum(['background', ...FACE_CLASSES]);

const schema = z.strictObject({
  kind: z.literal('class-mask'),
  /** A map of scores a class. */
  output: z.string(),
  /** What its classes are, in their order; two may be the same. */
  classes: z.array(classOfThings).min(2),
  /** Those that are the face. */
  face: z.array(classOfThings).min(1),
});

/** A map of scores for each class of things; the highest tells what a pixel is (BiSeNet). */
export const classMask: MaskDecoder<typeof schema, z.output<typeof schema>> = {
  kind: 'class-mask',
  task: 'mask',
  schema,
  outputs: ({ output }) => [output],
  fault({ output, classes, face }, ports) {
    const unknown = face.find((name) => !classes.includes(name));
    if (unknown) return `its decoder takes "${unknown}" for the face, which is not among its classes`;
    return mapFault(output, ports, classes.length);
  },
  decode(outputs, { output, classes, face }, chosen) {
    const scores = outputs.get(output) as Float32Array;
    const isFace = classes.map((name) => (chosen ?? face).includes(name));
    const best = bestOf(scores, classes.length);
    return Float32Array.from(best, (k) => (isFace[k] ? 1 : 0));
  },
};

/** Which of so many maps, one after another, is the highest at each pixel: of several the first. */
function bestOf(scores: Float32Array, maps: number): Uint8Array {
  const area = scores.length / maps;
  const best = new Uint8Array(area);
  const most = scores.slice(0, area);
  for (let k = 1; k < maps; k++) {
    const first = k * area;
    for (let i = 0; i < area; i++) {
      const score = scores[first + i] as number;
      if (score <= (most[i] as number)) continue;
      most[i] = score;
      best[i] = k;
    }
  }
  return best;
}
