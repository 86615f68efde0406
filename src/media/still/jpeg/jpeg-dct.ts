/** `BASIS[k · 8 + x]` = C(k)/2 · cos((2x + 1)kπ/16), the orthonormal DCT of 8 samples (ITU-T T.81 A.3.3). */
const BASIS = Float64Array.from({ length: 64 }, (_, i) => {
  const [k, x] = [i >> 3, i & 7];
  return (k === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * k * Math.PI) / 16);
});

const scratch = new Float64Array(64);

/**
 * Samples (without level shift) of dequantised coefficients: 64 of each, row by row. Most coefficients of a picture are 0, and adding
 * nothing changes nothing: sums end at the last row and column that hold one.
 */
export function inverseDct(coefficients: Float64Array, samples: Float64Array): void {
  let rows = 0;
  for (let v = 0; v < 8; v++) {
    let columns = 8;
    while (columns > 0 && coefficients[v * 8 + columns - 1] === 0) columns--;
    if (columns > 0) rows = v + 1;
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < columns; u++) sum += (coefficients[v * 8 + u] as number) * (BASIS[u * 8 + x] as number);
      scratch[v * 8 + x] = sum;
    }
  }
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let v = 0; v < rows; v++) sum += (scratch[v * 8 + x] as number) * (BASIS[v * 8 + y] as number);
      samples[y * 8 + x] = sum;
    }
  }
}

/** The inverse of `inverseDct`. */
export function forwardDct(samples: Float64Array, coefficients: Float64Array): void {
  for (let y = 0; y < 8; y++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += (samples[y * 8 + x] as number) * (BASIS[u * 8 + x] as number);
      scratch[y * 8 + u] = sum;
    }
  }
  for (let v = 0; v < 8; v++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 8; y++) sum += (scratch[y * 8 + u] as number) * (BASIS[v * 8 + y] as number);
      coefficients[v * 8 + u] = sum;
    }
  }
}

/** Place in an 8 × 8 block, row by row, of the k-th coefficient of the zigzag (ITU-T T.81 figure 5). */
export const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);
