import { gaussianBlur } from './gaussian.ts';
import { type Luma, shrinkLuma } from './luma.ts';

/** A picture reduced to its coarse arrangement: see `thumbnailOf`. */
export type Thumbnail = Luma;

/** Width of a thumbnail. Grain, dust and lips are gone at this size; the arrangement of a scene is not. */
const WIDTH = 40;
const SOFTEN = 0.7;

export function thumbnailOf(luma: Luma): Thumbnail {
  const height = Math.max(8, Math.round((luma.height * WIDTH) / luma.width));
  return gaussianBlur(shrinkLuma(luma, WIDTH, height), SOFTEN);
}

/** How far a camera may have moved between two frames, as a share of the picture's width and height. */
const REACH_X = 0.125;
const REACH_Y = 0.1;
/** Contrast below this (standard deviation, six 8-bit levels) is not stretched: two black frames are alike, whatever their noise. */
const LEAST_CONTRAST = 6 / 255;

/**
 * How different two pictures are: 0 = the same but for exposure, contrast, a shift and noise; about 1 = nothing in common.
 *
 * Half the mean square difference after each is brought to mean 0 and deviation 1, which is 1 − the normalised correlation, least
 * over shifts by an eighth of the width and a tenth of the height: a flash that does not clip, breathing, gate weave and a pan
 * cost nothing.
 */
export function differenceOf(a: Thumbnail, b: Thumbnail): number {
  return bestShift(a, b).difference;
}

/** Blocks along a thumbnail's width that are compared. */
const BLOCKS = 8;

/**
 * The share of the picture that changed, 0 … 1: of its blocks, those that differ by `least` or more (as `differenceOf` counts, at
 * its best shift). A cut changes most of a picture; a hand before the lens or a door that opens changes a part.
 */
export function changedShare(a: Thumbnail, b: Thumbnail, least: number): number {
  const { dx, dy } = bestShift(a, b);
  const part = overlapAt(a, b, dx, dy);
  const side = Math.max(1, Math.round(a.width / BLOCKS));
  const columns = Math.max(1, Math.round((part.right - part.left) / side));
  const rows = Math.max(1, Math.round((part.bottom - part.top) / side));
  const squares = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  for (let y = part.top; y < part.bottom; y++) {
    const row = Math.floor(((y - part.top) * rows) / (part.bottom - part.top)) * columns;
    for (let x = part.left; x < part.right; x++) {
      const block = row + Math.floor(((x - part.left) * columns) / (part.right - part.left));
      const u = (a.samples[y * a.width + x] - part.meanA) / part.deviationA;
      const v = (b.samples[(y - dy) * b.width + x - dx] - part.meanB) / part.deviationB;
      squares[block] = squares[block] + (u - v) ** 2;
      counts[block] = counts[block] + 1;
    }
  }
  const changed = squares.filter((sum, k) => sum / (2 * counts[k]) >= least);
  return changed.length / squares.length;
}

/**
 * Side of the blocks that may have moved, pixels of a thumbnail, and how far, as a share of its width and height; never farther
 * down than across, since in a tall picture a block of anything is found somewhere.
 */
const MOVING_SIDE = 5;
const MOVED_X = 0.2;
const MOVED_Y = 0.27;

/**
 * How much of a change is no motion, 0 … 1: what remains of it where each changed block of either picture may come from elsewhere
 * nearby in the other. In the scenes that chose the limit a head that jumps before a plain background leaves 0.11 and less, another
 * head in its place 0.16 and more; a background that is less plain counts as replaced where it is uncovered.
 *
 * @param least as in `changedShare`
 */
export function replacedShare(a: Thumbnail, b: Thumbnail, least: number): number {
  const { dx, dy } = bestShift(a, b);
  return Math.max(unmoved(a, b, [dx, dy], least), unmoved(b, a, [-dx, -dy], least));
}

