import { valueAtShare } from '../filter/selection.ts';
import type { FloatPool } from '../float-pool.ts';

/** Side of the squares whose means are compared, pixels. */
const SQUARE = 8;
/** Means below this are no measure of a gain; nor is a face darker than that of what is left. */
const DARKEST = 0.004;
const DARKEST_FACE = 0.02;

/** What brightness is measured by, for its twin. */
export const BRIGHTNESS = { SQUARE, DARKEST, DARKEST_FACE } as const;

/** How bright a face is, square by square. */
export interface Brightness {
  /** How many squares lie wholly in the face, and their top-left pixels as integers in the memory of floats; lent by the pool. */
  readonly count: number;
  readonly squares: Float32Array;
  /** Their means in red, green and blue, one channel after another; lent by the pool. */
  readonly means: Float32Array;
}

/** The brightness of planar RGB (`Float32Array` of 3·size²) where `where` (size²) is above 0. */
export function brightnessOf(rgb: Float32Array, where: Float32Array, size: number, pool: FloatPool): Brightness {
  const squares = pool.lend(Math.floor(size / SQUARE) ** 2);
  const first = integersIn(squares);
  let count = 0;
  for (let y = 0; y + SQUARE <= size; y += SQUARE) {
    for (let x = 0; x + SQUARE <= size; x += SQUARE)
      if (isInside(where, size, y * size + x)) first[count++] = y * size + x;
  }
  return { count, squares, means: meansOf(rgb, size, { count, squares }, pool) };
}

/**
 * Multiplies each channel of a neighbour by the median ratio of the centre's means to its own, in place. Returns what that leaves, a share
 * of the face's brightness; 0 where no square tells.
 */
export function bringToBrightness(
  { means, ...face }: Brightness,
  rgb: Float32Array,
  { size, greatestGain }: { readonly size: number; readonly greatestGain: number },
  pool: FloatPool,
): number {
  const { count } = face;
  if (count === 0) return 0;
  const area = size * size;
  const others = meansOf(rgb, size, face, pool);
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
    const plane = rgb.subarray(c * area, (c + 1) * area);
    pool.loops.scaled(plane, plane, area, gain);
  }
  pool.giveBack(others);
  return left;
}

function isInside(where: Float32Array, size: number, first: number): boolean {
  for (let i = first, end = first + SQUARE * size; i < end; i += size) {
    for (let k = i; k < i + SQUARE; k++) if (!(where[k] > 0)) return false;
  }
  return true;
}

function meansOf(
  rgb: Float32Array,
  size: number,
  { count, squares }: Pick<Brightness, 'count' | 'squares'>,
  pool: FloatPool,
): Float32Array {
  const means = pool.lend(3 * count);
  pool.loops.squareMeans(rgb, size, integersIn(squares), count, SQUARE, means);
  return means;
}

function integersIn({ buffer, byteOffset, length }: Float32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}
