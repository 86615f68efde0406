import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import { grainTwinCases } from './grain-twin-cases.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './test-gpu.ts';
import { windowTwinCases } from './window-twin-cases.ts';

describe.skipIf(!gpuIsWanted)(`the device and the processor, over windows and grain${GPU_SKIPPED}`, () => {
  const cpu = openCpuCompute();
  let gpu: GpuCompute;
  beforeAll(async () => {
    gpu = await openTestGpu();
  });
  afterAll(() => gpu[Symbol.asyncDispose]());

  const cases = gpuIsWanted ? [...windowTwinCases(), ...grainTwinCases()] : [];
  it.each(cases)('agree on $name', async ({ found, most, share = 0 }) => {
    const [here, there] = [await found(cpu), await found(gpu)];
    expect(there.length).toBe(here.length);
    const offs = Float64Array.from(here, (a, i) => {
      const b = there[i] as number;
      return Number.isNaN(a) && Number.isNaN(b) ? 0 : Math.abs(a - b) / Math.max(1, Math.abs(a));
    });
    const beyond = offs.filter((off) => !(off <= most)).length;
    const worst = offs.reduce((a, b) => Math.max(a, b), 0);
    expect(
      beyond,
      `${beyond} of ${here.length} lie more than ${most} apart, the worst by ${worst}`,
    ).toBeLessThanOrEqual(share * here.length);
  });
});
