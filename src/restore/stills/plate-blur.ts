import { blurPatch } from '../../compute/cpu/blur.ts';
import { halved } from '../../compute/cpu/half-size.ts';

/** Blurs that are tried, patch pixels; between them the error is a parabola. */
const LADDER = [0, 0.8, 1.2, 1.6, 2.1, 2.7, 3.5, 4.5] as const;
/** Above this (pixels of the half size) it is read at half the size, which reaches twice as far for a quarter of the work. */
const WIDE = 1.2;
/** Width of the band that is compared: coarser differences are light, not blur. */
const COARSE = 6;

/**
 * How much blurrier a plate is than a still that is registered to it: the standard deviation, patch pixels, of the Gaussian that
 * brings the still nearest to the plate, by least squares where `weight` (size²) is above 0. 0 where the plate is as sharp.
 *
 * Grain does not bias it, for it is alike in none of the trials; what is not registered to the pixel reads as blur.
 */
export function plateBlur(plate: Float32Array, still: Float32Array, weight: Float32Array, size: number): number {
  const wide = blurOver(halved(plate, size), halved(still, size), halved(weight, size), size >> 1);
  return wide > WIDE ? 2 * wide : blurOver(plate, still, weight, size);
}

function blurOver(plate: Float32Array, still: Float32Array, weight: Float32Array, size: number): number {
  // Eyes, nose and mouth lie in the middle half of a patch, and tell most.
  const half = size >> 1;
  const target = banded(middleOf(plate, size), half);
  const source = banded(middleOf(still, size), half);
  const counts = middleOf(weight, size);
  const errors = LADDER.map((sigma) => {
    const blurred = sigma > 0 ? blurPatch(source, half, sigma) : source;
    return mismatch(target, blurred, counts);
  });
  let best = 0;
  errors.forEach((error, k) => {
    if (error < (errors[best] as number)) best = k;
  });
  if (best === 0 || best === LADDER.length - 1) return LADDER[best] as number;
  // The vertex of the parabola through three points at unequal distances.
  const [x0, x1, x2] = [LADDER[best - 1] as number, LADDER[best] as number, LADDER[best + 1] as number];
  const [y0, y1, y2] = [errors[best - 1] as number, errors[best] as number, errors[best + 1] as number];
  const a = (x1 - x0) * (y1 - y2);
  const b = (x1 - x2) * (y1 - y0);
  return a === b ? x1 : x1 - ((x1 - x0) * a - (x1 - x2) * b) / (2 * (a - b));
}

/** The square of half the side that holds eyes, nose and mouth. */
function middleOf(plane: Float32Array, size: number): Float32Array {
  const half = size >> 1;
  const left = size >> 2;
  const top = Math.round(0.32 * size);
  const out = new Float32Array(half * half);
  for (let y = 0; y < half; y++) {
    const row = (top + y) * size + left;
    out.set(plane.subarray(row, row + half), y * half);
  }
  return out;
}

function banded(luma: Float32Array, size: number): Float32Array {
  const coarse = blurPatch(luma, size, COARSE);
  return luma.map((v, i) => v - (coarse[i] as number));
}

/** Weighted sum of squares of what the best gain leaves. */
function mismatch(target: Float32Array, source: Float32Array, weight: Float32Array): number {
  let cross = 0;
  let squares = 0;
  let own = 0;
  for (let i = 0; i < target.length; i++) {
    const w = weight[i] as number;
    if (!(w > 0)) continue;
    const t = target[i] as number;
    const s = source[i] as number;
    cross += w * t * s;
    squares += w * s * s;
    own += w * t * t;
  }
  return squares > 0 ? own - (cross * cross) / squares : own;
}
