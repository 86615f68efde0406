import type { WindowOperations } from '../windows.ts';
import { curvature } from './curvature.ts';
import { descratched } from './descratch.ts';
import { dirtCandidates } from './dirt-candidates.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { withOwnShading } from './own-shading.ts';
import { temporalMean } from './temporal-mean.ts';

export function gpuWindows(queue: GpuQueue): WindowOperations {
  return {
    descratched: (rgb, options) => descratched(queue, rgb, options),
    dirtCandidates: (window, neighbours, expressive, options) =>
      dirtCandidates(queue, window, { neighbours, expressive }, options),
    curvature: (luma, look, options) => curvature(queue, { luma, look }, options),
    temporalMean: (window, own, eyes, options) => temporalMean(queue, window, { own, eyes }, options),
    withOwnShading: (mean, shading, options) => withOwnShading(queue, mean, shading, options),
  };
}
