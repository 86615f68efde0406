import type { PlateOperations } from '../plates.ts';
import { lentImage, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { applyRestoration } from './plate/apply.ts';
import { liftPatch } from './plate/lift.ts';

export function cpuPlates(pool: FloatPool): PlateOperations {
  return {
    lift(region, place) {
      const { size } = place;
      const rgb = liftPatch(region, place, pool);
      return lentImage(pool, rgb, { width: size, height: size, planes: 3 });
    },
    async apply(region, place, { original, rgb, matte }, options) {
      const restored = { original: samplesOf(original), rgb: samplesOf(rgb), matte: samplesOf(matte) };
      return applyRestoration(region, place, restored, { ...options, pool });
    },
  };
}
