import { clamp } from '../film/interpolate.ts';

/** Makes a median absolute deviation the standard deviation of Gaussian noise. */
export const MAD_TO_SIGMA = 1.4826;

/**
 * The value below which a share `q` (0 … 1) of the values lies: the element of rank ⌊q · length⌋. NaN without values.
 *
 * Reorders `values` (Hoare's selection, 1961): a median for a tenth of the price of sorting.
 */
export function quantile(values: Float32Array, q: number): number {
  if (values.length === 0) return Number.NaN;
  const rank = clamp(Math.floor(q * values.length), 0, values.length - 1);
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1];
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const swap = values[i];
        values[i] = values[j];
        values[j] = swap;
        i++;
        j--;
      }
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return values[rank];
}

/** The same of numbers that stay in their order. */
export function quantileOf(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[clamp(Math.floor(q * sorted.length), 0, sorted.length - 1)] ?? Number.NaN;
}

/** The middle one of the values in order; of an even number, the upper of the two. NaN without values. */
export function median(values: ArrayLike<number>): number {
  return quantileOf(values, 0.5);
}
