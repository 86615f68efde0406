import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { normaliseLocally } from '../../motion/local-normalise.ts';
import type { Luma } from '../../motion/luma.ts';
import { noiseSigma } from '../../motion/noise.ts';
import { halve, type Pyramid, pyramidOf } from '../../motion/pyramid.ts';
import { lumaOfPlanar } from './planar.ts';

/** Levels that are searched: what the mesh leaves is a few pixels. */
const LEVELS = 3;
/** Inter-ocular distance, pixels, above which motion is looked for at half the size: finer it follows the grain, and costs four times as much. */
const FINE_ENOUGH = 60;
/** Radius of the local mean, inter-ocular distances. */
const MEAN_RADIUS = 0.25;
/** Gaussian grain of 0.8 pixels reads at seven tenths with taps two pixels apart. */
const GRAIN_READ = 0.7;

/** A patch as dense flow looks at it: its luma over its local mean, so that light does not count. */
export interface FlowPicture {
  readonly pyramid: Pyramid;
  /** Patch pixels a pixel of level 0. */
  readonly scale: number;
  /** Standard deviation of the noise at level 0, in units of the local mean. */
  readonly noise: number;
}

/** Prepares a patch's luma (`Float32Array` of size²) for dense flow, at half the size or less where it is larger than needed; `largest` = 1: at its own. */
export function flowPicture(luma: Float32Array, size: number, largest = Infinity): FlowPicture {
  let picture: Luma = { width: size, height: size, samples: luma };
  let scale = 1;
  while (size * PATCH_INTER_OCULAR > FINE_ENOUGH * scale && scale < largest) {
    picture = halve(picture);
    scale *= 2;
  }
  const level = normaliseLocally(picture, (MEAN_RADIUS * PATCH_INTER_OCULAR * size) / scale);
  return {
    pyramid: pyramidOf(level, LEVELS),
    scale,
    noise: Math.max(0.004, noiseSigma(middleOf(level), 2) / GRAIN_READ),
  };
}

/** The same of planar RGB. */
export function flowPictureOf(rgb: Float32Array, size: number): FlowPicture {
  return flowPicture(lumaOfPlanar(rgb), size);
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
