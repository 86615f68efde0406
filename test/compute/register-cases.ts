import type { Compute } from '../../src/compute/compute.ts';
import type { FaceShapes } from '../../src/compute/warps.ts';
import { drawFace } from '../face/drawn-face.ts';
import { CHAINED, type ConformanceCase, EXACT, FOUND } from './conformance-case.ts';
import { halved } from './reference.ts';
import { disc, seededPlane, seededRgb, squareOf } from './seeded-images.ts';

const SIZE = 128;
const SCALE = 2;
const SIDE = SIZE / SCALE;
/** What the still's content lies aside of where the mesh has it, pixels. */
const [RIGHT, DOWN] = [1.5, -0.75];
const OPTIONS = {
  bound: 3,
  smoothing: 4,
  radius: 8,
  light: { sigma: 6, most: 3 },
  stretch: { alike: 0.7, torn: 1.4, sigma: 1 },
};
/** A face that fills the map. */
const FACE = drawFace({ x: SIDE / 2, y: SIDE / 2, interOcular: 28 });
/** Columns of the map's left that are torn. */
const TORN = 24;

export function registerCases(): ConformanceCase[] {
  const face = seededPlane(SIZE, 31, 0.004);
  const truth = seededPlane(SIZE, 31, 0);
  const moved = seededRgb(SIZE, 31, 0.004, RIGHT, DOWN).subarray(0, SIZE * SIZE);
  const where = disc(SIZE, 44);
  const isInside = (i: number) => (where[i] as number) > 0;
  const plain = { target: FACE, source: FACE.map((v) => SCALE * v) };
  const registered = async (compute: Compute, still: Float32Array, shapes: FaceShapes = plain) => {
    using map = compute.faceMap(shapes, SIDE, 'mesh');
    using luma = squareOf(compute, face);
    using small = compute.halved(luma);
    using picture = compute.flowPicture(luma, { scale: SCALE, radius: 8 });
    using template = compute.flowTemplate(picture);
    const target = { template, luma, small, where: squareOf(compute, where) };
    using open = compute.registerStills(target, [{ luma: squareOf(compute, still), map }], OPTIONS);
    const images = [open.luma, open.unregistered, open.fit].map((image) => compute.read(image));
    const [full, unregistered, fit] = await Promise.all(images);
    return { luma: full as Float32Array, unregistered: unregistered as Float32Array, fit: fit as Float32Array };
  };
  return [
    {
      operation: 'registerStills',
      input: 'a darker still whose content the mesh misses by a pixel or two, found and lit as the face',
      tolerance: { ...FOUND, most: 0.03, reason: 'What a tenth of a pixel and the grain make of the steepest slope.' },
      found: async (compute) =>
        (
          await registered(
            compute,
            moved.map((v) => 0.7 * v),
          )
        ).luma.filter((_, i) => isInside(i)),
      expected: () => truth.filter((_, i) => isInside(i)),
    },
    {
      operation: 'registerStills',
      input: 'the face’s own samples where it is not looked at',
      tolerance: EXACT,
      found: async (compute) => (await registered(compute, moved)).luma.filter((_, i) => !isInside(i)),
      expected: () => face.filter((_, i) => !isInside(i)),
    },
    {
      operation: 'registerStills',
      input: 'a darker still where the mesh puts it, lit as the face',
      tolerance: {
        ...CHAINED,
        most: 0.02,
        reason:
          'Where the still is sampled between four pixels, their mean is smoother by as much as they curve; light moves along.',
      },
      async found(compute) {
        const own = await registered(
          compute,
          face.map((v) => 0.7 * v),
        );
        return own.unregistered;
      },
      expected: () => halved(face, SIZE),
    },
    {
      operation: 'registerStills',
      input: 'how far a map that is torn on one side fits',
      tolerance: CHAINED,
      async found(compute) {
        return (await registered(compute, moved, tornFace(plain))).fit;
      },
      expected: () =>
        Float32Array.from({ length: SIDE * SIDE }, (_, i) => (!isTold(i) ? Number.NaN : i % SIDE < TORN ? 0 : 1)),
    },
  ];
}

/** In the face's middle, and beyond the blur from the triangles that the seam crosses. */
function isTold(i: number): boolean {
  const [x, y] = [(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5];
  return Math.abs(x - TORN) > 9 && Math.abs(x - SIDE / 2) < 24 && Math.abs(y - SIDE / 2) < 20;
}

/** The source with its left columns four times as far apart. */
function tornFace({ target, source }: FaceShapes): FaceShapes {
  const torn = source.map((v, k) => (k % 3 === 0 ? v - 3 * Math.max(0, SCALE * TORN - v) : v));
  return { target, source: torn };
}
