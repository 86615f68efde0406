import { maskBounds } from '../../../face/mask-bounds.ts';
import { applyX, applyY, invert, type Similarity, scaleOf } from '../../../face/similarity.ts';
import type { Roi } from '../../../film/roi.ts';
import type { PatchPlace } from '../../plates.ts';
import { type AffinePositions, positions } from './affine-positions.ts';
import { MAX_STRETCH, sampleCubic, sampleStretched } from './cubic.ts';

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
  /** Red, green and blue, display-referred, already weighted by the matte. */
  readonly rgb: readonly [Float32Array, Float32Array, Float32Array];
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
): DisplayDelta {
  const { width, height } = roi;
  const count = width * height;
  const matte = new Uint16Array(count);
  const rgb = [new Float32Array(count), new Float32Array(count), new Float32Array(count)] as const;
  const none = { width, height, matte, rgb, touched: { x: 0, y: 0, width: 0, height: 0 } };
  const inPatch = maskBounds(restored.matte, size);
  if (!inPatch) return none;
  const bounds = underPatch(inPatch, roi, toPatch);
  const planes = weightedDifference(restored, size, inPatch);
  const stretch = deltaStretch(toPatch);
  const { columnX, columnY, rowX, rowY } = deltaPositions(roi, toPatch);
  const sample = new Float64Array(3);
  let left = width;
  let top = height;
  let right = 0;
  let bottom = 0;
  for (let y = bounds.y; y < bounds.y + bounds.height; y++) {
    for (let x = bounds.x; x < bounds.x + bounds.width; x++) {
      let i = columnX.whole[x] + rowX.whole[y];
      let j = columnY.whole[x] + rowY.whole[y];
      let fx = Math.fround(columnX.fraction[x] + rowX.fraction[y]);
      let fy = Math.fround(columnY.fraction[x] + rowY.fraction[y]);
      if (fx >= 1) {
        i += 1;
        fx -= 1;
      }
      if (fy >= 1) {
        j += 1;
        fy -= 1;
      }
      const alpha = Math.round(bilinear(restored.matte, size, i, fx, j, fy) * 65535);
      if (!(alpha > 0)) continue;
      if (stretch === 1) sampleCubic(planes, size, size, i, fx, j, fy, sample);
      else sampleStretched(planes, size, size, i, fx, j, fy, stretch, stretch, sample);
      const o = y * width + x;
      matte[o] = Math.min(65535, alpha);
      rgb[0][o] = sample[0];
      rgb[1][o] = sample[1];
      rgb[2][o] = sample[2];
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + 1);
      bottom = y + 1;
    }
  }
  if (right === 0) return none;
  return { width, height, matte, rgb, touched: { x: left, y: top, width: right - left, height: bottom - top } };
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

function weightedDifference({ original, rgb, matte }: RestoredSamples, size: number, bounds: Roi): Float32Array[] {
  const plane = size * size;
  return [0, 1, 2].map((k) => {
    const out = new Float32Array(plane);
    const base = k * plane;
    for (let y = bounds.y; y < bounds.y + bounds.height; y++) {
      for (let i = y * size + bounds.x, end = i + bounds.width; i < end; i++) {
        const alpha = matte[i];
        // Tested, not multiplied: a restorer may leave anything, even NaN, where its matte is 0.
        if (alpha > 0) out[i] = alpha * (rgb[base + i] - original[base + i]);
      }
    }
    return out;
  });
}

/** Bilinear sample of a square picture, zero beyond its edge. */
function bilinear(picture: Float32Array, size: number, x: number, fx: number, y: number, fy: number): number {
  if (x < -1 || x >= size || y < -1 || y >= size) return 0;
  const left = x >= 0 ? 1 - fx : 0;
  const right = x + 1 < size ? fx : 0;
  const i = Math.max(x, 0);
  const k = x + 1 < size ? x + 1 : i;
  let sum = 0;
  if (y >= 0) sum += (1 - fy) * (left * picture[y * size + i] + right * picture[y * size + k]);
  if (y + 1 < size) {
    const row = (y + 1) * size;
    sum += fy * (left * picture[row + i] + right * picture[row + k]);
  }
  return sum;
}
