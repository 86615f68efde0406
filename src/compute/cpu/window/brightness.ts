import { valueAtShare } from '../filter/selection.ts';

/** Side of the squares whose means are compared, pixels. */
const SQUARE = 8;
/** Means below this are no measure of a gain; nor is a face darker than that of what is left. */
const DARKEST = 0.004;
const DARKEST_FACE = 0.02;

/** What brightness is measured by, for its twin. */
export const BRIGHTNESS = { SQUARE, DARKEST, DARKEST_FACE } as const;

/** How bright a face is, square by square. */
export interface Brightness {
  /** Top-left pixels of the squares that lie wholly in the face. */
  readonly squares: Int32Array;
  /** Their means in red, green and blue, one channel after another. */
  readonly means: Float32Array;
}

/** The brightness of planar RGB (`Float32Array` of 3·size²) where `where` (size²) is above 0. */
export function brightnessOf(rgb: Float32Array, where: Float32Array, size: number): Brightness {
  const found: number[] = [];
  for (let y = 0; y + SQUARE <= size; y += SQUARE) {
    for (let x = 0; x + SQUARE <= size; x += SQUARE) if (isInside(where, size, y * size + x)) found.push(y * size + x);
  }
  const squares = Int32Array.from(found);
  return { squares, means: meansOf(rgb, squares, size) };
}

/**
 * Multiplies each channel of a neighbour by the median ratio of the centre's means to its own, in place. Returns what that leaves, a share
 * of the face's brightness; 0 where no square tells.
 */
export function bringToBrightness(
  { squares, means }: Brightness,
  rgb: Float32Array,
  size: number,
  greatestGain: number,
): number {
  const count = squares.length;
  if (count === 0) return 0;
  const area = size * size;
  const others = meansOf(rgb, squares, size);
  const found = new Float32Array(count);
  let left = 0;
  for (let c = 0; c < 3; c++) {
    const first = c * count;
    for (let k = 0; k < count; k++) found[k] = means[first + k] / Math.max(DARKEST, others[first + k]);
    const gain = Math.min(greatestGain, Math.max(1 / greatestGain, valueAtShare(found, 0.5)));
    for (let k = 0; k < count; k++) found[k] = Math.abs(means[first + k] - gain * others[first + k]);
    const rest = valueAtShare(found, 0.5);
    for (let k = 0; k < count; k++) found[k] = means[first + k];
    left = Math.max(left, rest / Math.max(DARKEST_FACE, valueAtShare(found, 0.5)));
    scale(rgb, c * area, area, gain);
  }
  return left;
}

function scale(samples: Float32Array, first: number, count: number, gain: number): void {
  for (let i = first, end = first + count; i < end; i++) samples[i] = gain * samples[i];
}

function isInside(where: Float32Array, size: number, first: number): boolean {
  for (let i = first, end = first + SQUARE * size; i < end; i += size) {
    for (let k = i; k < i + SQUARE; k++) if (!(where[k] > 0)) return false;
  }
  return true;
}

function meansOf(rgb: Float32Array, squares: Int32Array, size: number): Float32Array {
  const area = size * size;
  const means = new Float32Array(3 * squares.length);
  for (let c = 0, o = 0; c < 3; c++) {
    for (let s = 0; s < squares.length; s++, o++) {
      const first = c * area + squares[s];
      let sum = 0;
      for (let i = first, end = first + SQUARE * size; i < end; i += size) {
        for (let k = i; k < i + SQUARE; k++) sum += rgb[k];
      }
      means[o] = sum / (SQUARE * SQUARE);
    }
  }
  return means;
}
