import type { WindowOperations } from '../windows.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { curvature } from './window/curvature.ts';
import { dirtCandidates } from './window/dirt-candidates.ts';
import { withOwnShading } from './window/own-shading.ts';
import { temporalMean } from './window/temporal-mean.ts';

export function gpuWindows(queue: GpuQueue): WindowOperations {
  return {
    dirtCandidates: (window, expressive, options) => dirtCandidates(queue, window, expressive, options),
    curvature: (lumas, look, options) => curvature(queue, { lumas, look }, options),
    temporalMean: (window, own, eyes, options) => temporalMean(queue, window, { own, eyes }, options),
    withOwnShading: (mean, shading, options) => withOwnShading(queue, mean, shading, options),
  };
}
