import type { Roi } from '../film/roi.ts';

/** The smallest rectangle around the pixels above 0 of a mask, a square by default; undefined where there are none. */
export function maskBounds(mask: Float32Array, width: number, height = width): Roi | undefined {
  let left = width;
  let right = 0;
  let top = -1;
  let bottom = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let from = 0;
    while (from < width && !(mask[row + from] > 0)) from += 1;
    if (from === width) continue;
    let to = width;
    while (!(mask[row + to - 1] > 0)) to -= 1;
    left = Math.min(left, from);
    right = Math.max(right, to);
    if (top < 0) top = y;
    bottom = y + 1;
  }
  return top < 0 ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}
