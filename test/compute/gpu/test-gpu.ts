import { openGpuDevice } from '../../../src/compute/gpu/device/gpu-device.ts';
import { type GpuQueue, openGpuQueue } from '../../../src/compute/gpu/device/gpu-queue.ts';
import { type GpuCompute, openGpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';

/**
 * What tests of the device run on: with `REELMEND_TEST_GPU=software` an adapter that computes on the processor will do, and a missing one
 * fails; with `hardware` one that does not must be there; else tests are skipped, and the name says why.
 */
const WANTED = process.env['REELMEND_TEST_GPU'];

export const gpuIsWanted = WANTED === 'software' || WANTED === 'hardware';

/** The same for tests that name the software adapter. */
export const isSoftwareWanted = WANTED === 'software';
export const SOFTWARE_SKIPPED = isSoftwareWanted ? '' : ' (skipped: set REELMEND_TEST_GPU to software)';

/** Told in the name of what is skipped. */
export const GPU_SKIPPED = gpuIsWanted ? '' : ' (skipped: set REELMEND_TEST_GPU to software or hardware)';

export const gpuChoice = { software: WANTED === 'software' };

export function openTestGpu(): Promise<GpuCompute> {
  return openGpuCompute(gpuChoice);
}

/** The queue alone, for operations by themselves. */
export async function openTestQueue(): Promise<GpuQueue> {
  return openGpuQueue(await openGpuDevice({ software: WANTED === 'software' }));
}
