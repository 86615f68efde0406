/**
 * The lαβ colour space of Reinhard, Ashikhmin, Gooch and Shirley, *Color transfer between images* (2001, eq. 4–8): log10 of
 * cone responses, decorrelated. Here it is applied to display-referred RGB 0 … 1, as the colour transfer is used in practice.
 */

/** RGB to LMS, 3 × 3 in rows (Reinhard 2001, eq. 4). */
export const RGB_TO_LMS: readonly number[] = [0.3811, 0.5783, 0.0402, 0.1967, 0.7244, 0.0782, 0.0241, 0.1288, 0.8444];

/**
 * LMS to RGB, inverted numerically. The matrix printed in the paper (eq. 9) is rounded: with it a no-op transfer of grey 200
 * comes back 1.4 levels bluer.
 */
export const LMS_TO_RGB: readonly number[] = invert3(RGB_TO_LMS);

/** The smallest LMS response: one 8-bit step. Below it the logarithm would amplify noise in black without bound. */
export const LMS_FLOOR = 1 / 255;

const S3 = 1 / Math.sqrt(3);
const S6 = 1 / Math.sqrt(6);
const S2 = 1 / Math.sqrt(2);

const [L0, L1, L2, M0, M1, M2, N0, N1, N2] = RGB_TO_LMS as Nine;

type Nine = readonly [number, number, number, number, number, number, number, number, number];

/** Writes l, α, β of a colour (0 … 1, may exceed 1) to `out[o]`, `out[o + 1]`, `out[o + 2]`. Exactly invertible above `LMS_FLOOR`. */
export function rgbToLab(r: number, g: number, b: number, out: Float32Array | Float64Array | number[], o = 0): void {
  const l = Math.log10(Math.max(LMS_FLOOR, L0 * r + L1 * g + L2 * b));
  const m = Math.log10(Math.max(LMS_FLOOR, M0 * r + M1 * g + M2 * b));
  const s = Math.log10(Math.max(LMS_FLOOR, N0 * r + N1 * g + N2 * b));
  out[o] = (l + m + s) * S3;
  out[o + 1] = (l + m - 2 * s) * S6;
  out[o + 2] = (l - m) * S2;
}

/** The colour of l, α, β: red, green and blue, 0 … 1, may lie beyond both. */
export function labToRgb(l: number, alpha: number, beta: number): readonly [number, number, number] {
  const long = 10 ** (l * S3 + alpha * S6 + beta * S2);
  const middle = 10 ** (l * S3 + alpha * S6 - beta * S2);
  const short = 10 ** (l * S3 - 2 * alpha * S6);
  const row = (k: number) => LMS_TO_RGB[k] * long + LMS_TO_RGB[k + 1] * middle + LMS_TO_RGB[k + 2] * short;
  return [row(0), row(3), row(6)];
}

/** Inverse of a 3 × 3 matrix in rows, by cofactors. */
function invert3(m: readonly number[]): readonly number[] {
  const [a, b, c, d, e, f, g, h, i] = m as Nine;
  const cofactors = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  const determinant = a * cofactors[0] + b * cofactors[3] + c * cofactors[6];
  return cofactors.map((x) => x / determinant);
}
