import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../../../src/compute/compute.ts';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import { drawFace } from '../../face/drawn-face.ts';
import { apart } from '../apart.ts';
import { disc, seededRgb, squareOf, taken } from '../seeded-images.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './test-gpu.ts';

/** Sides that no halving divides. */
const WIDTH = 217;
const HEIGHT = 163;
const SAMPLES = seededRgb(256, 91).subarray(0, 3 * WIDTH * HEIGHT);

/** Few dozen products in another order; and the share of the pixels whose kernel may be the wider one or not by rounding. */
const ROUNDED = 2e-6;
/** Of a face map: places up to 217 are float32 numbers on the processor, off by 1e-5 pixels, where the pictures rise by 0.3 a pixel. */
const MAPPED = 1e-5;
const FLIPPED = 1e-3;

const SCALES = [
  ['enlarged', 0.6],
  ['1 : 1', 1],
  ['made smaller by 1.5', 1.5],
  ['made smaller by 5', 5],
] as const;

describe.skipIf(!gpuIsWanted)(`warps of the device and the processor${GPU_SKIPPED}`, () => {
  const cpu = openCpuCompute();
  let gpu: GpuCompute;
  beforeAll(async () => {
    gpu = await openTestGpu();
  });
  afterAll(() => gpu[Symbol.asyncDispose]());
  const twins = async (make: (compute: Compute) => Promise<Float32Array>, most = ROUNDED) =>
    apart(await make(cpu), await make(gpu), most);

  for (const size of [128, 256]) {
    for (const [how, scale] of SCALES) {
      for (const by of ['mesh', 'thin-plate'] as const) {
        it(`agree on a face ${how} by ${by} onto ${size}², where a mask with holes is above 0`, async () => {
          const holes = disc(size, 0.55 * size).map((v, i) => (i % 7 === 0 || i % size === 40 ? 0 : v));
          const target = drawFace({ x: size / 2, y: size / 2, interOcular: size / 4, roll: 0.05 });
          const at = { x: WIDTH / 2, y: HEIGHT / 2, interOcular: (scale * size) / 4 };
          const source = drawFace({ ...at, yaw: 0.2, pitch: 0.1, roll: 0.15, mouth: 0.2 });
          const { share, worst } = await twins(async (compute) => {
            using image = compute.image(SAMPLES, WIDTH, HEIGHT, 3);
            using made = compute.warpSource(image);
            using map = compute.faceMap({ target, source }, size, by);
            using where = squareOf(compute, holes);
            return await taken(compute, compute.warp(made, map, where));
          }, MAPPED);
          expect(share).toBeLessThanOrEqual(FLIPPED);
          expect(worst).toBeLessThan(0.01);
        });
      }
    }
  }

  it.each(['mesh', 'thin-plate'] as const)('agree on maps by %s that are made together', async (by) => {
    const size = 101;
    // Turned so far that the nose covers a cheek; beyond the patch's edge; and hardly larger than a tile.
    const shapes = [
      { x: 50, y: 50, interOcular: 30, yaw: 0.7, roll: -0.2 },
      { x: 10, y: 80, interOcular: 45, pitch: 0.3 },
      { x: 40.5, y: 60.5, interOcular: 8, yaw: -0.5 },
      { x: -300, y: 50, interOcular: 30 },
    ].map((at, k) => ({
      target: drawFace(at),
      source: drawFace({ x: 110, y: 80, interOcular: 20 * (k + 1), mouth: 0.1 * k }),
    }));
    const { share, worst } = await twins(async (compute) => {
      using image = compute.image(SAMPLES, WIDTH, HEIGHT, 3);
      using made = compute.warpSource(image);
      using where = squareOf(compute, new Float32Array(size * size).fill(1));
      const found: number[] = [];
      for (const map of compute.faceMaps(shapes, size, by)) {
        found.push(...(await taken(compute, compute.warp(made, map, where))));
        map[Symbol.dispose]();
      }
      return Float32Array.from(found);
    }, MAPPED);
    expect(share).toBeLessThanOrEqual(FLIPPED);
    expect(worst).toBeLessThan(0.01);
  });

  it('make no map of no face', () => {
    expect(gpu.faceMaps([], 128, 'mesh')).toEqual([]);
  });

  it.each(SCALES)('agree on a picture %s by a similarity', async (_, scale) => {
    const turned = { a: scale * Math.cos(0.3), b: scale * Math.sin(0.3), tx: 31.7, ty: -12.3 };
    const { worst } = await twins(async (compute) => {
      using image = compute.image(SAMPLES, WIDTH, HEIGHT, 3);
      return await taken(compute, compute.warpBySimilarity(image, turned, 128));
    });
    expect(worst).toBeLessThanOrEqual(ROUNDED);
  });

  it('leave 0 where the mask is 0 everywhere', async () => {
    const face = drawFace({ x: 64, y: 64, interOcular: 32 });
    using image = gpu.image(SAMPLES, WIDTH, HEIGHT, 3);
    using made = gpu.warpSource(image);
    using map = gpu.faceMap({ target: face, source: face }, 128, 'mesh');
    using where = squareOf(gpu, new Float32Array(128 * 128));
    expect((await taken(gpu, gpu.warp(made, map, where))).every((v) => v === 0)).toBe(true);
  });

  it('refuse a source or a map that was closed', () => {
    const face = drawFace({ x: 64, y: 64, interOcular: 32 });
    using image = gpu.image(SAMPLES, WIDTH, HEIGHT, 3);
    using where = squareOf(gpu, new Float32Array(128 * 128));
    const closed = 'A warp source or map was used after it was closed. Keep it open for as long as it is needed.';
    const made = gpu.warpSource(image);
    const map = gpu.faceMap({ target: face, source: face }, 128, 'mesh');
    map[Symbol.dispose]();
    expect(() => gpu.warp(made, map, where)).toThrow(closed);
    made[Symbol.dispose]();
    using open = gpu.faceMap({ target: face, source: face }, 128, 'mesh');
    expect(() => gpu.warp(made, open, where)).toThrow(closed);
  });
});