/** What remains of the change of `to`'s blocks, each laid where it fits best on `from`; `to` is shifted by whole pixels. */
function unmoved(from: Thumbnail, to: Thumbnail, [dx, dy]: readonly [number, number], least: number): number {
  const part = overlapAt(from, to, dx, dy);
  const { width, height } = to;
  const reachX = Math.round(width * MOVED_X);
  const reachY = Math.min(reachX, Math.round(height * MOVED_Y));
  const pixels = MOVING_SIDE * MOVING_SIDE;
  let changed = 0;
  let remaining = 0;
  for (let top = 0; top + MOVING_SIDE <= height; top += MOVING_SIDE) {
    for (let left = 0; left + MOVING_SIDE <= width; left += MOVING_SIDE) {
      const differenceAt = (moveX: number, moveY: number): number => {
        const [x0, y0] = [left + dx + moveX, top + dy + moveY];
        if (x0 < 0 || y0 < 0 || x0 + MOVING_SIDE > width || y0 + MOVING_SIDE > height) return Infinity;
        let sum = 0;
        for (let y = 0; y < MOVING_SIDE; y++) {
          for (let x = 0; x < MOVING_SIDE; x++) {
            const u = (from.samples[(y0 + y) * width + x0 + x] - part.meanA) / part.deviationA;
            const v = (to.samples[(top + y) * width + left + x] - part.meanB) / part.deviationB;
            sum += (u - v) ** 2;
          }
        }
        return sum;
      };
      const unshifted = differenceAt(0, 0);
      if (unshifted === Infinity || unshifted / (2 * pixels) < least) continue;
      let best = unshifted;
      for (let moveY = -reachY; moveY <= reachY; moveY++) {
        for (let moveX = -reachX; moveX <= reachX; moveX++) best = Math.min(best, differenceAt(moveX, moveY));
      }
      changed += unshifted;
      remaining += best;
    }
  }
  return changed > 0 ? remaining / changed : 0;
}

function bestShift(a: Thumbnail, b: Thumbnail): { dx: number; dy: number; difference: number } {
  const reachX = Math.round(a.width * REACH_X);
  const reachY = Math.round(a.height * REACH_Y);
  let best = { dx: 0, dy: 0, difference: Infinity };
  for (let dy = -reachY; dy <= reachY; dy++) {
    for (let dx = -reachX; dx <= reachX; dx++) {
      const { difference } = overlapAt(a, b, dx, dy);
      if (difference < best.difference) best = { dx, dy, difference };
    }
  }
  return best;
}

/** Where two thumbnails overlap when `b` is shifted by whole pixels, what each is there, and how different they are. */
function overlapAt(a: Thumbnail, b: Thumbnail, dx: number, dy: number) {
  const left = Math.max(0, dx);
  const right = Math.min(a.width, a.width + dx);
  const top = Math.max(0, dy);
  const bottom = Math.min(a.height, a.height + dy);
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left, p = y * a.width + left, q = (y - dy) * a.width + left - dx; x < right; x++, p++, q++) {
      const u = a.samples[p];
      const v = b.samples[q];
      sumA += u;
      sumB += v;
      squaresA += u * u;
      squaresB += v * v;
      products += u * v;
    }
  }
  const count = (right - left) * (bottom - top);
  const varianceA = Math.max(0, squaresA / count - (sumA / count) ** 2);
  const varianceB = Math.max(0, squaresB / count - (sumB / count) ** 2);
  const covariance = products / count - (sumA * sumB) / (count * count);
  const a1 = Math.max(LEAST_CONTRAST, Math.sqrt(varianceA));
  const b1 = Math.max(LEAST_CONTRAST, Math.sqrt(varianceB));
  const difference = Math.max(0, (varianceA / (a1 * a1) + varianceB / (b1 * b1) - (2 * covariance) / (a1 * b1)) / 2);
  return {
    left,
    right,
    top,
    bottom,
    difference,
    meanA: sumA / count,
    meanB: sumB / count,
    deviationA: a1,
    deviationB: b1,
  };
}
