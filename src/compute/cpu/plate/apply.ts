import { lumaWeights, type TransferCurve } from '../../../film/colour.ts';
import { type Plane, planesOf, type Region } from '../../../film/plate.ts';
import { type CodeScale, codeScale, type PlateColour, type Siting, sitingOf } from '../../../film/plate-colour.ts';
import { isEmpty } from '../../../film/roi.ts';
import type { Component, Samples } from '../../../film/sample-format.ts';
import type { Applied, ApplyOptions, PatchPlace } from '../../plates.ts';
import { channelsOf } from '../filter/planar.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { type DisplayDelta, placeDelta, type RestoredSamples } from './delta.ts';
import { ditherAt, ditherRow } from './dither.ts';
import { fastCurve } from './fast-curve.ts';
import { regionColours } from './region-colours.ts';

/** See `PlateOperations.apply`. */
export function applyRestoration(
  region: Region,
  place: PatchPlace,
  restored: RestoredSamples,
  { pool = FRESH, ...options }: ApplyOptions & { readonly pool?: FloatPool },
): Applied {
  const { roi, format } = region;
  const { colour } = place;
  const bytes = options.inPlace ? region.bytes : new Uint8Array(region.bytes);
  const result = { roi, format, bytes };
  const delta = placeDelta(roi, place, restored, pool);
  const { matte, touched } = delta;
  if (isEmpty(touched)) {
    pool.giveBack(delta.rgb);
    return { region: result, matte, changed: null };
  }
  const changes = componentChanges(region, delta, colour);
  for (const target of targetsOf(result, colour, options)) {
    const change = changes.get(target.component);
    if (!change) continue;
    if (target.siting === null) addFull(target, change, delta);
    else addShared(target, change, delta, target.siting);
  }
  pool.giveBack(delta.rgb);
  const from = roi.y + touched.y;
  return { region: result, matte, changed: { in: from, out: from + touched.height } };
}

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

/** Changes of each component, normalised code values a pixel of the region. */
function componentChanges(region: Region, delta: DisplayDelta, colour: PlateColour): Map<Component, Float32Array> {
  const curve = fastCurve(colour.transfer);
  if (curve) toCodes(region, delta, colour, curve);
  return inComponents(region, delta, colour);
}

/** Code values of red, green and blue, or differences of them, as those of the components that a region has, in the same memory. */
export function inComponents(
  { format: { model }, roi }: Pick<Region, 'format' | 'roi'>,
  delta: DisplayDelta,
  colour: PlateColour,
): Map<Component, Float32Array> {
  const [r, g, b] = channelsOf(delta.rgb);
  if (model === 'rgb')
    return new Map<Component, Float32Array>([
      ['R', r],
      ['G', g],
      ['B', b],
    ]);
  const { kr, kb } = lumaWeights(colour.tags.matrix, colour.plateHeight);
  const { touched } = delta;
  for (let y = touched.y; y < touched.y + touched.height; y++) {
    for (let i = y * roi.width + touched.x, end = i + touched.width; i < end; i++) {
      const luma = kr * r[i] + (1 - kr - kb) * g[i] + kb * b[i];
      const cr = (r[i] - luma) / (2 * (1 - kr));
      b[i] = (b[i] - luma) / (2 * (1 - kb));
      r[i] = luma;
      g[i] = cr;
    }
  }
  if (model === 'gray') return new Map<Component, Float32Array>([['Y', r]]);
  return new Map<Component, Float32Array>([
    ['Y', r],
    ['Cb', b],
    ['Cr', g],
  ]);
}

