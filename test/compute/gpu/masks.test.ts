import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../../../src/compute/compute.ts';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import { drawFace } from '../../face/drawn-face.ts';
import { mulberry32 } from '../../motion/texture.ts';
import { disc, seededPlane, squareOf, taken } from '../seeded-images.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './test-gpu.ts';

/** Float32 sums and products of numbers up to 1, in another order. */
const ROUNDED = 2e-6;

/** A disc with holes in it. */
function withHoles(size: number): Float32Array {
  const random = mulberry32(size);
  return disc(size, size * 0.4).map((v) => (random() < 0.2 ? 0 : v));
}

describe.skipIf(!gpuIsWanted)(`masks and tiles on the device${GPU_SKIPPED}`, () => {
  const cpu = openCpuCompute();
  let gpu: GpuCompute;
  beforeAll(async () => {
    gpu = await openTestGpu();
  });
  afterAll(() => gpu[Symbol.asyncDispose]());

  /** What both make of the same, number by number; as many as asked for may differ. */
  async function agree(found: (compute: Compute) => Promise<ArrayLike<number>>, most = ROUNDED, others = 0) {
    const [here, there] = [Array.from(await found(cpu)), Array.from(await found(gpu))];
    expect(there.length).toBe(here.length);
    const beyond = here.filter((v, i) => !Object.is(v, there[i]) && !(Math.abs(v - (there[i] as number)) <= most));
    expect(beyond.length, `${beyond.length} of ${here.length} lie apart`).toBeLessThanOrEqual(others);
    return here;
  }

  it.each([101, 128, 256])('draw a face on a patch of side %i as the processor does', async (size) => {
    for (const [x, y] of [
      [0.5, 0.5],
      [0.1, 0.8],
      [-1, -1],
    ] as const) {
      const landmarks = drawFace({ x: x * size, y: y * size, interOcular: size / 4 });
      const matte = await agree((compute) => taken(compute, compute.faceMatte(landmarks, size, { grow: 0.1 })));
      expect(matte.some((v) => v > 0)).toBe(x > 0);
      const within = { area: { x: 10.5, y: 20, width: 41, height: 30 }, margin: 2.25 };
      await agree(
        (compute) => taken(compute, compute.faceMatte(landmarks, size, { softness: 0, strength: 0.3, within })),
        ROUNDED,
        4,
      );
    }
  });

  it.each([0, 3.5])('draw polygons with a margin of %f as the processor does', async (margin) => {
    const random = mulberry32(4);
    const star = Float32Array.from({ length: 40 }, (_, i) => 60 + (i % 4 < 2 ? 50 : 20) * (random() - 0.3));
    const tiny = Float32Array.of(3, 3, 3.2, 3, 3.1, 3.3);
    for (const polygons of [[star, tiny], [tiny], [new Float32Array(0), star], []]) {
      await agree((compute) => taken(compute, compute.polygons(polygons, 101, margin)), 0, 10);
    }
  });

  it.each([65, 130])('measure masks of side %i as the processor does', async (size) => {
    const [mask, plane] = [withHoles(size), seededPlane(size, 3)];
    const line = mask.map((_, i) => (Math.floor(i / size) === size - 1 ? 1 : 0));
    for (const where of [mask, mask.map(() => 0), mask.map(() => 1), line]) {
      await agree(async (compute) => {
        using looked = squareOf(compute, where);
        using image = squareOf(compute, plane);
        const told = await compute.statistics({
          bounds: compute.maskBounds(looked),
          mean: compute.meanWhere(image, looked),
        });
        const { x, y, width, height } = told.bounds ?? { x: -1, y: -1, width: -1, height: -1 };
        return [x, y, width, height, told.mean];
      });
    }
  });

  it.each([128, 258])('tell dirt in a frame of side %i as the processor does', async (size) => {
    const [where, scratches] = [withHoles(size), withHoles(size).map((v, i) => (i % 9 === 0 ? v : 0))];
    const specks = withHoles(size / 2).map((v) => (v > 0.6 ? 1 : 0));
    for (const lines of [scratches, null]) {
      await agree(async (compute) => {
        using looked = squareOf(compute, where);
        using dirt = squareOf(compute, specks);
        using scratched = lines && squareOf(compute, lines);
        const { own, damage } = compute.soundSamples(dirt, scratched, looked);
        const told = await compute.statistics({ damage });
        return [told.damage, ...(await taken(compute, own)), ...(await taken(compute, compute.halvedWhole(looked)))];
      });
    }
  });

  it.each([
    [128, 16],
    [101, 12],
    [256, 32],
  ])('sum a plane of side %i in %i tiles along it as the processor does', async (size, tiles) => {
    const [where, plane] = [withHoles(size), seededPlane(size, 5).map((v) => v - 0.5)];
    const every = new Uint8Array(tiles * tiles).fill(1);
    for (const counting of [every, every.map((_, t) => (t % 5 === 0 ? 1 : 0)), every.map(() => 0)]) {
      const told = await agree(async (compute) => {
        using image = squareOf(compute, plane);
        using looked = squareOf(compute, where);
        const { sums, sizes } = await compute.statistics({
          sums: compute.tileSums(image, looked, tiles),
          sizes: compute.tileMagnitudes(image, tiles, counting),
        });
        const means = sums.sums.map((sum, t) => sum / Math.max(1, sums.counts[t] as number));
        return [...means, ...sums.counts, ...sizes.rms, ...sizes.most, sizes.typical];
      });
      expect(Number.isNaN(told.at(-1))).toBe(counting.every((v) => v === 0));
    }
  });
});
