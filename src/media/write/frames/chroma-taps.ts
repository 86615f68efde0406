/**
 * How the samples of a plane that is coarser than the picture become a line of pixels, and come back.
 *
 * Each pixel lies on the parabola of the sample that is nearest to it, and half way between two on the mean of theirs; so between
 * samples that lie on pixels the line is the cubic of Catmull and Rom (1974). A sample is read back at its own place: linearly
 * between the two pixels beside it. Parabolas are laid so that this gives the sample itself: but for rounding and clipping, chroma
 * that was spread comes back as it was.
 */
export interface ChromaTaps {
  readonly length: number;
  /** Four samples a pixel, and what each counts; those beyond an end are the last. */
  readonly samples: Int32Array;
  readonly weights: Float64Array;
  /** Two pixels a sample, and what each counts. */
  readonly pixels: Int32Array;
  readonly shares: Float64Array;
}

/** How the samples of a line lie on its pixels. */
export interface ChromaLine {
  /** Pixels, and samples. */
  readonly length: number;
  readonly count: number;
  /** Pixels from a sample to the next. */
  readonly step: number;
  /** Where the first sample lies: pixels from the centre of the first. */
  readonly site: number;
}

export function chromaTaps({ length, count, step, site }: ChromaLine): ChromaTaps {
  const pixels = new Int32Array(2 * count);
  const shares = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    const place = Math.min(Math.max(site + k * step, 0), length - 1);
    const left = Math.min(Math.floor(place), length - 1);
    pixels.set([left, Math.min(left + 1, length - 1)], 2 * k);
    shares.set([1 - (place - left), place - left], 2 * k);
  }
  /** How far a pixel lies from a sample, as a share of the way to the next. */
  const from = (sample: number, pixel: number) => (pixel - site) / step - sample;
  /** What a parabola is shifted by so that its sample comes back: the mean of x, and that of x². */
  const meansOf = (sample: number): readonly [number, number] => {
    if (sample < 0 || sample >= count) return [0, 0];
    const [a, b] = [2 * sample, 2 * sample + 1].map((i) => from(sample, pixels[i] as number)) as [number, number];
    const [p, q] = [shares[2 * sample] as number, shares[2 * sample + 1] as number];
    return [p * a + q * b, p * a * a + q * b * b];
  };
  const samples = new Int32Array(4 * length);
  const weights = new Float64Array(4 * length);
  for (let pixel = 0; pixel < length; pixel++) {
    const place = from(0, pixel);
    const below = Math.floor(place);
    // The last sample may lie beyond the picture: the last pixel is then its own.
    const isLast = pixel === length - 1 && site + (count - 1) * step > pixel;
    const nearest = isLast ? [count - 1] : place - below === 0.5 ? [below, below + 1] : [Math.round(place)];
    const first = (nearest[0] as number) - 1;
    for (let i = 0; i < 4; i++) samples[4 * pixel + i] = Math.min(Math.max(first + i, 0), count - 1);
    for (const sample of nearest) {
      const [mean, meanSquare] = meansOf(sample);
      const x = from(sample, pixel) - mean;
      const square = from(sample, pixel) ** 2 - meanSquare;
      const at = 4 * pixel + (sample - 1 - first);
      const parabola = [(square - x) / 2, 1 - square, (square + x) / 2];
      parabola.forEach((weight, i) => {
        weights[at + i] = (weights[at + i] as number) + weight / nearest.length;
      });
    }
  }
  return { length, samples, weights, pixels, shares };
}

/** The taps of a frame's rows whose two fields were sampled apart: samples and rows take turns, those of the top field first. */
export function wovenTaps({ length, count, step, site }: ChromaLine): ChromaTaps {
  const woven = {
    length,
    samples: new Int32Array(4 * length),
    weights: new Float64Array(4 * length),
    pixels: new Int32Array(2 * count),
    shares: new Float64Array(2 * count),
  };
  for (const parity of [0, 1]) {
    const half = (whole: number) => (whole + 1 - parity) >> 1;
    // Half way between rows of the frame is a quarter of the way between rows of the top field, and three quarters in the other.
    const inField = site === 0.5 ? 0.25 + 0.5 * parity : site;
    const taps = chromaTaps({ length: half(length), count: half(count), step, site: inField });
    const weave = (one: number) => 2 * one + parity;
    for (let row = 0; row < taps.length; row++) {
      woven.samples.set(taps.samples.subarray(4 * row, 4 * row + 4).map(weave), 4 * weave(row));
      woven.weights.set(taps.weights.subarray(4 * row, 4 * row + 4), 4 * weave(row));
    }
    for (let k = 0; k < taps.pixels.length / 2; k++) {
      woven.pixels.set(taps.pixels.subarray(2 * k, 2 * k + 2).map(weave), 2 * weave(k));
      woven.shares.set(taps.shares.subarray(2 * k, 2 * k + 2), 2 * weave(k));
    }
  }
  return woven;
}
