import { normaliseLocally } from '../../motion/local-normalise.ts';
import type { Luma } from '../../motion/luma.ts';
import { noiseSigma } from '../../motion/noise.ts';
import { halve, type Pyramid, pyramidOf } from '../../motion/pyramid.ts';
import type { FlowPictureOptions } from '../flows.ts';

/** Levels that are searched: what `start` leaves is a few pixels. */
const LEVELS = 3;
/** Gaussian grain of 0.8 pixels reads at seven tenths with taps two pixels apart. */
const GRAIN_READ = 0.7;
/** Least noise, in units of the local mean. */
const LEAST_NOISE = 0.004;

/** A patch as dense flow looks at it. */
export interface FlowPyramid {
  readonly pyramid: Pyramid;
  /** Patch pixels a pixel of level 0. */
  readonly scale: number;
  /** Standard deviation of the noise at level 0, in units of the local mean. */
  readonly noise: number;
}

/** Prepares a patch's luma (`Float32Array` of size²) for dense flow. */
export function flowPyramid(luma: Float32Array, size: number, { scale, radius }: FlowPictureOptions): FlowPyramid {
  let picture: Luma = { width: size, height: size, samples: luma };
  for (let s = 1; s < scale; s *= 2) picture = halve(picture);
  const level = normaliseLocally(picture, radius);
  return {
    pyramid: pyramidOf(level, LEVELS),
    scale,
    noise: Math.max(LEAST_NOISE, noiseSigma(middleOf(level), 2) / GRAIN_READ),
  };
}

/** The middle half: the face without what is around it. */
function middleOf({ width, height, samples }: Luma): Luma {
  const w = width >> 1;
  const h = height >> 1;
  const left = width >> 2;
  const top = height >> 2;
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const row = (top + y) * width + left;
    out.set(samples.subarray(row, row + w), y * w);
  }
  return { width: w, height: h, samples: out };
}
