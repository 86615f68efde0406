import type { Box } from '../../face/observation.ts';
import { alignSimilarity } from '../../motion/align-similarity.ts';
import { normaliseLocally } from '../../motion/local-normalise.ts';
import type { Luma } from '../../motion/luma.ts';
import { type Pyramid, type PyramidLevel, pyramidOf } from '../../motion/pyramid.ts';
import { compose3, IDENTITY3, inSpace, invert3, type Similarity3 } from '../../motion/similarity3.ts';
import { steepestOf } from '../../motion/steepest.ts';

/** Pyramid levels of the small picture, whole and half size. Shifts of up to four of its pixels are found. */
const LEVELS = 2;
/** Radius of the local mean over the small picture's width. */
const NORMALISE = 0.05;
/** Share of the pixels, the steepest, that are aligned. */
const STEEPEST = 0.15;
/**
 * Pixels around a face that may move with it: this many box widths to either side, this many box heights above, and all below.
 */
const ASIDE = 0.6;
const ABOVE = 0.5;
/**
 * Least share of the aligned pixels that agree on one motion. Greatest noise between the two pictures, over the pixels' own
 * contrast.
 */
const AGREEMENT = 0.5;
const MOST_NOISE = 0.6;

/** A small copy of a whole picture, prepared for alignment with the next. */
export interface BackgroundView {
  readonly pyramid: Pyramid;
  /** View pixels per picture pixel. */
  readonly scale: number;
}

/**
 * @param small luma of a whole picture, about 160 pixels wide; the alignment is good to some hundredths of such a pixel
 * @param width of the picture, pixels
 */
export function backgroundView(small: Luma, width: number): BackgroundView {
  return {
    pyramid: pyramidOf(normaliseLocally(small, NORMALISE * small.width), LEVELS),
    scale: small.width / width,
  };
}

/**
 * Motion of the film from one picture to the next, in picture pixels: gate weave and camera together, measured on the background.
 * Null where less than half of the background agrees on one motion.
 *
 * @param faces boxes in picture pixels; they and what is below them are left out, since people move on their own
 */
export function filmMotion(from: BackgroundView, to: BackgroundView, faces: readonly Box[]): Similarity3 | null {
  const coarsest = Math.min(from.pyramid.levels.length, to.pyramid.levels.length) - 1;
  let motion = IDENTITY3;
  let isSure = false;
  for (const k of coarsest > 0 ? [coarsest, 0] : [0]) {
    const [before, after] = [from.pyramid.levels[k] as PyramidLevel, to.pyramid.levels[k] as PyramidLevel];
    const finer = inSpace({ a: 2 ** k, b: 0, tx: 0, ty: 0 });
    const start = compose3(invert3(finer), compose3(motion, finer));
    const pixels = backgroundPixels(before, faces, from.scale / 2 ** k);
    const found = alignSimilarity(before, after, { pixels }, start);
    if (!found) return null;
    isSure = found.agreeing >= AGREEMENT && found.noise <= MOST_NOISE * contrastOf(before, pixels);
    motion = compose3(finer, compose3(found.motion, invert3(finer)));
  }
  if (!isSure) return null;
  const toView = inSpace({ a: from.scale, b: 0, tx: 0, ty: 0 });
  return compose3(invert3(toView), compose3(motion, toView));
}

/** Standard deviation of the pixels' values. */
function contrastOf({ samples }: PyramidLevel, pixels: Int32Array): number {
  let sum = 0;
  let squares = 0;
  for (const p of pixels) {
    const v = samples[p] as number;
    sum += v;
    squares += v * v;
  }
  return Math.sqrt(Math.max(0, squares / pixels.length - (sum / pixels.length) ** 2));
}

/** Indices of the background's steepest pixels, at least two pixels from the border. */
function backgroundPixels(level: PyramidLevel, faces: readonly Box[], scale: number): Int32Array {
  const { width, height } = level;
  const isFree = new Uint8Array(width * height);
  for (let y = 2; y < height - 2; y++) isFree.fill(1, y * width + 2, (y + 1) * width - 2);
  for (const [x, y, w, h] of faces) {
    const left = Math.max(0, Math.floor((x - ASIDE * w) * scale));
    const right = Math.min(width, Math.ceil((x + (1 + ASIDE) * w) * scale));
    if (right <= left) continue;
    for (let row = Math.max(0, Math.floor((y - ABOVE * h) * scale)); row < height; row++) {
      isFree.fill(0, row * width + left, row * width + right);
    }
  }
  const free = new Int32Array(width * height);
  let count = 0;
  for (let p = 0; p < isFree.length; p++) if (isFree[p] === 1) free[count++] = p;
  return steepestOf(level, free.subarray(0, count), STEEPEST);
}
