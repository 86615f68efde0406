import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../../../src/compute/compute.ts';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import { BAND_DIRECTIONS } from '../../../src/face/observation.ts';
import { drawFace } from '../../face/drawn-face.ts';
import { apart } from '../apart.ts';
import { roundMatte } from '../plates.ts';
import { disc, seededRgb, squareOf, taken } from '../seeded-images.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './test-gpu.ts';

/** Means of some hundred samples, a logarithm of 2⁻²¹ by WGSL's own account. */
const MEASURED = 2e-6;
/** Logarithms, powers and a matrix whose greatest factor is 4.5 lie one behind another. */
const RECOLOURED = 1e-5;
/** Some hundred sweeps, each with its own rounding. */
const SPANNED = 2e-5;
const RATIOS = { leastRatio: 0.7, greatestRatio: 1.4 };

/** A round matte without its left, and with a hole, as occluders leave it. */
function holed(size: number): Float32Array {
  const hole = disc(size, 0.08 * size);
  return roundMatte(size, 0.36 * size).map((v, i) =>
    hole[i + Math.round(0.1 * size)] || i % size < 0.3 * size ? 0 : v,
  );
}

describe.skipIf(!gpuIsWanted)(`light of the device and the processor${GPU_SKIPPED}`, () => {
  const cpu = openCpuCompute();
  let gpu: GpuCompute;
  beforeAll(async () => {
    gpu = await openTestGpu();
  });
  afterAll(() => gpu[Symbol.asyncDispose]());
  const worst = async (make: (compute: Compute) => Promise<ArrayLike<number>>) =>
    apart(await make(cpu), await make(gpu), 0).worst;
  const rgbOf = (size: number) => seededRgb(size, 92).map((v) => 0.2 + 0.6 * v);
  const faceOn = (size: number, x = 0.5) =>
    drawFace({ x: x * size, y: 0.52 * size, interOcular: size / 4, yaw: 0.15, roll: -0.1 });

  it.each([
    ['within a patch of 128²', 128, 0.5, (v: number) => v],
    ['within a patch of 256²', 256, 0.5, (v: number) => v],
    ['of which half lies beyond the patch', 128, 0.9, (v: number) => v],
    ['with highlights and shadows that do not count', 256, 0.5, (v: number) => 3 * v - 1],
    ['all in black', 128, 0.5, () => 0],
  ])('agree on colour and band of a face %s', async (_, size, x, of) => {
    const rgb = rgbOf(size).map(of);
    const off = await worst(async (compute) => {
      using image = squareOf(compute, rgb);
      const landmarks = faceOn(size, x);
      const { colour, band } = await compute.statistics({
        colour: compute.colourOfPatch(image, landmarks),
        band: compute.bandOfPatch(image, landmarks),
      });
      return [...colour, ...band];
    });
    expect(off).toBeLessThanOrEqual(MEASURED);
  });

  it.each([
    ['a mask with holes', holed(256), (v: number) => v],
    ['a mask that is 0', new Float32Array(256 * 256), (v: number) => v],
    ['colours below 0 and above 1', disc(256, 200), (v: number) => 4 * v - 1],
  ])('agree on colour transferred under %s', async (_, mask, of) => {
    const rgb = rgbOf(256);
    const off = await worst(async (compute) => {
      using image = squareOf(compute, rgb);
      using other = squareOf(compute, rgb.map(of));
      using where = squareOf(compute, mask);
      const from = compute.colourOfPatch(image, faceOn(256));
      const to = [-0.7, 0.02, -0.01, 0.2, 0.01, 0.03];
      return await taken(compute, compute.transferColour(other, where, from, { to, ...RATIOS }));
    });
    expect(off).toBeLessThanOrEqual(RECOLOURED);
  });

  it.each([
    ['a round matte on a patch of 128², grid 64', 128, 64, roundMatte(128, 45)],
    ['a matte with a hole on a patch of 256², grid 128', 256, 128, holed(256)],
    ['a matte with a hole, grid 65', 128, 65, holed(128)],
    ['a grid finer than the patch', 64, 96, holed(64)],
    ['a matte up to the edges', 128, 64, new Float32Array(128 * 128).fill(1)],
    ['a matte of nothing', 128, 64, new Float32Array(128 * 128)],
  ])('agree on the membrane over %s', async (_, size, grid, mask) => {
    const rgb = rgbOf(size);
    const band = Float32Array.from({ length: 3 * BAND_DIRECTIONS }, (_, i) => 0.5 + 0.3 * Math.sin(0.7 * i));
    const off = await worst(async (compute) => {
      using image = squareOf(compute, rgb);
      using matte = squareOf(compute, mask);
      const from = compute.bandOfPatch(image, faceOn(size));
      const options = { band, x: 0.491 * size, y: 0.517 * size, grid };
      return await taken(compute, compute.withMembrane(image, matte, from, options));
    });
    expect(off).toBeLessThanOrEqual(SPANNED);
  });
});
