import type { Luma } from './luma.ts';

/** A shift of a whole picture. */
export interface Shift {
  /** How far the second picture's content lies to the right of and below the first's, pixels. */
  readonly dx: number;
  readonly dy: number;
  /** Height of the correlation's peak, 0 … 1: above 0.3 the shift is to be trusted, below 0.2 there is none. */
  readonly peak: number;
}

/**
 * Standard deviation, cycles a pixel, of the Gaussian that weighs the frequencies. Fine ones are grain; without them the peak is a
 * Gaussian of 1.3 pixels whose middle can be told between pixels.
 */
const PASSED = 0.12;

/**
 * The shift between two pictures of one size by phase correlation (Kuglin and Hines 1975), to a third of a pixel: for large
 * shifts, as the first guess of a finer search. It looks at the central power-of-two part under a Hann window, so shifts beyond a
 * third of that are not found; exposure and contrast do not matter.
 */
export function phaseCorrelation(a: Luma, b: Luma): Shift {
  if (a.width !== b.width || a.height !== b.height) {
    throw new TypeError(`Pictures of one size were expected, got ${a.width}×${a.height} and ${b.width}×${b.height}.`);
  }
  const width = 2 ** Math.floor(Math.log2(a.width));
  const height = 2 ** Math.floor(Math.log2(a.height));
  // Two real pictures are transformed at once, as the real and imaginary parts of one.
  const re = windowed(a, width, height);
  const im = windowed(b, width, height);
  transform2(re, im, width, height, 1);
  const crossRe = new Float64Array(re.length);
  const crossIm = new Float64Array(re.length);
  let passed = 0;
  for (let y = 0; y < height; y++) {
    const v = Math.min(y, height - y) / height;
    for (let x = 0; x < width; x++) {
      const u = Math.min(x, width - x) / width;
      const weight = Math.exp(-(u * u + v * v) / (2 * PASSED * PASSED));
      passed += weight;
      const p = y * width + x;
      const q = ((height - y) % height) * width + ((width - x) % width);
      const ar = (re[p] as number) + (re[q] as number);
      const ai = (im[p] as number) - (im[q] as number);
      const br = (im[p] as number) + (im[q] as number);
      const bi = (re[q] as number) - (re[p] as number);
      const cr = ar * br + ai * bi;
      const ci = ar * bi - ai * br;
      const size = Math.hypot(cr, ci);
      // Frequencies that neither picture has would count as much as the others.
      const scale = size > 1e-12 ? weight / size : 0;
      crossRe[p] = cr * scale;
      crossIm[p] = ci * scale;
    }
  }
  transform2(crossRe, crossIm, width, height, -1);
  let best = 0;
  for (let p = 1; p < crossRe.length; p++) if ((crossRe[p] as number) > (crossRe[best] as number)) best = p;
  const x = best % width;
  const y = Math.floor(best / width);
  const at = (i: number, j: number) => crossRe[((j + height) % height) * width + ((i + width) % width)] as number;
  const dx = x + subpixel(at(x - 1, y), at(x, y), at(x + 1, y));
  const dy = y + subpixel(at(x, y - 1), at(x, y), at(x, y + 1));
  return {
    dx: dx > width / 2 ? dx - width : dx,
    dy: dy > height / 2 ? dy - height : dy,
    peak: at(x, y) / passed,
  };
}

/** The top of the Gaussian through three samples, relative to the middle one. */
function subpixel(before: number, here: number, after: number): number {
  if (!(before > 0 && here > 0 && after > 0)) return 0;
  const curvature = Math.log(before) + Math.log(after) - 2 * Math.log(here);
  return curvature < 0 ? (Math.log(before) - Math.log(after)) / (2 * curvature) : 0;
}

function windowed(luma: Luma, width: number, height: number): Float64Array {
  const left = (luma.width - width) >> 1;
  const top = (luma.height - height) >> 1;
  let mean = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) mean += luma.samples[(top + y) * luma.width + left + x] as number;
  }
  mean /= width * height;
  const across = hann(width);
  const down = hann(height);
  const out = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const v = (luma.samples[(top + y) * luma.width + left + x] as number) - mean;
      out[y * width + x] = v * (across[x] as number) * (down[y] as number);
    }
  }
  return out;
}

function hann(length: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (k + 0.5)) / length));
}

/** Fourier transform of a complex picture in place; `sign` 1 forwards, −1 backwards, not scaled. */
function transform2(re: Float64Array, im: Float64Array, width: number, height: number, sign: 1 | -1): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    transform(re.subarray(row, row + width), im.subarray(row, row + width), sign);
  }
  const columnRe = new Float64Array(height);
  const columnIm = new Float64Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      columnRe[y] = re[y * width + x] as number;
      columnIm[y] = im[y * width + x] as number;
    }
    transform(columnRe, columnIm, sign);
    for (let y = 0; y < height; y++) {
      re[y * width + x] = columnRe[y] as number;
      im[y * width + x] = columnIm[y] as number;
    }
  }
}

/** Cooley and Tukey's transform (1965), radix 2, in place; the length is a power of two. */
function transform(re: Float64Array, im: Float64Array, sign: 1 | -1): void {
  const length = re.length;
  for (let i = 1, j = 0; i < length; i++) {
    let bit = length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const r = re[i] as number;
      const m = im[i] as number;
      re[i] = re[j] as number;
      im[i] = im[j] as number;
      re[j] = r;
      im[j] = m;
    }
  }
  for (let size = 2; size <= length; size *= 2) {
    const half = size / 2;
    const angle = (-2 * Math.PI * sign) / size;
    for (let k = 0; k < half; k++) {
      const c = Math.cos(angle * k);
      const s = Math.sin(angle * k);
      for (let p = k; p < length; p += size) {
        const q = p + half;
        const r = (re[q] as number) * c - (im[q] as number) * s;
        const m = (re[q] as number) * s + (im[q] as number) * c;
        re[q] = (re[p] as number) - r;
        im[q] = (im[p] as number) - m;
        re[p] = (re[p] as number) + r;
        im[p] = (im[p] as number) + m;
      }
    }
  }
}
