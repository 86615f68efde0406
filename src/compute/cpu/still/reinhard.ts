import { LMS_FLOOR, LMS_TO_RGB, RGB_TO_LMS, rgbToLab } from '../../../face/lalphabeta.ts';
import type { ColourTransferOptions } from '../../lights.ts';
import { channelsOf } from '../filter/planar.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { fastLog10, fastPow10 } from '../plate/fast-log.ts';

/** A deviation up to this is none. */
export const NO_CONTRAST = 1e-6;

/** Mean and standard deviation in lαβ: l, α, β, σl, σα, σβ, as `Light.colour` has them. */
export type ColourStatistics = readonly number[];

/** See `LightOperations.transferColour`. */
export interface ColourTransfer extends ColourTransferOptions {
  readonly from: ColourStatistics;
}

const SPREAD = 1 / Math.sqrt(2);
/** Rows turn log10 LMS into lαβ (Reinhard, Ashikhmin, Gooch and Shirley 2001, eq. 6); orthonormal, so its transpose turns back. */
export const TO_LAB: readonly number[] = [
  ...[1, 1, 1].map((v) => v / Math.sqrt(3)),
  ...[1, 1, -2].map((v) => v / Math.sqrt(6)),
  ...[SPREAD, -SPREAD, 0],
];

/**
 * Statistics of planar RGB (0 … 1) where `mask` (one a pixel, weights from 0) is above 0: skin, without highlights and what
 * occludes it. Null where the mask holds nothing.
 */
export function colourStatistics(rgb: Float32Array, mask: Float32Array): ColourStatistics | null {
  const [red, green, blue] = channelsOf(rgb);
  const lab = [0, 0, 0];
  const sum = [0, 0, 0];
  const squares = [0, 0, 0];
  let weight = 0;
  for (let i = 0; i < mask.length; i++) {
    const w = mask[i];
    if (!(w > 0)) continue;
    rgbToLab(red[i], green[i], blue[i], lab);
    weight += w;
    for (let k = 0; k < 3; k++) {
      const v = lab[k];
      sum[k] = sum[k] + w * v;
      squares[k] = squares[k] + w * v * v;
    }
  }
  if (weight === 0) return null;
  const means = sum.map((v) => v / weight);
  return [...means, ...squares.map((v, k) => Math.sqrt(Math.max(0, v / weight - means[k] ** 2)))];
}

/**
 * Planar RGB whose lαβ mean and deviation `from` become `to` (Reinhard 2001, eq. 10–11), lent by the pool. With `where` (one a
 * pixel) only pixels above 0 are changed.
 */
export function transferColour(
  rgb: Float32Array,
  transfer: ColourTransfer,
  where: Float32Array | null,
  pool: FloatPool = FRESH,
): Float32Array {
  const { matrix, offset } = inLogLms(transfer);
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = matrix as Nine;
  const [o0, o1, o2] = offset as Three;
  const [a0, a1, a2, a3, a4, a5, a6, a7, a8] = RGB_TO_LMS as Nine;
  const [b0, b1, b2, b3, b4, b5, b6, b7, b8] = LMS_TO_RGB as Nine;
  const out = pool.lend(rgb.length);
  out.set(rgb);
  const [red, green, blue] = channelsOf(out);
  for (let i = 0; i < red.length; i++) {
    if (where && !(where[i] > 0)) continue;
    const r = red[i];
    const g = green[i];
    const b = blue[i];
    const l = fastLog10(Math.max(LMS_FLOOR, a0 * r + a1 * g + a2 * b));
    const m = fastLog10(Math.max(LMS_FLOOR, a3 * r + a4 * g + a5 * b));
    const s = fastLog10(Math.max(LMS_FLOOR, a6 * r + a7 * g + a8 * b));
    const long = fastPow10(m0 * l + m1 * m + m2 * s + o0);
    const medium = fastPow10(m3 * l + m4 * m + m5 * s + o1);
    const short = fastPow10(m6 * l + m7 * m + m8 * s + o2);
    red[i] = b0 * long + b1 * medium + b2 * short;
    green[i] = b3 * long + b4 * medium + b5 * short;
    blue[i] = b6 * long + b7 * medium + b8 * short;
  }
  return out;
}

type Three = readonly [number, number, number];
type Nine = readonly [number, number, number, number, number, number, number, number, number];

/** The transfer as one affine map of log10 LMS: three logarithms and three powers are all that a pixel costs. */
function inLogLms({ from, to, leastRatio, greatestRatio }: ColourTransfer): {
  matrix: readonly number[];
  offset: readonly number[];
} {
  const ratios = [0, 1, 2].map((k) => {
    const [source, target] = [from[3 + k], to[3 + k]];
    // A source without contrast keeps it: there is nothing to stretch.
    return source > NO_CONTRAST ? Math.min(greatestRatio, Math.max(leastRatio, target / source)) : 1;
  });
  const shifts = ratios.map((ratio, k) => to[k] - ratio * from[k]);
  const at = (row: number, column: number) => TO_LAB[3 * row + column];
  const matrix = Array.from({ length: 9 }, (_, n) => {
    const [row, column] = [Math.floor(n / 3), n % 3];
    return ratios.reduce((sum, ratio, k) => sum + at(k, row) * ratio * at(k, column), 0);
  });
  const offset = [0, 1, 2].map((row) => shifts.reduce((sum, shift, k) => sum + at(k, row) * shift, 0));
  return { matrix, offset };
}
