import type { FloatPool } from '../float-pool.ts';
import { MAX_STRETCH, TAPS_SCRATCH } from '../loops/cubic.ts';

/** Positions as whole samples and fractions 0 … 1 of one: far from the picture's edge a single 32-bit number would lose the fraction. */
interface Positions {
  readonly whole: Int32Array;
  readonly fraction: Float32Array;
}

/**
 * Where the pixels of a grid lie in a picture when an affine map carries them there: what a pixel's column contributes to x and to y, and
 * what its row does. A position is the sum of two, wholes and fractions by themselves.
 */
export interface AffinePositions {
  readonly columnX: Positions;
  readonly columnY: Positions;
  readonly rowX: Positions;
  readonly rowY: Positions;
}

/** `count` numbers, split; `first` is where the picture begins, and is taken off their whole parts. */
export function positions(count: number, at: (i: number) => number, first = 0): Positions {
  const whole = new Int32Array(count);
  const fraction = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const value = at(i);
    const below = Math.floor(value);
    const rest = Math.fround(value - below);
    // A fraction that rounds up to 1 is the next sample.
    whole[i] = (rest < 1 ? below : below + 1) - first;
    fraction[i] = rest < 1 ? rest : 0;
  }
  return { whole, fraction };
}

export interface AffineSampling {
  readonly at: AffinePositions;
  /** Samples of the picture a pixel of the grid, across and down, where that is more than 1; see `sampleStretched`. */
  readonly stretchX: number;
  readonly stretchY: number;
}

/** Samples planes of `width` · `height`, one after another, at every pixel of a grid, bicubic, into as many of the grid's size. */
export function sampleAffine(
  planes: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  { at, stretchX, stretchY }: AffineSampling,
  out: Float32Array,
  pool: FloatPool,
): void {
  const across = Math.min(MAX_STRETCH, Math.max(1, stretchX));
  const down = Math.min(MAX_STRETCH, Math.max(1, stretchY));
  const count = planes.length / (width * height);
  const columns = at.columnX.whole.length;
  const rows = at.rowX.whole.length;
  const places = placesOf(at, pool);
  const scratch = pool.lend(TAPS_SCRATCH);
  pool.loops.sampledByColumns(planes, count, width, height, places, columns, rows, across, down, scratch, out);
  pool.giveBack(places, scratch);
}

/** Positions as loops take them, lent by the pool. */
export function placesOf({ columnX, columnY, rowX, rowY }: AffinePositions, pool: FloatPool): Float32Array {
  const parts = [columnX, columnY, rowX, rowY].flatMap(({ whole, fraction }) => [whole, fraction]);
  const places = pool.lend(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    places.set(part, start);
    start += part.length;
  }
  return places;
}
