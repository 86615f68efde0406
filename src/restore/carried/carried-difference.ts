import { boxBlur } from '../../compute/cpu/box-blur.ts';
import { halved } from '../../compute/cpu/half-size.ts';
import { lumaOfPlanar } from '../../compute/cpu/planar.ts';
import type { FlowTemplate } from '../../compute/flows.ts';
import { openOwnership } from '../../compute/ownership.ts';
import { fivePoints, interOcular } from '../../face/landmarks.ts';
import { faceMatte } from '../../face/matte.ts';
import type { Patch } from '../../face/patch.ts';
import { scaleOf } from '../../face/similarity.ts';
import { smoothstep } from '../../film/interpolate.ts';
import { MAD_TO_SIGMA, quantile } from '../../motion/quantile.ts';
import type { Restoration } from '../restorer.ts';
import { meshStart } from '../window/mesh-start.ts';
import type { WindowTools } from '../window/window-tools.ts';
import { TILES, tileAlong, tilesHolding } from './carried-tiles.ts';

/** How far beyond the matte a face is looked at, inter-ocular distances. */
const AROUND = 0.1;
/** How far pixels may lie from where the mesh puts them, and over what distance their motion is alike, inter-ocular distances. */
const BOUND = 0.08;
const SMOOTHING = 0.03;
/** A gain beyond this is no breathing of the exposure but another light. */
const GREATEST_GAIN = 1.6;
/** Blur of the difference at half size before tiles are judged, plate pixels: it takes grain, and leaves what moves. */
const BLUR = 3;
/** The blurred difference of two frames' grain over the grain as spaced taps read it, at most: beyond, the whole face has changed. */
const MOST_GRAIN = 2;
/**
 * A tile agrees in full where the root mean square of its difference is below so many deviations of the grain, plus so much of the
 * face's brightness, and not at all above; in bright tiles grain alone makes nearly three.
 */
const ALIKE = { grain: 2.2, brightness: 0.008 };
const UNLIKE = { grain: 3.5, brightness: 0.025 };
/** The same for its largest difference at half size, before the blur: a speck of dirt. */
const SPOTLESS = { grain: 7, brightness: 0.03 };
const SPOT = { grain: 10, brightness: 0.08 };

/** A frame as others are carried to it. Closing it closes its template. */
export interface CarriedFrame extends Disposable {
  readonly patch: Patch;
  /** Luma, and where the face is and a little around it (above 0), size² each. */
  readonly luma: Float32Array;
  readonly where: Float32Array;
  readonly template: FlowTemplate;
  /** Tiles, TILES², that hold any of the face. */
  readonly tiles: Uint8Array;
  /** Mean luma of the face, and standard deviation of its grain. */
  readonly brightness: number;
  readonly grain: number;
}

/** A keyframe as it is carried to others. */
export interface CarriedKeyframe {
  readonly patch: Patch;
  /** What restoring changed, planar RGB, then the plate's luma: `Float32Array` of 4·size². */
  readonly planes: Float32Array;
}

/** A keyframe's restoration in the geometry of another frame. */
export interface CarriedDifference {
  /** As `CarriedKeyframe.planes`, 0 outside the frame's `where`. */
  readonly planes: Float32Array;
  /** The frame's brightness over the keyframe's: what `planes` are to be multiplied by. */
  readonly gain: number;
  /** How far each tile shows the same in both frames, `Float32Array` of TILES², 0 … 1. */
  readonly trust: Float32Array;
}

export async function carriedFrame(patch: Patch, { compute, patches }: WindowTools): Promise<CarriedFrame> {
  using owned = openOwnership();
  const { size, landmarks } = patch;
  const luma = lumaOfPlanar(patch.rgb);
  const where = faceMatte(landmarks, size, { grow: AROUND, softness: 0.02 });
  const { picture } = owned.own(patches.lend(patch));
  using looked = compute.image(where, size, size, 1);
  const template = owned.own(compute.flowTemplate(picture, looked));
  const { noise } = await compute.statistics({ noise: compute.flowNoise(picture) });
  const brightness = Math.max(0.02, meanWhere(luma, where));
  const all = owned.handOver();
  return {
    patch,
    luma,
    where,
    template,
    tiles: tilesHolding(where, size),
    brightness,
    grain: noise * brightness,
    [Symbol.dispose]: () => all[Symbol.dispose](),
  };
}

export function carriedKeyframe(patch: Patch, restored: Restoration): CarriedKeyframe {
  const { rgb } = patch;
  const planes = new Float32Array((4 * rgb.length) / 3);
  for (let i = 0; i < rgb.length; i++) planes[i] = (restored.rgb[i] as number) - (rgb[i] as number);
  planes.set(lumaOfPlanar(rgb), rgb.length);
  return { patch, planes };
}

/**
 * Brings what restoring changed in one frame to another: the mesh tells where each part of the face went, dense flow refines it to
 * the pixels. A tile is trusted as far as both plates show the same there, one gain and the grain apart.
 *
 * @param planes memory for the result's
 */
