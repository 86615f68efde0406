import type { Compute } from '../compute.ts';
import { gpuFilters } from './filters.ts';
import { type AdapterFacts, type GpuChoice, openGpuDevice } from './gpu-device.ts';
import { openGpuQueue } from './gpu-queue.ts';
import { gpuImages } from './images.ts';
import { statedKernels } from './kernel.ts';
import { gpuPixels } from './pixels.ts';

/** A graphics processor that operations are carried out on. */
export interface GpuCompute extends Compute {
  readonly adapter: AdapterFacts;
  /** Version of the package through which it is reached. */
  readonly version: string;
  /** All that it may carry out; see `statedKernels`. */
  readonly kernels: string;
  /** Bytes of its memory that images and figures hold. */
  lent(): number;
}

/**
 * Opens a graphics processor through WebGPU. Operations are recorded when they return, and carried out in order; `read`, `statistics` and
 * `apply` wait for them. One thread opens it, uses it and closes it.
 *
 * @throws GpuError where there is none; the message says what to do
 */
export async function openGpuCompute(choice: GpuChoice = {}): Promise<GpuCompute> {
  const gpu = await openGpuDevice(choice);
  const queue = openGpuQueue(gpu);
  return {
    name: `gpu (${gpu.adapter.description || gpu.adapter.device})`,
    adapter: gpu.adapter,
    version: gpu.version,
    kernels: statedKernels(),
    lent: queue.memory.lent,
    ...gpuImages(queue),
    ...gpuPixels(queue),
    ...gpuFilters(queue),
    [Symbol.asyncDispose]: () => queue.close(),
  } as unknown as GpuCompute;
}
