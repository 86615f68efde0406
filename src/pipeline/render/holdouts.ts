import { type Plane, planesOf, type Region } from '../../film/plate.ts';
import { contains } from '../../film/range.ts';
import { intersect, isEmpty, type Roi, roiAround } from '../../film/roi.ts';
import { siteStep } from '../../film/sample-format.ts';
import type { Comped } from '../../render/face-rendering.ts';
import type { Overrides } from '../../settings/overrides.ts';

/** The rectangles of a frame in which nothing may be restored; the whole plate where the frame is forbidden. */
export function holdoutsAt(
  overrides: Overrides,
  frame: number,
  plate: { readonly width: number; readonly height: number },
): Roi[] {
  return overrides.holdouts
    .filter((holdout) => contains(holdout, frame))
    .map(({ box }) =>
      box
        ? roiAround([box[0], box[1], box[0] + box[2], box[1] + box[3]], plate)
        : { x: 0, y: 0, width: plate.width, height: plate.height },
    );
}

/** True where the rectangles leave nothing of the region. */
export function isHeldOut(region: Roi, holdouts: readonly Roi[]): boolean {
  return holdouts.some((holdout) => {
    const part = intersect(holdout, region);
    return part.width === region.width && part.height === region.height;
  });
}

/**
 * The comped face with the plate's own samples and a matte of 0 inside the forbidden rectangles, which grow to whole chroma sites.
 *
 * @param before the region as it was on the plate
 */
export function keepHoldouts(comped: Comped, before: Region, holdouts: readonly Roi[]): Comped {
  const { roi, format } = comped.region;
  const step = siteStep(format);
  const matte = holdouts.length > 0 ? comped.matte.slice() : comped.matte;
  for (const holdout of holdouts) {
    const x = Math.floor(holdout.x / step) * step;
    const y = Math.floor(holdout.y / step) * step;
    const grown = {
      x,
      y,
      width: Math.ceil((holdout.x + holdout.width - x) / step) * step,
      height: Math.ceil((holdout.y + holdout.height - y) / step) * step,
    };
    const part = intersect(grown, roi);
    if (isEmpty(part)) continue;
    for (let row = part.y - roi.y; row < part.y - roi.y + part.height; row++) {
      matte.fill(0, row * roi.width + part.x - roi.x, row * roi.width + part.x - roi.x + part.width);
    }
    const from = planesOf(format, before.bytes, roi.width, roi.height);
    const to = planesOf(format, comped.region.bytes, roi.width, roi.height);
    format.planes.forEach(({ shiftX, shiftY }, k) => {
      const source = from[k] as Plane;
      const target = to[k] as Plane;
      const left = (part.x - roi.x) >> shiftX;
      const right = -(-(part.x - roi.x + part.width) >> shiftX);
      const bottom = -(-(part.y - roi.y + part.height) >> shiftY);
      for (let row = (part.y - roi.y) >> shiftY; row < bottom; row++) {
        const line = row * source.width;
        target.samples.set(source.samples.subarray(line + left, line + right), line + left);
      }
    });
  }
  return { ...comped, matte };
}
