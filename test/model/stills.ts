import { join } from 'node:path';
import sharp from 'sharp';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { FOOTAGE } from '../footage.ts';

/** Where a still lies: the portrait comes with the samples, the groups of people with the footage. */
export function stillPath(name: string): string {
  return name === 'astronaut.png' ? join(packageFolder(), 'samples', 'portrait.png') : join(FOOTAGE, 'stills', name);
}

/** A still, as it is or scaled to `width`. */
export async function stillOf(name: string, width?: number): Promise<RgbPicture> {
  const image = sharp(stillPath(name)).removeAlpha().toColourspace('srgb');
  const { data, info } = await (width ? image.resize(width) : image).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** Pixels of the picture as they are, as interleaved `(value − offset) / scale`. */
export function cropOf(
  { width, rgb }: RgbPicture,
  { x, y, size, offset, scale }: { x: number; y: number; size: number; offset: number; scale: number },
): Float32Array {
  const out = new Float32Array(3 * size * size);
  for (let row = 0; row < size; row++) {
    const start = 3 * ((y + row) * width + x);
    for (let k = 0; k < 3 * size; k++) out[3 * size * row + k] = ((rgb[start + k] as number) - offset) / scale;
  }
  return out;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Infinity;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs((a[k] as number) - (b[k] as number));
    // NaN counts as different.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
