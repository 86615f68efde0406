/** Side of the squares whose means are compared, pixels. */
const SQUARE = 8;
/** A gain beyond this is no breathing of the exposure but another light. */
const GREATEST_GAIN = 2;
/** So is what no gain explains: the median over the squares of what is left, as a share of the face's brightness. */
const MOST_LEFT = 0.05;

/** How bright a face is, square by square. */
export interface Brightness {
  /** Top-left pixels of the squares that lie wholly in the face. */
  readonly squares: Int32Array;
  /** Their means in red, green and blue. */
  readonly means: readonly [Float32Array, Float32Array, Float32Array];
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
 * Multiplies each channel of a neighbour by the median ratio of the centre's means to its own, in place: the film's breathing stays
 * the centre's. False where no gain makes them alike.
 */
export function bringToBrightness({ squares, means }: Brightness, rgb: Float32Array, size: number): boolean {
  if (squares.length === 0) return true;
  const area = size * size;
  let left = 0;
  meansOf(rgb, squares, size).forEach((others, c) => {
    const own = means[c] as Float32Array;
    const ratio = median(own.map((v, k) => v / Math.max(0.004, others[k] as number)));
    const gain = Math.min(GREATEST_GAIN, Math.max(1 / GREATEST_GAIN, ratio));
    const rest = median(own.map((v, k) => Math.abs(v - gain * (others[k] as number))));
    left = Math.max(left, rest / Math.max(0.02, median(Float32Array.from(own))));
    for (let i = c * area, end = i + area; i < end; i++) rgb[i] = gain * (rgb[i] as number);
  });
  return left < MOST_LEFT;
}

function isInside(where: Float32Array, size: number, first: number): boolean {
  for (let i = first, end = first + SQUARE * size; i < end; i += size) {
    for (let k = i; k < i + SQUARE; k++) if (!((where[k] as number) > 0)) return false;
  }
  return true;
}

function meansOf(rgb: Float32Array, squares: Int32Array, size: number): [Float32Array, Float32Array, Float32Array] {
  const area = size * size;
  const of = (c: number) => {
    const means = new Float32Array(squares.length);
    for (let s = 0; s < squares.length; s++) {
      const first = c * area + (squares[s] as number);
      let sum = 0;
      for (let i = first, end = first + SQUARE * size; i < end; i += size) {
        for (let k = i; k < i + SQUARE; k++) sum += rgb[k] as number;
      }
      means[s] = sum / (SQUARE * SQUARE);
    }
    return means;
  };
  return [of(0), of(1), of(2)];
}

/** Sorts `values`. */
function median(values: Float32Array): number {
  values.sort();
  return values[values.length >> 1] ?? 0;
}
