/**
 * Peak signal-to-noise ratio in dB, 10·log10(peak² / mean squared error); Infinity where nothing differs.
 *
 * With `mask` only samples at which it is above 0 count. It has one entry a sample, or one a pixel of planar pictures, which
 * then holds for each plane. NaN where it leaves nothing to compare.
 */
export function psnr(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: { readonly peak?: number; readonly mask?: ArrayLike<number> } = {},
): number {
  const { peak = 1, mask } = options;
  return 10 * Math.log10((peak * peak) / meanSquaredError(a, b, mask));
}

export function meanSquaredError(a: ArrayLike<number>, b: ArrayLike<number>, mask?: ArrayLike<number>): number {
  if (a.length !== b.length) throw new TypeError(`Pictures of ${a.length} and ${b.length} samples cannot be compared.`);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    if (mask && !(mask[i % mask.length] > 0)) continue;
    const d = a[i] - b[i];
    sum += d * d;
    count += 1;
  }
  return sum / count;
}
