import type { GrainOperations } from '../grains.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { withoutLeftGrain } from './window/left-grain.ts';
import { withGrainOfPlate } from './window/plate-grain.ts';
import { regrained } from './window/regrain.ts';
import { grainBetween } from './window/window-grain.ts';

export function gpuGrains(queue: GpuQueue): GrainOperations {
  return {
    grainBetween: (frame, others, where) => grainBetween(queue, frame, others, where),
    withoutLeftGrain: (images, options) => withoutLeftGrain(queue, images, options),
    regrained: (images, options) => regrained(queue, images, options),
    withGrainOfPlate: (restored, plate, options) => withGrainOfPlate(queue, restored, plate, options),
  };
}
