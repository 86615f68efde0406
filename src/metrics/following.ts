import { median } from '../motion/quantile.ts';
/**
 * How closely a signal follows a reference: the opening of a mouth or lid, or a face's mean luma, against the plate's or the
 * truth's.
 */
export interface Following {
  /**
   * Share of the reference's amplitude that is kept: the slope of the signal on the reference by least squares. 1 = all, 0 = frozen,
   * negative = against it. Noise does not raise it. NaN where the reference does not move.
   */
  readonly kept: number;
  /** Pearson's correlation, −1 … 1. NaN where either does not move. */
  readonly correlation: number;
}

/** Compares two signals of one value a frame. */
export function following(signal: readonly number[], reference: readonly number[]): Following {
  if (signal.length !== reference.length) {
    throw new TypeError(`A signal of ${signal.length} frames cannot be compared with one of ${reference.length}.`);
  }
  const meanS = mean(signal);
  const meanR = mean(reference);
  let both = 0;
  let own = 0;
  let other = 0;
  for (let t = 0; t < signal.length; t++) {
    const s = signal[t] - meanS;
    const r = reference[t] - meanR;
    both += s * r;
    own += s * s;
    other += r * r;
  }
  return { kept: both / other, correlation: both / Math.sqrt(own * other) };
}

/**
 * Shares of the reference's dips that the signal keeps: for each run of frames in which the reference falls below `1 − depth` of its
 * median (a blink: depth 0.2), the signal's deepest fall under its own median over the reference's. 1 = as deep; empty where
 * there is no dip.
 */
export function dipsKept(signal: readonly number[], reference: readonly number[], depth = 0.2): number[] {
  const openS = median(signal);
  const openR = median(reference);
  const shares: number[] = [];
  for (let t = 0; t < reference.length; t++) {
    if (!isDip(reference[t])) continue;
    let deepestS = Infinity;
    let deepestR = Infinity;
    for (; t < reference.length && isDip(reference[t]); t++) {
      deepestS = Math.min(deepestS, signal[t]);
      deepestR = Math.min(deepestR, reference[t]);
    }
    shares.push((1 - deepestS / openS) / (1 - deepestR / openR));
  }
  return shares;

  function isDip(value: number | undefined): boolean {
    return value !== undefined && value < (1 - depth) * openR;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
