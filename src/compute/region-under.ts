import { applyX, applyY, invert, type Similarity, scaleOf } from '../face/similarity.ts';
import { type Roi, roiAround } from '../film/roi.ts';
import { type SampleFormat, siteStep } from '../film/sample-format.ts';

/**
 * The part of a plate under a patch of side `size`, with what its bicubic filter reaches beyond: the region to cut for
 * lifting and applying. Empty where the patch lies outside the plate.
 */
export function regionUnder(
  toPatch: Similarity,
  size: number,
  plate: { readonly format: SampleFormat; readonly width: number; readonly height: number },
): Roi {
  const toPlate = invert(toPatch);
  const corners = [0, 0, size, 0, 0, size, size, size];
  const points = corners.map((_, i) =>
    i % 2 === 0 ? applyX(toPlate, corners[i], corners[i + 1]) : applyY(toPlate, corners[i - 1], corners[i]),
  );
  const step = siteStep(plate.format);
  const margin = Math.ceil(3 * step * Math.max(1, 1 / scaleOf(toPatch)));
  return roiAround(points, plate, { margin, step });
}
