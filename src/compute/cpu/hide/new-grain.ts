import { scaleOf } from '../../../face/similarity.ts';
import type { Patch } from '../../patch.ts';
import { ditherAt, ditherRow } from '../plate/dither.ts';

/** What makes the noise of patches another than that of dither. */
const SEED = 0x9a11;
/** Deviation of the sum of three even numbers less their mean, 3 · 1/12 under the root. */
const DEVIATION = 0.5;

/**
 * Puts grain on a picture (3 planes of a patch, in place) that was never in the plate: as strong as the plate's own by its measure,
 * another in every frame, the same for the same patch. The plate's own grain would bring the edges along that lie beneath it.
 *
 * @param ratio strength over the plate's
 */
export function addNewGrain(rgb: Float32Array, { size, frame, light, toPatch }: Patch, ratio: number): void {
  // As many patch pixels as a plate pixel covers are averaged into it.
  const strength = (ratio * light.grain * Math.max(1, scaleOf(toPatch))) / DEVIATION;
  if (!(strength > 0)) return;
  const area = size * size;
  for (let y = 0; y < size; y++) {
    const rows = [0, 1, 2].map((k) => ditherRow(SEED, frame, k, y));
    for (let x = 0; x < size; x++) {
      const noise = strength * (ditherAt(rows[0], x) + ditherAt(rows[1], x) + ditherAt(rows[2], x) - 1.5);
      const i = y * size + x;
      rgb[i] = rgb[i] + noise;
      rgb[area + i] = rgb[area + i] + noise;
      rgb[2 * area + i] = rgb[2 * area + i] + noise;
    }
  }
}
