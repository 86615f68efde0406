import { maskBounds } from '../../../face/mask-bounds.ts';
import { applyX, applyY, invert, type Similarity, scaleOf } from '../../../face/similarity.ts';
import type { Roi } from '../../../film/roi.ts';
import type { PatchPlace } from '../../plates.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { MAX_STRETCH, TAPS_SCRATCH } from '../loops/cubic.ts';
import { type AffinePositions, placesOf, positions } from './affine-positions.ts';

/** The samples of `RestoredImages`, of the patch's side: planar RGB, and one plane of matte. */
export interface RestoredSamples {
  readonly original: Float32Array;
  readonly rgb: Float32Array;
  readonly matte: Float32Array;
}

/** What a restoration changes, on the plate: per pixel of a region of `width` × `height`. */
export interface DisplayDelta {
  readonly width: number;
  readonly height: number;
  /** 65535 = restored. Where it is 0 the differences are 0 too. */
  readonly matte: Uint16Array;
  /** Red, green and blue, one plane after another, display-referred, already weighted by the matte; lent by the pool. */
  readonly rgb: Float32Array;
  /** The part of the region (in its own pixels) that holds every matte above 0. */
  readonly touched: Roi;
}

/**
 * Carries `(restored − original) · matte` from the patch to the pixels of `roi`.
 *
 * The product is sampled, not its factors, so that what a restorer leaves outside its matte cannot reach in through the filter.
 * Where patch pixels are finer than plate pixels the filter widens, and detail that the plate cannot hold does not fold back.
 */
export function placeDelta(
  roi: Roi,
  { size, toPatch }: Pick<PatchPlace, 'size' | 'toPatch'>,
  restored: RestoredSamples,
  pool: FloatPool = FRESH,
): DisplayDelta {
  const planes = weightedDifference(restored, pool);
  const delta = placePlanes(roi, { size, toPatch }, { planes, matte: restored.matte }, pool);
  pool.giveBack(planes);
  return delta;
}

/** Carries three planes of a patch to the pixels of `roi` where the matte is above 0: sampled as they are, not weighted by it. */
export function placePlanes(
  roi: Roi,
  { size, toPatch }: Pick<PatchPlace, 'size' | 'toPatch'>,
  patch: { readonly planes: Float32Array; readonly matte: Float32Array },
  pool: FloatPool = FRESH,
): DisplayDelta {
  const { planes } = patch;
  const { width, height } = roi;
  const count = width * height;
  const matte = new Uint16Array(count);
  const rgb = pool.zeroed(3 * count);
  const none = { width, height, matte, rgb, touched: { x: 0, y: 0, width: 0, height: 0 } };
  const inPatch = maskBounds(patch.matte, size);
  if (!inPatch) return none;
  const { x, y, width: across, height: down } = underPatch(inPatch, roi, toPatch);
  const places = placesOf(deltaPositions(roi, toPatch), pool);
  const scratch = pool.lend(TAPS_SCRATCH);
  const mattes = pool.zeroed(count);
  const stretch = deltaStretch(toPatch);
  const right = x + across;
  const bottom = y + down;
  pool.loops.deltaByColumns(
    planes,
    patch.matte,
    size,
    places,
    width,
    height,
    x,
    y,
    right,
    bottom,
    stretch,
    scratch,
    rgb,
    mattes,
  );
  matte.set(mattes);
  pool.giveBack(places, scratch, mattes);
  const touched = touchedPart(matte, width, { x, y, width: across, height: down });
  return touched ? { width, height, matte, rgb, touched } : none;
}

/** The part of a rectangle that holds every matte above 0; null where none is. */
function touchedPart(matte: Uint16Array, across: number, { x, y, width, height }: Roi): Roi | null {
  let [left, top, right, bottom] = [x + width, y + height, 0, 0];
  for (let row = y; row < y + height; row++) {
    for (let column = x, i = row * across + x; column < x + width; column++, i++) {
      if (matte[i] === 0) continue;
      if (column < left) left = column;
      if (column >= right) right = column + 1;
      if (row < top) top = row;
      bottom = row + 1;
    }
  }
  return right === 0 ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

/** Patch pixels a pixel of the plate by which the filter widens. */
export function deltaStretch(toPatch: Similarity): number {
  return Math.min(MAX_STRETCH, Math.max(1, scaleOf(toPatch)));
}

/** Where the pixels of a region lie in the patch: of the plate's own columns and rows, so that it is the same whichever region they are in. */
export function deltaPositions({ x: left, y: top, width, height }: Roi, { a, b, tx, ty }: Similarity): AffinePositions {
  return {
    columnX: positions(width, (x) => a * (left + x + 0.5)),
    columnY: positions(width, (x) => b * (left + x + 0.5)),
    rowX: positions(height, (y) => tx - b * (top + y + 0.5) - 0.5),
    rowY: positions(height, (y) => ty + a * (top + y + 0.5) - 0.5),
  };
}

/** The pixels of `roi`, counted within it, that may lie under a rectangle of the patch; one more on each side for the filter. */
function underPatch(rectangle: Roi, roi: Roi, toPatch: Similarity): Roi {
  const toPlate = invert(toPatch);
  const xs: number[] = [];
  const ys: number[] = [];
  for (const x of [rectangle.x - 1, rectangle.x + rectangle.width + 1]) {
    for (const y of [rectangle.y - 1, rectangle.y + rectangle.height + 1]) {
      xs.push(applyX(toPlate, x, y) - roi.x);
      ys.push(applyY(toPlate, x, y) - roi.y);
    }
  }
  const left = Math.max(0, Math.floor(Math.min(...xs)) - 1);
  const top = Math.max(0, Math.floor(Math.min(...ys)) - 1);
  const right = Math.min(roi.width, Math.ceil(Math.max(...xs)) + 1);
  const bottom = Math.min(roi.height, Math.ceil(Math.max(...ys)) + 1);
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** Three planes, 0 where the matte is: a restorer may leave anything there, even NaN. */
function weightedDifference({ original, rgb, matte }: RestoredSamples, pool: FloatPool): Float32Array {
  const area = matte.length;
  const out = pool.lend(3 * area);
  for (let first = 0; first < 3 * area; first += area) {
    const [from, to, into] = [rgb, original, out].map((planes) => planes.subarray(first, first + area));
    pool.loops.weightedDifference(matte, from, to, matte, into, area);
  }
  return out;
}