export async function carryDifference(
  keyframe: CarriedKeyframe,
  to: CarriedFrame,
  { compute, patches }: WindowTools,
  planes: Float32Array,
): Promise<CarriedDifference> {
  const { size, landmarks } = to.patch;
  const distance = interOcular(fivePoints(landmarks));
  const { scale } = to.template;
  using source = patches.lend(keyframe.patch);
  const start = meshStart(landmarks, keyframe.patch.landmarks, size, scale);
  using flow = compute.flow(to.template, source.picture, {
    start,
    bound: (BOUND * distance) / scale,
    smoothing: (SMOOTHING * distance) / scale,
  });
  using whole = compute.image(keyframe.planes, size, size, 4);
  using where = compute.image(to.where, size, size, 1);
  using carried = compute.sampledByFlow(whole, flow, where);
  await compute.read(carried, planes);
  const luma = planes.subarray(3 * size * size);
  const gain = gainOf(luma, to);
  const isSameLight = gain < GREATEST_GAIN && gain > 1 / GREATEST_GAIN;
  return { planes, gain, trust: isSameLight ? agreement(luma, gain, to) : new Float32Array(TILES * TILES) };
}

/** Tile by tile, how far the carried luma times `gain` is the frame's own, grain apart. */
function agreement(
  carried: Float32Array,
  gain: number,
  { patch, luma, where, tiles, brightness, grain }: CarriedFrame,
): Float32Array {
  const { size } = patch;
  const difference = new Float32Array(size * size);
  for (let i = 0; i < difference.length; i++) {
    if ((where[i] as number) > 0) difference[i] = (luma[i] as number) - gain * (carried[i] as number);
  }
  const half = size >> 1;
  const sharp = halved(difference, size);
  const soft = boxBlur(sharp, half, (BLUR / 2) * Math.max(1, scaleOf(patch.toPatch)), 1);
  const along = tileAlong(half);
  const noiseOf = (plane: Float32Array) => Math.min(MOST_GRAIN * grain, MAD_TO_SIGMA * typicalOf(plane, tiles, along));
  const coarse = noiseOf(soft);
  const fine = noiseOf(sharp);
  const squares = new Float64Array(TILES * TILES);
  const most = new Float64Array(TILES * TILES);
  const count = new Float64Array(TILES * TILES);
  for (let y = 0, i = 0; y < half; y++) {
    const row = TILES * (along[y] as number);
    for (let x = 0; x < half; x++, i++) {
      const t = row + (along[x] as number);
      const s = soft[i] as number;
      const d = Math.abs(sharp[i] as number);
      squares[t] = (squares[t] as number) + s * s;
      if (d > (most[t] as number)) most[t] = d;
      count[t] = (count[t] as number) + 1;
    }
  }
  const bound = (of: typeof ALIKE, noise: number) => of.grain * noise + of.brightness * brightness;
  const trust = new Float32Array(TILES * TILES);
  for (let t = 0; t < trust.length; t++) {
    if (tiles[t] === 0) continue;
    const rms = Math.sqrt((squares[t] as number) / (count[t] as number));
    trust[t] = Math.min(
      falling(rms, bound(ALIKE, coarse), bound(UNLIKE, coarse)),
      falling(most[t] as number, bound(SPOTLESS, fine), bound(SPOT, fine)),
    );
  }
  return trust;
}

/** The median magnitude of a square plane over the face's tiles. */
function typicalOf(plane: Float32Array, tiles: Uint8Array, along: Uint8Array): number {
  const magnitudes = new Float32Array(plane.length);
  let count = 0;
  for (let y = 0, i = 0; y < along.length; y++) {
    const row = TILES * (along[y] as number);
    for (let x = 0; x < along.length; x++, i++) {
      if (tiles[row + (along[x] as number)] === 1) magnitudes[count++] = Math.abs(plane[i] as number);
    }
  }
  return quantile(magnitudes.subarray(0, count), 0.5);
}

/** The median over the face's tiles of the frame's brightness over the carried one's. */
function gainOf(carried: Float32Array, { luma, where, tiles, patch }: CarriedFrame): number {
  const { size } = patch;
  const along = tileAlong(size);
  const own = new Float64Array(TILES * TILES);
  const other = new Float64Array(TILES * TILES);
  for (let y = 0, i = 0; y < size; y++) {
    const row = TILES * (along[y] as number);
    for (let x = 0; x < size; x++, i++) {
      if (!((where[i] as number) > 0)) continue;
      const t = row + (along[x] as number);
      own[t] = (own[t] as number) + (luma[i] as number);
      other[t] = (other[t] as number) + (carried[i] as number);
    }
  }
  const ratios: number[] = [];
  for (let t = 0; t < own.length; t++) {
    if (tiles[t] === 1) ratios.push((own[t] as number) / Math.max(1e-3, other[t] as number));
  }
  return ratios.length > 0 ? quantile(Float32Array.from(ratios), 0.5) : 1;
}

function meanWhere(plane: Float32Array, where: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < plane.length; i++) {
    if (!((where[i] as number) > 0)) continue;
    sum += plane[i] as number;
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

/** 1 up to `full`, 0 from `none`. */
function falling(v: number, full: number, none: number): number {
  return 1 - smoothstep(full, none, v);
}
