import sharp from 'sharp';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { bytesOf } from '../../samples/rgb-frame.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import { rgbOfPlate } from './picture-score.ts';
import { together } from './together.ts';

/** A square of a frame, pixels. */
export interface Cut {
  readonly frame: number;
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** How much larger than the face's box a cut is. */
const AROUND = 1.25;

/** The square around a face, inside the picture. */
export function cutAround(frame: number, landmarks: Landmarks, width: number, height: number): Cut {
  const xs = landmarks.filter((_, i) => i % 3 === 0);
  const ys = landmarks.filter((_, i) => i % 3 === 1);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = Math.min(width, height, Math.ceil(AROUND * Math.max(right - left, bottom - top)));
  const place = (middle: number, most: number) => Math.round(Math.min(most - side, Math.max(0, middle - side / 2)));
  return { frame, x: place((left + right) / 2, width), y: place((top + bottom) / 2, height), side };
}

/**
 * Writes a contact sheet as PNG: a row for each cut, a column for each reel, every picture as large as it is (`zoom` 1) or its pixels
 * repeated.
 */
export async function writeSheet(
  path: string,
  reels: readonly string[],
  cuts: readonly Cut[],
  zoom: 1 | 2 = 1,
): Promise<void> {
  const side = Math.max(...cuts.map((cut) => cut.side));
  const gap = 4;
  const width = reels.length * (side + gap) - gap;
  const height = cuts.length * (side + gap) - gap;
  const sheet = new Uint8Array(3 * width * height).fill(40);
  let frame = 0;
  for await (const plates of together(reels)) {
    cuts.forEach((cut, row) => {
      if (cut.frame !== frame) return;
      plates.forEach((plate, column) => {
        paste(sheet, width, rgbOfPlate(plate), cut, column * (side + gap), row * (side + gap));
      });
    });
    frame += 1;
  }
  const image = sharp(sheet, { raw: { width, height, channels: 3 } });
  await (zoom === 1 ? image : image.resize(zoom * width, zoom * height, { kernel: 'nearest' })).png().toFile(path);
}

function paste(
  sheet: Uint8Array,
  width: number,
  picture: RgbFrame,
  { x, y, side }: Cut,
  left: number,
  top: number,
): void {
  const bytes = bytesOf(picture);
  for (let row = 0; row < side; row++) {
    const from = 3 * ((y + row) * picture.width + x);
    sheet.set(bytes.subarray(from, from + 3 * side), 3 * ((top + row) * width + left));
  }
}
