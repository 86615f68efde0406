import { gaussianBlur } from '../../src/motion/gaussian.ts';
import type { Luma } from '../../src/motion/luma.ts';

/** The grain of a clip, read where a face is flat. */
export interface GrainFigures {
  /** Standard deviation, 8-bit levels. */
  readonly deviation: number;
  /** The same in three octaves, finest first: finer than a Gaussian of 1 pixel, between 1 and 2, between 2 and 4. */
  readonly octaves: readonly [number, number, number];
  /** Correlation with the next frame at the same place of the face: grain has none, grain that was frozen or pasted has. */
  readonly lag1: number;
}

export interface GrainMeter {
  /**
   * The next frame's difference to its ceiling, the truth blurred as the plate, 0 … 1; what the blur took from the truth; and where to
   * read (one entry a pixel, above 0 = read). As much of what the blur took as is found in the difference is restored detail, no grain.
   * `onFace` takes a picture to the face's patch, in which the face stands still; pixels that are not to be read come out as NaN.
   */
  push(difference: Luma, lost: Luma, flat: Uint8Array, onFace: (picture: Luma) => Float32Array): void;
  read(): GrainFigures;
}

/** Below the lowest octave it is light and shade, not grain. */
const COARSEST = 4;

export function grainMeter(): GrainMeter {
  const squares = [0, 0, 0, 0];
  let pixels = 0;
  let previous: Float32Array | undefined;
  const lag = { both: 0, first: 0, second: 0 };
  return {
    push(difference, lost, flat, onFace) {
      const without = { ...difference, samples: withoutDetail(difference, lost, flat) };
      const levels = [0, 1, 2, COARSEST].map((sigma) => gaussianBlur(without, sigma).samples) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const grain = levels[0].map((v, i) => v - (levels[3][i] as number));
      for (let i = 0; i < flat.length; i++) {
        if (flat[i] === 0) continue;
        pixels += 1;
        squares[3] = (squares[3] as number) + (grain[i] as number) ** 2;
        for (let k = 0; k < 3; k++) {
          const band = (levels[k]?.[i] as number) - (levels[k + 1]?.[i] as number);
          squares[k] = (squares[k] as number) + band * band;
        }
      }
      const now = onFace({ ...difference, samples: grain });
      for (let i = 0; previous && i < now.length; i++) {
        const [a, b] = [previous[i] as number, now[i] as number];
        if (Number.isNaN(a) || Number.isNaN(b)) continue;
        lag.both += a * b;
        lag.first += a * a;
        lag.second += b * b;
      }
      previous = now;
    },
    read() {
      const level = (sum: number | undefined) => 255 * Math.sqrt((sum as number) / pixels);
      return {
        deviation: level(squares[3]),
        octaves: [level(squares[0]), level(squares[1]), level(squares[2])],
        lag1: lag.both / Math.sqrt(lag.first * lag.second),
      };
    },
  };
}

/** The difference less its projection on what the blur took, both without light and shade. */
function withoutDetail(difference: Luma, lost: Luma, flat: Uint8Array): Float32Array {
  const fine = (picture: Luma) => {
    const coarse = gaussianBlur(picture, COARSEST).samples;
    return picture.samples.map((v, i) => v - (coarse[i] as number));
  };
  const [all, detail] = [fine(difference), fine(lost)];
  let both = 0;
  let own = 0;
  for (let i = 0; i < flat.length; i++) {
    if (flat[i] === 0) continue;
    both += (all[i] as number) * (detail[i] as number);
    own += (detail[i] as number) ** 2;
  }
  const share = own > 0 ? both / own : 0;
  return difference.samples.map((v, i) => v - share * (lost.samples[i] as number));
}

/** Largest difference of two spectra over the octaves, dB. */
export function octaveDifference(a: GrainFigures, b: GrainFigures): number {
  return Math.max(...a.octaves.map((v, k) => Math.abs(20 * Math.log10(v / (b.octaves[k] as number)))));
}
