/** Taps of a Gaussian of standard deviation `sigma` frames, from the centre outwards, not normalised; just [1] for 0. */
export function gaussianTaps(sigma: number): Float64Array {
  const radius = filterRadius(sigma);
  return Float64Array.from({ length: radius + 1 }, (_, d) => (d === 0 ? 1 : Math.exp((-d * d) / (2 * sigma * sigma))));
}

/** Frames on either side that a Gaussian of standard deviation `sigma` frames spans. */
export function filterRadius(sigma: number): number {
  return Math.ceil(3 * sigma);
}

/**
 * Smooths each channel of `samples` in time with a symmetric Gaussian, so that nothing lags. At the ends it is the weighted mean
 * over the neighbours that exist.
 *
 * @param samples one vector a frame, all of the same length
 * @param sigma standard deviation, frames, one for all or one for each; 0 returns copies
 * @param weights confidence in each frame, ≥ 0; a frame of weight 0 is bridged by its neighbours
 */
export function smoothInTime(
  samples: readonly Float32Array[],
  sigma: number | readonly number[],
  weights?: readonly number[],
): Float32Array[] {
  const same = typeof sigma === 'number' ? gaussianTaps(sigma) : null;
  return samples.map((sample, k) => {
    const taps = same ?? gaussianTaps((sigma as readonly number[])[k] as number);
    const out = new Float32Array(sample.length);
    smoothAt(k, { length: samples.length, sampleAt: (j) => samples[j] as Float32Array, taps, weights }, out);
    return out;
  });
}

/** Vectors in time, and the filter over them. */
export interface TimeFilter {
  /** Number of frames. */
  readonly length: number;
  /** The vector of a frame, as far from `k` as the taps reach. It may be overwritten by the next call. */
  readonly sampleAt: (frame: number) => Float32Array;
  /** See `gaussianTaps`. */
  readonly taps: Float64Array;
  readonly weights: readonly number[] | undefined;
}

/** One frame of what `smoothInTime` gives, into `out`. */
export function smoothAt(k: number, { length, sampleAt, taps, weights }: TimeFilter, out: Float32Array): void {
  const from = Math.max(0, k - taps.length + 1);
  const to = Math.min(length, k + taps.length);
  let total = 0;
  for (let j = from; j < to; j++) total += (taps[Math.abs(j - k)] as number) * (weights?.[j] ?? 1);
  if (!(total > 0)) {
    out.set(sampleAt(k));
    return;
  }
  out.fill(0);
  for (let j = from; j < to; j++) {
    const weight = ((taps[Math.abs(j - k)] as number) * (weights?.[j] ?? 1)) / total;
    if (weight === 0) continue;
    const neighbour = sampleAt(j);
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + weight * (neighbour[i] as number);
  }
}
