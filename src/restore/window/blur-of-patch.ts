import type { Patch } from '../../compute/patch.ts';
import { scaleOf } from '../../face/similarity.ts';

/** What a pixel's own area blurs a picture by, plate pixels: no plate is sharper. */
const PIXEL_BLUR = 0.5;

/** Standard deviation of the plate's blur in a patch, its pixels. */
export function blurOfPatch({ light, toPatch }: Patch): number {
  return Math.hypot(light.blur, PIXEL_BLUR) * Math.max(1, scaleOf(toPatch));
}