/** Differences of display values become differences of code values, each about its own pixel's value. */
function toCodes(region: Region, delta: DisplayDelta, colour: PlateColour, curve: TransferCurve): void {
  const [red, green, blue] = channelsOf(delta.rgb);
  const { touched } = delta;
  // Both ends pass through the same table, so that a difference of 0 is 0 and a small one stays small.
  const shift = (d: number, code: number): number => {
    if (d === 0 || !Number.isFinite(code)) return 0;
    const display = curve.toDisplay(code);
    return curve.fromDisplay(display + d) - curve.fromDisplay(display);
  };
  const codes = regionColours(region, touched, colour);
  for (let y = 0, k = 0; y < touched.height; y++) {
    const start = (touched.y + y) * region.roi.width + touched.x;
    for (let i = start; i < start + touched.width; i++, k++) {
      if (delta.matte[i] === 0) continue;
      red[i] = shift(red[i], codes.red[k]);
      green[i] = shift(green[i], codes.green[k]);
      blue[i] = shift(blue[i], codes.blue[k]);
    }
  }
}

function addFull(target: WrittenPlane, change: Float32Array, delta: DisplayDelta): void {
  const { touched } = delta;
  for (let y = touched.y; y < touched.y + touched.height; y++) {
    const key = target.dither(target.row + y);
    for (let x = touched.x; x < touched.x + touched.width; x++) {
      const i = y * target.width + x;
      if (delta.matte[i] === 0) continue;
      const d = change[i];
      if (d !== 0) target.samples[i] = added(target.samples, i, d, target, key, x);
    }
  }
}

/**
 * The sample with `change` (normalised) added. Integer codes are rounded up with the probability of their fraction: unbiased,
 * and with noise that vanishes with the change, where triangular dither would stir samples that hardly change.
 */
export function added(
  samples: Samples,
  i: number,
  change: number,
  target: WrittenPlane,
  key: number,
  x: number,
): number {
  const { unit, max } = target.scale;
  const value = samples[i] + change * unit;
  if (max === Infinity) return Number.isFinite(value) ? value : samples[i];
  const code = Math.floor(value + ditherAt(key, target.column + x));
  return code < 0 ? 0 : Math.min(code, max);
}

/** Adds the mean of `change` over each sample's footprint, a box of one pitch about the site, to a subsampled plane. */
function addShared(target: WrittenPlane, change: Float32Array, delta: DisplayDelta, siting: Siting): void {
  const { touched, matte, width, height } = delta;
  const { pitchX, pitchY } = siting;
  const acrossX = footprint(siting.originX, pitchX);
  const acrossY = footprint(siting.originY, pitchY);
  const toX = Math.ceil((touched.x + touched.width) / pitchX);
  const toY = Math.ceil((touched.y + touched.height) / pitchY);
  for (let row = Math.floor(touched.y / pitchY); row < toY; row++) {
    const key = target.dither(target.row + row);
    for (let column = Math.floor(touched.x / pitchX); column < toX; column++) {
      const left = column * pitchX;
      const top = row * pitchY;
      if (!anyMatte(matte, width, height, left, top, pitchX, pitchY)) continue;
      let sum = 0;
      let weight = 0;
      for (let j = 0; j < acrossY.weights.length; j++) {
        const y = top + acrossY.first + j;
        if (y < 0 || y >= height) continue;
        for (let i = 0; i < acrossX.weights.length; i++) {
          const x = left + acrossX.first + i;
          if (x < 0 || x >= width) continue;
          const w = acrossY.weights[j] * acrossX.weights[i];
          sum += w * change[y * width + x];
          weight += w;
        }
      }
      if (sum === 0) continue;
      const o = row * target.width + column;
      target.samples[o] = added(target.samples, o, sum / weight, target, key, column);
    }
  }
}

/** Share of each pixel in a box of width `pitch` about `centre`, from pixel `first` on; for 4:2:0 sited left ¼, ½, ¼. */
export function footprint(centre: number, pitch: number): { first: number; weights: number[] } {
  const from = centre - pitch / 2;
  const to = centre + pitch / 2;
  const first = Math.floor(from);
  const weights: number[] = [];
  for (let i = first; i < to; i++) weights.push((Math.min(i + 1, to) - Math.max(i, from)) / pitch);
  return { first, weights };
}

export function anyMatte(
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
