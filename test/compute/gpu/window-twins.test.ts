import { afterAll, beforeAll, describe, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import { expectTwins } from './expect-twins.ts';
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
    expectTwins(here, there, { most, share, noneIsAlike: true });
  });
});
