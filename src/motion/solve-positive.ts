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
      let sum = matrix[n * i + j];
      for (let k = 0; k < j; k++) sum -= lower[n * i + k] * lower[n * j + k];
      if (i === j && !(sum > SINGULAR)) return null;
      lower[n * i + j] = i === j ? Math.sqrt(sum) : sum / lower[n * j + j];
    }
  }
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= lower[n * i + k] * out[k];
    out[i] = sum / lower[n * i + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = out[i];
    for (let k = i + 1; k < n; k++) sum -= lower[n * k + i] * out[k];
    out[i] = sum / lower[n * i + i];
  }
  return out;
}
