import { type Plane, planesOf, type Region } from '../../../film/plate.ts';
import { type CodeScale, codeScale, type PlateColour, type Siting, sitingOf } from '../../../film/plate-colour.ts';
import type { Component } from '../../../film/sample-format.ts';
import type { ApplyOptions } from '../../plates.ts';
import type { DisplayDelta } from './delta.ts';
import { ditherAt, ditherRow } from './dither.ts';

/** The planes of a region, each to be written. */
export function targetsOf({ roi, format, bytes }: Region, colour: PlateColour, options: ApplyOptions): WrittenPlane[] {
  return planesOf(format, bytes, roi.width, roi.height).map((plane, k) => {
    const { component, shiftX, shiftY } = format.planes[k];
    return {
      ...plane,
      component,
      siting: shiftX === 0 && shiftY === 0 ? null : sitingOf(format.planes[k], colour.tags),
      scale: codeScale(format, component, colour),
      column: roi.x >> shiftX,
      row: roi.y >> shiftY,
      dither: (y) => ditherRow(options.seed, options.frame, k, y),
    };
  });
}

/** A plane to be written. */
export interface WrittenPlane extends Plane {
  readonly component: Component;
  /** Null where it has a sample for every pixel. */
  readonly siting: Siting | null;
  readonly scale: CodeScale;
  /** Where the plane's first sample lies in the plate's plane. */
  readonly column: number;
  readonly row: number;
  /** The dither's key for a row of the plate's plane. */
  readonly dither: (y: number) => number;
}

/**
 * The sample with `change` (normalised) added. Integer codes are rounded up with the probability of their fraction: unbiased,
 * and with noise that vanishes with the change, where triangular dither would stir samples that hardly change.
 *
 * @param key of the dither for the sample's row
 * @param x the sample's column in its plane
 */
export function added(target: WrittenPlane, i: number, change: number, key: number, x: number): number {
  const { samples, scale } = target;
  const { unit, max } = scale;
  const value = samples[i] + change * unit;
  if (max === Infinity) return Number.isFinite(value) ? value : samples[i];
  const code = Math.floor(value + ditherAt(key, target.column + x));
  return code < 0 ? 0 : Math.min(code, max);
}

/** The pixels of a region that a sample is the mean of: a box of one pitch about its site. It is the same object for every sample. */
export interface Footprint {
  /** Size of the region. */
  readonly width: number;
  readonly height: number;
  readonly acrossX: Shares;
  readonly acrossY: Shares;
  /** The first pixel of the sample's own, to which the shares' are relative. */
  left: number;
  top: number;
  /** The sample's column in its plane, and the dither's key for its row. */
  column: number;
  key: number;
}

/** Shares of a row of pixels in a box, from pixel `first` on. */
interface Shares {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Calls `write` for each sample of a plane whose own pixels hold any matte. */
export function eachSample(
  { siting, width: columns, dither, row: firstRow }: WrittenPlane,
  { touched, matte, width, height }: DisplayDelta,
  write: (sample: number, footprint: Footprint) => void,
): void {
  const { pitchX, pitchY, originX, originY } = siting ?? { pitchX: 1, pitchY: 1, originX: 0.5, originY: 0.5 };
  const [acrossX, acrossY] = [footprintAlong(originX, pitchX), footprintAlong(originY, pitchY)];
  const footprint: Footprint = { width, height, acrossX, acrossY, left: 0, top: 0, column: 0, key: 0 };
  const toX = Math.ceil((touched.x + touched.width) / pitchX);
  const toY = Math.ceil((touched.y + touched.height) / pitchY);
  for (let row = Math.floor(touched.y / pitchY); row < toY; row++) {
    footprint.key = dither(firstRow + row);
    footprint.top = row * pitchY;
    for (let column = Math.floor(touched.x / pitchX); column < toX; column++) {
      footprint.column = column;
      footprint.left = column * pitchX;
      if (anyMatte(matte, width, height, footprint.left, footprint.top, pitchX, pitchY)) {
        write(row * columns + column, footprint);
      }
    }
  }
}

/** The mean of a plane of the region over a footprint, as far as that lies in the region. */
export function meanUnder(
  { width, height, acrossX, acrossY, left, top }: Footprint,
  plane: Float32Array | Float64Array,
): number {
  let sum = 0;
  let weight = 0;
  for (let j = 0; j < acrossY.weights.length; j++) {
    const y = top + acrossY.first + j;
    if (y < 0 || y >= height) continue;
    for (let i = 0; i < acrossX.weights.length; i++) {
      const x = left + acrossX.first + i;
      if (x < 0 || x >= width) continue;
      const w = acrossY.weights[j] * acrossX.weights[i];
      sum += w * plane[y * width + x];
      weight += w;
    }
  }
  return sum / weight;
}

/** Share of each pixel in a box of width `pitch` about `centre`; for 4:2:0 sited left ¼, ½, ¼. */
export function footprintAlong(centre: number, pitch: number): Shares {
  const from = centre - pitch / 2;
  const to = centre + pitch / 2;
  const first = Math.floor(from);
  const weights: number[] = [];
  for (let i = first; i < to; i++) weights.push((Math.min(i + 1, to) - Math.max(i, from)) / pitch);
  return { first, weights };
}

function anyMatte(
  matte: Uint16Array,
  width: number,
  height: number,
  left: number,
  top: number,
  across: number,
  down: number,
): boolean {
  const right = Math.min(width, left + across);
  const bottom = Math.min(height, top + down);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (matte[y * width + x] !== 0) return true;
  }
  return false;
}
