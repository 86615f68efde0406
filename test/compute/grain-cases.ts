import type { Compute } from '../../src/compute/compute.ts';
import { GRAIN_STEPS, type WindowGrain } from '../../src/compute/grains.ts';
import { gaussianNoise } from '../motion/texture.ts';
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

const OF_PLATE = { ratio: 1, sigma: 2, most: 3, around: 3, greatestGain: 2 };

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
    const { grain } = await compute.statistics({ grain: compute.grainBetween(a, b, looked) });
    return grain[0] as WindowGrain;
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
  const withPlateGrain = async (compute: Compute, brightness: number, ratio: number, scene: Float32Array) => {
    using flat = squareOf(
      compute,
      scene.map(() => brightness),
    );
    using picture = squareOf(compute, scene);
    const grained = await taken(compute, compute.withGrainOfPlate(flat, picture, { ...OF_PLATE, ratio }));
    return grained.map((v) => v - brightness);
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
    {
      operation: 'withGrainOfPlate',
      input: 'grain on even ground, over the true deviation, and in its own place',
      tolerance: MEASURED,
      async found(compute) {
        const noise = grainOnGrey(() => 0.4);
        const added = await withPlateGrain(compute, 0.4, 1, noise);
        const together = added.reduce((sum, v, i) => sum + v * ((noise[i] as number) - 0.4), 0) / added.length;
        return [deviationOf(added) / GRAIN, together / GRAIN ** 2];
      },
      expected: () => [1, 1],
    },
    {
      operation: 'withGrainOfPlate',
      input: 'half of it, twice, less the whole',
      tolerance: CHAINED,
      async found(compute) {
        const half = await withPlateGrain(compute, 0.4, 0.5, plate);
        const whole = await withPlateGrain(compute, 0.4, 1, plate);
        return half.map((v, i) => 2 * v - (whole[i] as number));
      },
      expected: () => new Float32Array(3 * AREA),
    },
    {
      operation: 'withGrainOfPlate',
      input:
        'a dark half restored bright, where the plate’s grain is four times as strong: twice the grain, over the true deviation',
      tolerance: MEASURED,
      async found(compute) {
        const noise = gaussianNoise(64);
        const scene = Float32Array.from({ length: 3 * AREA }, (_, i) =>
          isLeft(i) ? 0.2 + 0.01 * noise() : 0.7 + 0.04 * noise(),
        );
        const added = await withPlateGrain(compute, 0.7, 1, scene);
        return [deviationOf(added.filter((_, i) => isLeft(i) && i % SIZE > 8 && i % SIZE < SIZE / 2 - 8)) / 0.01];
      },
      expected: () => [OF_PLATE.greatestGain],
    },
    {
      operation: 'withGrainOfPlate',
      input: 'an edge and dirt, of which no more than so many deviations are added',
      tolerance: {
        ...CHAINED,
        most: 2 * OF_PLATE.most * GRAIN,
        reason: 'The most that is added, with the deviation read at twice the true one.',
      },
      found: (compute) =>
        withPlateGrain(
          compute,
          0.4,
          1,
          grainOnGrey((x, y) => (x > 60 ? 0.8 : Math.hypot(x - 30, y - 30) < 2 ? 0.9 : 0.4)),
        ),
      expected: () => new Float32Array(3 * AREA),
    },
  ];
}

const isLeft = (i: number): boolean => i % SIZE < SIZE / 2;

/** Grain of deviation `GRAIN` on a picture of one brightness a place, in three planes. */
function grainOnGrey(at: (x: number, y: number) => number): Float32Array {
  const noise = gaussianNoise(63);
  return Float32Array.from(
    { length: 3 * AREA },
    (_, i) => at(i % SIZE, Math.floor((i % AREA) / SIZE)) + GRAIN * noise(),
  );
}

function deviationOf(values: Float32Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}
