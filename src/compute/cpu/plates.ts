import type { PlateOperations } from '../plates.ts';
import { borrowedImage, lentImage, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { applyRestoration } from './plate/apply.ts';
import { liftPatch } from './plate/lift.ts';

export function cpuPlates(pool: FloatPool): PlateOperations {
  return {
    lift(region, place, into) {
      const { size } = place;
      const shape = { width: size, height: size, planes: 3 };
      const rgb = liftPatch(region, place, into ?? pool.lend(3 * size * size));
      return into ? borrowedImage(rgb, shape) : lentImage(pool, rgb, shape);
    },
    async apply(region, place, { original, rgb, matte }, options) {
      const restored = { original: samplesOf(original), rgb: samplesOf(rgb), matte: samplesOf(matte) };
      return applyRestoration(region, place, restored, options);
    },
  };
}
