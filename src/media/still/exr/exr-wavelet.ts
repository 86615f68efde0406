/** Rows and columns of 16-bit values within a block: `x` and `y` are the distances between neighbours in `values`. */
export interface WaveletGrid {
  readonly values: Uint16Array;
  readonly from: number;
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
}

/** Below this, sums and differences of two values keep their sign in 16 bits. */
const SMALL = 1 << 14;
const OFFSET = 1 << 15;

/** The Haar wavelet of PIZ (OpenEXR, `ImfWav.cpp`), in place. `most` is the greatest value. */
export function encodeWavelet(grid: WaveletGrid, most: number): void {
  const pair = most < SMALL ? encodeSmall : encodeLarge;
  const { values } = grid;
  for (let step = 1; step * 2 <= Math.min(grid.width, grid.height); step *= 2) {
    level(grid, step, {
      square(a, b, c, d) {
        pair(values, a, b);
        pair(values, c, d);
        pair(values, a, c);
        pair(values, b, d);
      },
      line: (a, b) => pair(values, a, b),
    });
  }
}

/** The inverse of `encodeWavelet`. */
export function decodeWavelet(grid: WaveletGrid, most: number): void {
  const pair = most < SMALL ? decodeSmall : decodeLarge;
  const { values } = grid;
  let step = 1;
  while (step * 2 <= Math.min(grid.width, grid.height)) step *= 2;
  for (step /= 2; step >= 1; step /= 2) {
    level(grid, step, {
      square(a, b, c, d) {
        pair(values, a, c);
        pair(values, b, d);
        pair(values, a, b);
        pair(values, c, d);
      },
      line: (a, b) => pair(values, a, b),
    });
  }
}

interface Pairs {
  /** Top left, top right, bottom left, bottom right. */
  square(a: number, b: number, c: number, d: number): void;
  line(a: number, b: number): void;
}

/** One level: values `step` apart, in squares; where a column or row is left over, in pairs along it. */
function level({ from, width, height, x, y }: WaveletGrid, step: number, { square, line }: Pairs): void {
  const right = step * x;
  const down = step * y;
  let row = 0;
  for (; row + 2 * step <= height; row += 2 * step) {
    let at = from + row * y;
    let column = 0;
    for (; column + 2 * step <= width; column += 2 * step, at += 2 * right) {
      square(at, at + right, at + down, at + down + right);
    }
    if (width & step) line(at, at + down);
  }
  if (height & step) {
    let at = from + row * y;
    for (let column = 0; column + 2 * step <= width; column += 2 * step, at += 2 * right) line(at, at + right);
  }
}

function signed(value: number): number {
  return (value << 16) >> 16;
}

function encodeSmall(values: Uint16Array, a: number, b: number): void {
  const one = signed(values[a] as number);
  const other = signed(values[b] as number);
  values[a] = (one + other) >> 1;
  values[b] = one - other;
}

function decodeSmall(values: Uint16Array, a: number, b: number): void {
  const difference = signed(values[b] as number);
  const first = signed(values[a] as number) + (difference & 1) + (difference >> 1);
  values[a] = first;
  values[b] = first - difference;
}

function encodeLarge(values: Uint16Array, a: number, b: number): void {
  const one = ((values[a] as number) + OFFSET) & 0xffff;
  const other = values[b] as number;
  const difference = one - other;
  const mean = (one + other) >> 1;
  values[a] = difference < 0 ? mean + OFFSET : mean;
  values[b] = difference;
}

function decodeLarge(values: Uint16Array, a: number, b: number): void {
  const mean = values[a] as number;
  const difference = values[b] as number;
  const other = (mean - (difference >> 1)) & 0xffff;
  values[b] = other;
  values[a] = difference + other - OFFSET;
}
