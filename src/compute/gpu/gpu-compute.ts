import type { Compute } from '../compute.ts';
import { gpuCarrying } from './carrying.ts';
import { type AdapterFacts, type GpuChoice, openGpuDevice } from './device/gpu-device.ts';
import { openGpuQueue } from './device/gpu-queue.ts';
import { statedKernels } from './device/kernel.ts';
import { gpuFilters } from './filters.ts';
import { gpuFlows } from './flows.ts';
import { gpuGrains } from './grains.ts';
import { gpuImages } from './images.ts';
import { gpuLights } from './lights.ts';
import { gpuMasks } from './masks.ts';
import { gpuMeasures } from './measures.ts';
import { gpuPixels } from './pixels.ts';
import { gpuPlates } from './plates.ts';
import { gpuStills } from './stills.ts';
import { gpuTiles } from './tiles.ts';
import { gpuWarps } from './warps.ts';
import { gpuWindows } from './windows.ts';

/** A graphics processor that operations are carried out on. */
export interface GpuCompute extends Compute {
  readonly adapter: AdapterFacts;
  /** Version of the package through which it is reached. */
  readonly version: string;
  /** All that it may carry out; see `statedKernels`. */
  readonly kernels: string;
  /** Bytes of its memory that images and figures hold, and the most that they held at once. */
  readonly memory: { readonly lent: number; readonly most: number };
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
    memory: queue.memory,
    ...gpuCarrying(queue),
    ...gpuFilters(queue),
    ...gpuFlows(queue),
    ...gpuGrains(queue),
    ...gpuImages(queue),
    ...gpuLights(queue),
    ...gpuMasks(queue),
    ...gpuMeasures(queue),
    ...gpuPixels(queue),
    ...gpuPlates(queue),
    ...gpuStills(queue),
    ...gpuTiles(queue),
    ...gpuWarps(queue),
    ...gpuWindows(queue),
    [Symbol.asyncDispose]: () => queue.close(),
  };
}
