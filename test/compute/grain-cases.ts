import type { Compute } from '../../src/compute/compute.ts';
import { GRAIN_STEPS } from '../../src/compute/grains.ts';
import { CHAINED, type ConformanceCase, MEASURED, THRESHOLD } from './conformance-case.ts';
import { coarse, eachPlane } from './reference.ts';
import { disc, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 96;
const AREA = SIZE * SIZE;
const GRAIN = 0.02;
/** What luma keeps of the deviation of grain that is independent in three channels. */
const IN_LUMA = Math.hypot(0.2126, 0.7152, 0.0722);

const OPTIONS = {
  ratio: 0.75,
  coarsest: 4,
  most: 3 * GRAIN,
  speck: { blur: 1.5, begins: 4, is: 6, least: 2 / 255, around: 1.5 },
};

export function grainCases(): ConformanceCase[] {
  const clean = seededRgb(SIZE, 61, 0);
  const plate = seededRgb(SIZE, 61, GRAIN);
  // Another frame: the same picture, its grain mirrored.
  const other = clean.map(
    (v, i) => v + (plate[plate.length - 1 - i] as number) - (clean[clean.length - 1 - i] as number),
  );
  const where = disc(SIZE, 40);
  const own = disc(SIZE, 5).map((v) => (v > 0 ? 0 : 1));
  const speck = disc(SIZE, 3);
  const spotted = plate.map((v, i) => v + 0.5 * (speck[i % AREA] as number));
  const between = async (compute: Compute) => {
    const [a, b, looked] = [plate, other, where].map((samples) => squareOf(compute, samples));
    if (!a || !b || !looked) throw new Error('Unreachable: three images were made.');
    return (await compute.statistics({ grain: compute.grainBetween(a, b, looked) })).grain;
  };
  const regrained = (compute: Compute, frame: Float32Array, good: Float32Array) => {
    const images = {
      restored: squareOf(compute, clean),
      plate: squareOf(compute, frame),
      repaired: squareOf(compute, clean),
      substitute: squareOf(compute, other),
      own: squareOf(compute, good),
      where: squareOf(compute, where),
    };
    return taken(compute, compute.regrained(images, OPTIONS));
  };
  return [
    {
      operation: 'grainBetween',
      input: 'two frames, over the true deviation',
      tolerance: MEASURED,
      found: async (compute) => [(await between(compute)).deviation / (GRAIN * IN_LUMA)],
      expected: () => [1],
    },
    {
      operation: 'grainBetween',
      input: 'which steps of luma tell: those that the picture shows',
      tolerance: THRESHOLD,
      found: async (compute) => {
        const { byLuma } = await between(compute);
        return [byLuma.length, byLuma[0] === null ? 0 : 1, byLuma[3] === null ? 0 : 1, byLuma[7] === null ? 0 : 1];
      },
      expected: () => [GRAIN_STEPS, 0, 1, 0],
    },
    {
      operation: 'regrained',
      input: 'a frame with dirt, where a neighbour’s grain stands in',
      tolerance: CHAINED,
      found: (compute) => regrained(compute, plate, own),
      expected: () =>
        eachPlane(clean, (restored, k) => {
          const at = (rgb: Float32Array, i: number) => (rgb[k * AREA + i] as number) - (restored[i] as number);
          const residual = restored.map((_, i) => {
            if (!((where[i] as number) > 0)) return 0;
            const stand = Math.min(OPTIONS.most, Math.max(-OPTIONS.most, at(other, i)));
            return own[i] === 1 ? at(plate, i) : stand;
          });
          const soft = coarse(residual, SIZE, OPTIONS.coarsest / 2);
          return restored.map((v, i) =>
            (where[i] as number) > 0 ? v + OPTIONS.ratio * ((residual[i] as number) - (soft[i] as number)) : v,
          ) as Float64Array;
        }),
    },
    {
      operation: 'regrained',
      input: 'a speck that the repair has removed: its middle stays grain',
      tolerance: {
        ...CHAINED,
        most: 4 * GRAIN,
        reason: 'A substitute’s grain, cut at three deviations, less what is coarse in it.',
      },
      found: async (compute) =>
        (await regrained(compute, spotted, new Float32Array(AREA).fill(1))).filter((_, i) => speck[i % AREA] === 1),
      expected: () => clean.filter((_, i) => speck[i % AREA] === 1),
    },
  ];
}
