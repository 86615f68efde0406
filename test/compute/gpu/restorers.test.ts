import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import { drawnPortrait } from '../../golden/drawn-portrait.ts';
import { restorerCases } from '../../golden/restorer-cases.ts';
import { apart } from '../apart.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './test-gpu.ts';

/** A quarter of a 10-bit level, and the share of the samples that a value at a threshold may carry beyond it. */
const CLOSE = 1 / 4096;
const SHARE = 1e-4;
/** The same of the other figures, of which 4 in 36864 lie beyond a thousandth, and how far those may. */
const SHARE_OF_FIGURES = 2e-4;
const WORST_FIGURE = 3e-3;

const cases = gpuIsWanted ? restorerCases(await drawnPortrait()) : [];

describe.skipIf(!gpuIsWanted)(`restorers on the device${GPU_SKIPPED}`, () => {
  const cpu = openCpuCompute();
  let gpu: GpuCompute;
  beforeAll(async () => {
    gpu = await openTestGpu();
  });
  afterAll(() => gpu[Symbol.asyncDispose]());

  it.each(cases)('show what they show on the processor: $name', async ({ output }) => {
    const [here, there] = [await output(cpu), await output(gpu)];
    const [rgb, matte] = here as [Float32Array, Float32Array];
    const [rgbThere, matteThere] = there as [Float32Array, Float32Array];
    expect(apart(matte, matteThere, 1e-5).worst).toBeLessThanOrEqual(1e-5);
    const { count, worst, beyond } = apart(rgb, rgbThere, CLOSE, { counts: matte });
    expect(
      beyond,
      `${beyond} of ${count} samples lie more than 1/4096 apart, the worst by ${worst}`,
    ).toBeLessThanOrEqual(SHARE * count);
    for (const [k, figures] of here.slice(2).entries()) {
      const other = apart(figures, there[k + 2] as Float32Array, 1e-3);
      expect(other.beyond, `${k + 2}: the worst by ${other.worst}`).toBeLessThanOrEqual(SHARE_OF_FIGURES * other.count);
      expect(other.worst, `${k + 2}`).toBeLessThanOrEqual(WORST_FIGURE);
    }
  });
});
