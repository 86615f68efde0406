import { gaussianBlur } from '../motion/gaussian.ts';
import type { AlignedWindow } from './aligned-window.ts';

/** Blur before curvature is read, and the distance over which it is, pixels of the half size: grain has little left there. */
const BLUR = 1;
const LAG = 2;
/** Neighbours that are compared. */
const COMPARED = 4;
/** Sharpness against neighbours below which nothing is to be had from them or from stills, and from which all is: a head that turns has 0.65. */
const SMEARED = 0.35;
const AS_SHARP = 0.6;

/**
 * How far the centre is as sharp as its aligned neighbours, 0 … 1: 0 where the head or the camera moved while the shutter was open.
 * Such a frame must stay smeared: sharper pixels would stand still for the length of a frame. The energy of the luma's curvature is compared with
 * the neighbours' median, in the direction in which it has suffered most.
 */
export function stillnessOf({ size, luma, look, neighbours }: AlignedWindow): number {
  if (neighbours.length === 0) return 1;
  const half = size >> 1;
  const own = curvatureOf(luma, look, half);
  const others = neighbours.slice(0, COMPARED).map((neighbour) => curvatureOf(neighbour.luma, look, half));
  const ratios = own.map((v, k) => {
    const sorted = others.map((other) => other[k] as number).sort((a, b) => a - b);
    const middle = sorted[sorted.length >> 1] as number;
    return middle > 0 ? v / middle : 1;
  });
  const t = Math.min(1, Math.max(0, (Math.min(...ratios) - SMEARED) / (AS_SHARP - SMEARED)));
  return t * t * (3 - 2 * t);
}

/** Energy of the curvature to the right, down, and along both diagonals. */
function curvatureOf(luma: Float32Array, look: Uint8Array, size: number): readonly number[] {
  const { samples } = gaussianBlur({ width: size, height: size, samples: luma }, BLUR);
  return [LAG, LAG * size, LAG * size + LAG, LAG * size - LAG].map((step) => {
    let sum = 0;
    for (let i = step; i + step < samples.length; i++) {
      if (look[i - step] !== 1 || look[i] !== 1 || look[i + step] !== 1) continue;
      const d = 2 * (samples[i] as number) - (samples[i - step] as number) - (samples[i + step] as number);
      sum += d * d;
    }
    return sum;
  });
}
