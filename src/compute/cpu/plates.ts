import type { PlateOperations } from '../plates.ts';
import { applyRestoration } from './apply.ts';
import { borrowedImage, lentImage, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { liftPatch } from './lift.ts';

export function cpuPlates(pool: FloatPool): PlateOperations {
  return {
    lift(region, { size, toPatch, colour }, into) {
      const shape = { width: size, height: size, planes: 3 };
      const rgb = liftPatch(region, size, toPatch, colour, into ?? pool.lend(3 * size * size));
      return into ? borrowedImage(rgb, shape) : lentImage(pool, rgb, shape);
    },
    async apply(region, { size, toPatch, colour }, { original, rgb, matte }, options) {
      const restored = { rgb: samplesOf(rgb), matte: samplesOf(matte) };
      return applyRestoration(region, samplesOf(original), restored, size, toPatch, colour, options);
    },
  };
}
