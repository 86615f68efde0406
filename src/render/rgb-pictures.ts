import type { RgbPicture } from '../face/networks.ts';
import type { Roi } from '../film/roi.ts';

/** A black picture. */
export function blankPicture(width: number, height: number): RgbPicture {
  return { width, height, rgb: new Uint8Array(3 * width * height) };
}

/** Copies `part` of a picture, or all of it, into another, its corner to `x`, `y`; what reaches beyond the other is left out. */
export function paste(
  from: RgbPicture,
  into: RgbPicture,
  { x, y }: { readonly x: number; readonly y: number },
  part: Roi = { x: 0, y: 0, width: from.width, height: from.height },
): void {
  const width = Math.min(part.width, into.width - x);
  const height = Math.min(part.height, into.height - y);
  for (let row = 0; row < height; row++) {
    const start = 3 * ((part.y + row) * from.width + part.x);
    into.rgb.set(from.rgb.subarray(start, start + 3 * width), 3 * ((y + row) * into.width + x));
  }
}

/** A part of a picture as a picture of its own. */
export function cropped(picture: RgbPicture, part: Roi): RgbPicture {
  const out = blankPicture(part.width, part.height);
  paste(picture, out, { x: 0, y: 0 }, part);
  return out;
}

/** Draws a white vertical line before column `x`, so many columns wide, with a dark one on each side. */
export function drawEdge({ width: columns, height, rgb }: RgbPicture, x: number, width: number): void {
  for (let row = 0; row < height; row++) {
    for (let column = Math.max(0, x - width - 1); column < Math.min(columns, x + 1); column++) {
      const value = column < x - width || column === x ? 0 : 255;
      rgb.fill(value, 3 * (row * columns + column), 3 * (row * columns + column) + 3);
    }
  }
}

/** The picture at half its size, each pixel the mean of four; written into `half`, or into the part of it that shows `part`. */
export function halvePicture(
  { width, rgb }: RgbPicture,
  half: RgbPicture,
  part: Roi = { x: 0, y: 0, width: 2 * half.width, height: 2 * half.height },
): void {
  const right = Math.min(half.width, (part.x + part.width + 1) >> 1);
  const bottom = Math.min(half.height, (part.y + part.height + 1) >> 1);
  for (let y = part.y >> 1; y < bottom; y++) {
    let o = 3 * (y * half.width + (part.x >> 1));
    let i = 3 * (2 * y * width + 2 * (part.x >> 1));
    const below = 3 * width;
    for (let x = part.x >> 1; x < right; x++, i += 3) {
      for (let c = 0; c < 3; c++, i++, o++) {
        const sum =
          (rgb[i] as number) + (rgb[i + 3] as number) + (rgb[i + below] as number) + (rgb[i + below + 3] as number);
        half.rgb[o] = (sum + 2) >> 2;
      }
    }
  }
}
