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
    dirtCandidates: (window, expressive, options) => dirtCandidates(queue, window, expressive, options),
    curvature: (lumas, look, options) => curvature(queue, { lumas, look }, options),
    temporalMean: (window, own, eyes, options) => temporalMean(queue, window, { own, eyes }, options),
    withOwnShading: (mean, shading, options) => withOwnShading(queue, mean, shading, options),
  };
}
