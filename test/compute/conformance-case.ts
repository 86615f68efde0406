import type { Compute } from '../../src/compute/compute.ts';

/** How far a backend's values may lie from the truth. */
export interface Tolerance {
  readonly name: string;
  /** Most that a value may differ. */
  readonly most: number;
  /** Share of the values that may lie beyond it, 0 … 1. */
  readonly share: number;
  readonly reason: string;
}

export const EXACT: Tolerance = {
  name: 'exact',
  most: 0,
  share: 0,
  reason: 'Samples are copied or chosen, not computed.',
};
export const ROUNDING: Tolerance = {
  name: 'rounding',
  most: 2e-6,
  share: 0,
  reason: 'A device adds a few dozen float32 products of numbers up to 1 in an order of its own: an ulp is 6e-8.',
};
export const CHAINED: Tolerance = {
  name: 'chained rounding',
  most: 2e-5,
  share: 0,
  reason: 'Some filters and an exponential lie one behind another, each with its own rounding.',
};
export const ROOTED: Tolerance = {
  name: 'root',
  most: 1e-4,
  share: 0,
  reason: 'A root of a small difference of sums: their rounding counts many times.',
};
export const OVER_VARIANCE: Tolerance = {
  name: 'over a variance',
  most: 2e-4,
  share: 0,
  reason: 'What rounding leaves of a difference of means is divided by a variance, which is 3e-4 at least.',
};
export const THRESHOLD: Tolerance = {
  name: 'threshold',
  most: 2e-6,
  share: 1e-3,
  reason: 'A value at a threshold may fall to either side of it by rounding.',
};
export const FOUND: Tolerance = {
  name: 'found by search',
  most: 0.1,
  share: 0.01,
  reason: 'Search ends a tenth of a pixel from the truth, and one node in a hundred finds no texture to hold on to.',
};
export const MEASURED: Tolerance = {
  name: 'measured',
  most: 0.15,
  share: 0,
  reason: 'An estimate of a deviation, over the true one, from a few thousand samples.',
};
export const CODES: Tolerance = {
  name: 'codes',
  most: 0,
  share: 0.01,
  reason: 'Dither rounds up or down by an exact hash; what lies within rounding of it may fall to either side.',
};

/** One operation on one seeded input. */
export interface ConformanceCase {
  readonly operation: Exclude<keyof Compute, 'name' | symbol>;
  readonly input: string;
  readonly tolerance: Tolerance;
  /** What the backend makes of it. */
  readonly found: (compute: Compute) => Promise<ArrayLike<number>>;
  /** The truth: a plain reference in double precision, or what is known of the input. */
  readonly expected: () => ArrayLike<number>;
}
