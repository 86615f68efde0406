import { lumaWeights, type TransferCurve } from '../../../film/colour.ts';
import type { Region } from '../../../film/plate.ts';
import type { PlateColour } from '../../../film/plate-colour.ts';
import { isEmpty } from '../../../film/roi.ts';
import type { Component } from '../../../film/sample-format.ts';
import type { Applied, ApplyOptions, PatchPlace } from '../../plates.ts';
import { channelsOf } from '../filter/planar.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { type DisplayDelta, placeDelta, type RestoredSamples } from './delta.ts';
import { fastCurve } from './fast-curve.ts';
import { regionColours } from './region-colours.ts';
import { added, eachSample, meanUnder, targetsOf, type WrittenPlane } from './written-plane.ts';

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
    else addShared(target, change, delta);
  }
  pool.giveBack(delta.rgb);
  const from = roi.y + touched.y;
  return { region: result, matte, changed: { in: from, out: from + touched.height } };
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
      if (d !== 0) target.samples[i] = added(target, i, d, key, x);
    }
  }
}

/** Adds the mean of `change` over each sample's footprint to a subsampled plane. */
function addShared(target: WrittenPlane, change: Float32Array, delta: DisplayDelta): void {
  eachSample(target, delta, (sample, footprint) => {
    const mean = meanUnder(footprint, change);
    if (mean !== 0) target.samples[sample] = added(target, sample, mean, footprint.key, footprint.column);
  });
}
