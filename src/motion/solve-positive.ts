/** Least squared slope that an unknown must have of its own: below it nothing holds. */
const SINGULAR = 1e-6;

/**
 * Solves a symmetric positive definite system by Cholesky's method; null where it is singular.
 *
 * @param matrix n × n, row by row, of which the lower triangle is read
 */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array | null {
  const n = right.length;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[n * i + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[n * i + k] as number) * (lower[n * j + k] as number);
      if (i === j && !(sum > SINGULAR)) return null;
      lower[n * i + j] = i === j ? Math.sqrt(sum) : sum / (lower[n * j + j] as number);
    }
  }
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = right[i] as number;
    for (let k = 0; k < i; k++) sum -= (lower[n * i + k] as number) * (out[k] as number);
    out[i] = sum / (lower[n * i + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = out[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (lower[n * k + i] as number) * (out[k] as number);
    out[i] = sum / (lower[n * i + i] as number);
  }
  return out;
}
