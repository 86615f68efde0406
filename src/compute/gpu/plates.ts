import { isEmpty } from '../../film/roi.ts';
import type { PlateOperations } from '../plates.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { imageIn } from './gpu-image.ts';
import { keptTables } from './plate/kept-tables.ts';
import { applyOnDevice } from './plate/plate-apply.ts';
import { liftOnDevice } from './plate/plate-lift.ts';

export function gpuPlates(queue: GpuQueue): PlateOperations {
  const kept = keptTables(queue);
  return {
    lift(region, place) {
      const { size } = place;
      return imageIn(liftOnDevice(queue, kept, region, place), { width: size, height: size, planes: 3 });
    },
    async apply(region, place, restored, options) {
      if (isEmpty(region.roi)) return { region, matte: new Uint16Array(0), changed: null };
      return await applyOnDevice(queue, kept, { region, place, restored }, options);
    },
  };
}
