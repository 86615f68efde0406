import { isEmpty } from '../../film/roi.ts';
import type { PlateOperations } from '../plates.ts';
import { imageIn } from './gpu-image.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { keptTables } from './kept-tables.ts';
import { applyOnDevice } from './plate-apply.ts';
import { liftOnDevice } from './plate-lift.ts';

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
