/** Taps of a Gaussian of standard deviation `sigma` frames, from the centre outwards, not normalised; just [1] for 0. */
export function gaussianTaps(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  return Float64Array.from({ length: radius + 1 }, (_, d) => (d === 0 ? 1 : Math.exp((-d * d) / (2 * sigma * sigma))));
}

/**
 * Smooths each channel of `samples` in time with a Gaussian that looks both ways, so that nothing lags: the weighted mean over
 * the neighbours that exist.
 *
 * @param samples one vector a frame, all of the same length
 * @param sigma standard deviation, frames, one for all or one for each; 0 returns copies
 * @param weights how far to believe each frame, ≥ 0; a frame of weight 0 is bridged by its neighbours
 */
export function smoothInTime(
  samples: readonly Float32Array[],
  sigma: number | readonly number[],
  weights?: readonly number[],
): Float32Array[] {
  const same = typeof sigma === 'number' ? gaussianTaps(sigma) : null;
  return samples.map((sample, k) => {
    const taps = same ?? gaussianTaps((sigma as readonly number[])[k] as number);
    const sum = new Float64Array(sample.length);
    let total = 0;
    for (let j = Math.max(0, k - taps.length + 1); j < Math.min(samples.length, k + taps.length); j++) {
      const weight = (taps[Math.abs(j - k)] as number) * (weights?.[j] ?? 1);
      if (weight === 0) continue;
      total += weight;
      const neighbour = samples[j] as Float32Array;
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + weight * (neighbour[i] as number);
    }
    return total > 0 ? Float32Array.from(sum, (v) => v / total) : sample.slice();
  });
}
