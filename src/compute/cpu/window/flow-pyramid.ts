import type { Luma } from '../../../motion/luma.ts';
import { noiseSigma } from '../../../motion/noise.ts';
import { halve, type Pyramid, pyramidOf } from '../../../motion/pyramid.ts';
import type { FlowPictureOptions } from '../../flows.ts';
import { boxMeans } from '../filter/box-blur.ts';
import type { FloatPool } from '../float-pool.ts';

/** Levels that are searched: what `start` leaves is a few pixels. */
const LEVELS = 3;
/** Gaussian grain of 0.8 pixels reads at seven tenths with taps two pixels apart. */
const GRAIN_READ = 0.7;
/** Least noise, in units of the local mean. */
const LEAST_NOISE = 0.004;
/** Added to the local mean, so that black does not become noise: a display level of 5. */
const FLOOR = 5 / 255;

/** What `flowPyramid` goes by, for its twin. */
export const FLOW_PICTURE = { LEVELS, GRAIN_READ, LEAST_NOISE, FLOOR } as const;

/** A patch as dense flow looks at it. */
export interface FlowPyramid {
  readonly pyramid: Pyramid;
  /** Patch pixels a pixel of level 0. */
  readonly scale: number;
  /** Standard deviation of the noise at level 0, in units of the local mean. */
  readonly noise: number;
}

/** Prepares a patch's luma (`Float32Array` of size²) for dense flow. */
export function flowPyramid(
  luma: Float32Array,
  size: number,
  { scale, radius }: FlowPictureOptions,
  pool: FloatPool,
): FlowPyramid {
  let picture: Luma = { width: size, height: size, samples: luma };
  for (let s = 1; s < scale; s *= 2) picture = halve(picture);
  const level = overLocalMean(picture, radius, pool);
  return {
    pyramid: pyramidOf(level, LEVELS),
    scale,
    noise: Math.max(LEAST_NOISE, noiseSigma(middleOf(level), 2) / GRAIN_READ),
  };
}

/** A square picture over its own local mean, a box passed twice: about 1, and a flicker of the exposure is gone. */
function overLocalMean({ width, height, samples }: Luma, radius: number, pool: FloatPool): Luma {
  const plane = pool.copied(samples);
  const means = boxMeans(plane, width, { radius: Math.max(1, Math.round(radius)), passes: 2 }, pool);
  const out = new Float32Array(samples.length);
  for (let i = 0; i < out.length; i++) out[i] = (samples[i] + FLOOR) / (means[i] + FLOOR);
  pool.giveBack(plane, means);
  return { width, height, samples: out };
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
