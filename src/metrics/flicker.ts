import { type Shading, shadingFlicker, shadingOf } from './shading.ts';

/** Flicker of a face, measured in face space: 0 = all frames are equal. */
export interface Flicker {
  readonly frames: number;
  /** Temporal flicker index: deviation over time of the change of the face's mean luma, % of its mean. Sees exposure, not jitter. */
  readonly tfi: number;
  /** Second difference in time of each pixel, RMS, 8-bit levels; white noise of deviation σ reads σ. Sees grain and jitter. */
  readonly hf2: number;
  /** HF2-LP: shading that flickers, without the grain; see `shadingFlicker`. */
  readonly hf2LowPass: number;
  /** The same as `hf2` within 6 pixels of the mask's edge: a boundary that flickers. */
  readonly hf2Edge: number;
}

/** Width of the edge, pixels of the patch. */
const EDGE = 6;

/** Measures one face through one shot, a frame at a time; keeps three frames. */
export interface FlickerMeter {
  /** The next frame's luma in face space, `Float32Array` of size², 0 … 1. Its memory is copied. */
  push(luma: Float32Array): void;
  /** The figures so far. NaN before the third frame. */
  read(): Flicker;
}

/** A meter for patches of side `size`, over the pixels at which `mask` (size², the same in every frame) is above 0. */
export function flickerMeter(size: number, mask: ArrayLike<number>): FlickerMeter {
  const inside = Array.from({ length: size * size }, (_, i) => i).filter((i) => mask[i] > 0);
  const all = Int32Array.from(inside);
  const edge = Int32Array.from(inside.filter((i) => isNearOutside(mask, size, i)));
  const sharp: Float32Array[] = [];
  const shadings: Shading[] = [];
  const means: number[] = [];
  const sums = { hf2: 0, hf2LowPass: 0, hf2Edge: 0 };
  return {
    push(luma) {
      keepThree(sharp, luma.slice());
      keepThree(shadings, shadingOf(luma, mask, size));
      means.push(all.reduce((sum, i) => sum + luma[i], 0) / all.length);
      if (sharp.length < 3) return;
      sums.hf2 += secondDifference(sharp, all);
      sums.hf2LowPass += shadingFlicker(...lastThree(shadings)) ** 2;
      sums.hf2Edge += secondDifference(sharp, edge);
    },
    read() {
      const triples = means.length - 2;
      const level = (sum: number) => (triples > 0 ? 255 * Math.sqrt(sum / triples / 6) : Number.NaN);
      return {
        frames: means.length,
        tfi: flickerIndex(means),
        hf2: level(sums.hf2),
        hf2LowPass: triples > 0 ? Math.sqrt(sums.hf2LowPass / triples) : Number.NaN,
        hf2Edge: level(sums.hf2Edge),
      };
    },
  };
}

/**
 * Temporal flicker index: standard deviation of the frame-to-frame change of `means` (mean luma, one a frame), % of their mean.
 * NaN below two changes.
 *
 * @param frames whose means they are, rising; changes are those between frames in a row. Default: all are.
 */
export function flickerIndex(means: readonly number[], frames: readonly number[] = means.map((_, k) => k)): number {
  const changes = means.slice(1).flatMap((v, k) => {
    const isNext = frames[k + 1] - frames[k] === 1;
    return isNext ? [v - means[k]] : [];
  });
  if (changes.length < 2) return Number.NaN;
  const average = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const drift = average(changes);
  return (100 * Math.sqrt(average(changes.map((v) => (v - drift) ** 2)))) / average(means);
}

/** One figure of flicker against the source's own. */
export interface Against {
  readonly source: number;
  readonly output: number;
  /** Output less source. */
  readonly excess: number;
  /**
   * Output over source: above 1 the restoration adds flicker, far below 1 it removes the film's own motion (grain, breathing).
   */
  readonly ratio: number;
}

/** Output against source, two-sided: neither more nor much less is right, except where the source's own damage was repaired. */
export function compareFlicker(source: Flicker, output: Flicker): Record<keyof Omit<Flicker, 'frames'>, Against> {
  const against = (key: keyof Flicker): Against => {
    const [a, b] = [source[key], output[key]];
    return { source: a, output: b, excess: b - a, ratio: a === b ? 1 : b / a };
  };
  return {
    tfi: against('tfi'),
    hf2: against('hf2'),
    hf2LowPass: against('hf2LowPass'),
    hf2Edge: against('hf2Edge'),
  };
}

function keepThree<T>(frames: T[], next: T): void {
  frames.push(next);
  if (frames.length > 3) frames.shift();
}

function lastThree<T>([before, now, after]: readonly T[]): [T, T, T] {
  if (!before || !now || !after) throw new Error('Unreachable: a second difference needs three frames.');
  return [before, now, after];
}

/** Mean over `pixels` of the squared second difference of the last three frames. */
function secondDifference(frames: readonly Float32Array[], pixels: Int32Array): number {
  const [before, now, after] = lastThree(frames);
  let sum = 0;
  for (let n = 0; n < pixels.length; n++) {
    const i = pixels[n];
    const d = after[i] - 2 * now[i] + before[i];
    sum += d * d;
  }
  return sum / pixels.length;
}

/** True where a pixel outside the mask lies within `EDGE` pixels; the patch's own edge is not the mask's. */
function isNearOutside(mask: ArrayLike<number>, size: number, i: number): boolean {
  const x = i % size;
  const y = Math.floor(i / size);
  for (let v = Math.max(0, y - EDGE); v <= Math.min(size - 1, y + EDGE); v++) {
    for (let u = Math.max(0, x - EDGE); u <= Math.min(size - 1, x + EDGE); u++) {
      if (Math.hypot(u - x, v - y) <= EDGE && !(mask[v * size + u] > 0)) return true;
    }
  }
  return false;
}
