import { afterAll, beforeAll, describe, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import { conformanceCases } from '../conformance.ts';
import { CHAINED, CODES, FOUND, MEASURED, OVER_VARIANCE, ROOTED, type Tolerance } from '../conformance-case.ts';
import { expectTwins } from './expect-twins.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './test-gpu.ts';

/** How far twins may lie apart, whatever both may lie from the truth: most, as a share of what is above 1, and the share that may lie beyond. */
function boundOf(of: Tolerance): { readonly most: number; readonly share: number } {
  if (of === CODES) return { most: 0, share: 1e-3 };
  if (of === FOUND || of === MEASURED) return { most: 1e-4, share: 1e-3 };
  if (of === ROOTED) return ROOTED;
  if (of === OVER_VARIANCE) return OVER_VARIANCE;
  if (of === CHAINED) return { most: 1e-5, share: 0 };
  return { most: 2e-6, share: of.share };
}

describe.skipIf(!gpuIsWanted)(`the device and the processor${GPU_SKIPPED}`, () => {
  const cpu = openCpuCompute();
  let gpu: GpuCompute;
  beforeAll(async () => {
    gpu = await openTestGpu();
  });
  afterAll(() => gpu[Symbol.asyncDispose]());

  it.each(conformanceCases())('agree on $operation: $input', async ({ found, tolerance }) => {
    const [here, there] = [await found(cpu), await found(gpu)];
    expectTwins(here, there, { ...boundOf(tolerance), noneIsAlike: true });
  });
});
