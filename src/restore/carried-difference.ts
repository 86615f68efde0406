import { enlarged } from '../comp/enlarge.ts';
import { lumaOfPlanar } from '../comp/planar.ts';
import { fivePoints, interOcular } from '../face/landmarks.ts';
import { faceMatte } from '../face/matte.ts';
import type { Patch } from '../face/patch.ts';
import { scaleOf } from '../face/similarity.ts';
import { denseFlow, type FlowTemplate, flowTemplate } from '../motion/dense-flow.ts';
import { quantile } from '../motion/quantile.ts';
import type { WindowMemory } from './aligned-window.ts';
import { halved } from './half-size.ts';
import { meshStart } from './mesh-start.ts';
import type { Restoration } from './restorer.ts';
import { sampleFlow } from './sample-flow.ts';
import { softMean } from './soft-mean.ts';

/** Tiles along a patch: one is a quarter of the distance between the eyes wide. */
const TILES = 16;
/** How far beyond the matte a face is looked at, inter-ocular distances. */
const AROUND = 0.1;
/** How far pixels may lie from where the mesh puts them, and over what distance their motion is alike, inter-ocular distances. */
const BOUND = 0.08;
const SMOOTHING = 0.03;
/** A gain beyond this is no breathing of the exposure but another light. */
const GREATEST_GAIN = 1.6;
/** Blur of the difference at half size before tiles are judged, plate pixels: it takes grain, and leaves what moves. */
const BLUR = 3;
/** The median of |x| over the standard deviation of Gaussian noise. */
const MEDIAN_TO_SIGMA = 1.4826;
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

/** A frame as others are carried to it. */
export interface CarriedFrame {
  readonly patch: Patch;
  /** Luma, and where the face is and a little around it (above 0), size² each. */
  readonly luma: Float32Array;
  readonly where: Float32Array;
  readonly template: FlowTemplate;
  /** Patch pixels a pixel of the template. */
  readonly scale: number;
  /** Tiles, TILES², that hold any of the face. */
  readonly tiles: Uint8Array;
  /** Mean luma of the face, and standard deviation of its grain. */
  readonly brightness: number;
  readonly grain: number;
}

/** An anchor's restoration in the geometry and brightness of another frame. */
export interface CarriedDifference {
  /** What restoring changed: `Float32Array` of 3·size², planar RGB, 0 outside the frame's `where`. */
  readonly difference: Float32Array;
  /** The anchor's plate: luma, size². */
  readonly luma: Float32Array;
  /** How far each tile shows the same in both frames, `Float32Array` of TILES², 0 … 1. */
  readonly trust: Float32Array;
}

export function carriedFrame(patch: Patch, memory: WindowMemory): CarriedFrame {
  const { size, landmarks } = patch;
  const luma = lumaOfPlanar(patch.rgb);
  const where = faceMatte(landmarks, size, { grow: AROUND, softness: 0.02 });
  const { pyramid, scale, noise } = memory.prepared(patch).flow;
  const side = Math.floor(size / scale);
  const small = Float32Array.from({ length: side * side }, (_, i) => {
    return where[scale * (Math.floor(i / side) * size + (i % side))] as number;
  });
  const brightness = Math.max(0.02, meanWhere(luma, where));
  return {
    patch,
    luma,
    where,
    template: flowTemplate(pyramid, { noise, where: small }),
    scale,
    tiles: tilesOf(where, size),
    brightness,
    grain: noise * brightness,
  };
}

/**
 * Brings what restoring changed in one frame to another: the mesh tells where each part of the face went, dense flow refines it to
 * the pixels. A tile is trusted as far as both plates show the same there, one gain and the grain apart.
 */
export function carryDifference(anchor: CarriedFrame, restored: Restoration, to: CarriedFrame): CarriedDifference {
  const { size, landmarks } = to.patch;
  const area = size * size;
  const distance = interOcular(fivePoints(landmarks));
  const { scale, where } = to;
  const flow = denseFlow(to.template, anchor.template.pyramid, {
    start: meshStart(landmarks, anchor.patch.landmarks, size, scale),
    bound: (BOUND * distance) / scale,
    smoothing: (SMOOTHING * distance) / scale,
  });
  const planes = new Float32Array(4 * area);
  const plate = anchor.patch.rgb;
  for (let i = 0; i < 3 * area; i++) planes[i] = (restored.rgb[i] as number) - (plate[i] as number);
  planes.set(anchor.luma, 3 * area);
  const carried = new Float32Array(4 * area);
  sampleFlow(planes, size, flow, scale, where, carried);
  const gain = gainOf(carried.subarray(3 * area), to);
  for (let i = 0; i < carried.length; i++) carried[i] = gain * (carried[i] as number);
  const luma = carried.subarray(3 * area);
  const isSameLight = gain < GREATEST_GAIN && gain > 1 / GREATEST_GAIN;
  return {
    difference: carried.subarray(0, 3 * area),
    luma,
    trust: isSameLight ? agreement(luma, to) : new Float32Array(TILES * TILES),
  };
}

/** Tile by tile, how far the carried luma is the frame's own, grain apart. */
function agreement(
  carried: Float32Array,
  { patch, luma, where, tiles, brightness, grain }: CarriedFrame,
): Float32Array {
  const { size } = patch;
  const difference = new Float32Array(size * size);
  for (let i = 0; i < difference.length; i++) {
    if ((where[i] as number) > 0) difference[i] = (luma[i] as number) - (carried[i] as number);
  }
  const half = size >> 1;
  const sharp = halved(difference, size);
  const soft = softMean(sharp, half, (BLUR / 2) * Math.max(1, scaleOf(patch.toPatch)), 1);
  const bound = (of: typeof ALIKE, noise: number) => of.grain * noise + of.brightness * brightness;
  const [coarse, fine] = [soft, sharp].map((plane) =>
    Math.min(MOST_GRAIN * grain, MEDIAN_TO_SIGMA * typicalOf(plane, tiles, half)),
  ) as [number, number];
  const trust = new Float32Array(TILES * TILES);
  for (let t = 0; t < trust.length; t++) {
    if (tiles[t] === 0) continue;
    let squares = 0;
    let most = 0;
    let count = 0;
    forTile(t, half, (i) => {
      squares += (soft[i] as number) ** 2;
      most = Math.max(most, Math.abs(sharp[i] as number));
      count += 1;
    });
    const rms = Math.sqrt(squares / count);
    trust[t] = Math.min(
      falling(rms, bound(ALIKE, coarse), bound(UNLIKE, coarse)),
      falling(most, bound(SPOTLESS, fine), bound(SPOT, fine)),
    );
  }
  return trust;
}

/** The median magnitude over the face's tiles. */
function typicalOf(plane: Float32Array, tiles: Uint8Array, size: number): number {
  const magnitudes: number[] = [];
  tiles.forEach((holdsFace, t) => {
    if (holdsFace === 1) forTile(t, size, (i) => magnitudes.push(Math.abs(plane[i] as number)));
  });
  return quantile(Float32Array.from(magnitudes), 0.5);
}

/** Tile values as a map of the patch's pixels that is as low as the lowest tile near: what changed in a tile is changed in all of it. */
export function tileMap(values: Float32Array, tiles: Uint8Array, size: number): Float32Array {
  const lowest = values.map((_, t) => {
    let least = 1;
    for (let y = -1; y <= 1; y++) {
      for (let x = -1; x <= 1; x++) {
        const column = (t % TILES) + x;
        const row = Math.floor(t / TILES) + y;
        if (column < 0 || row < 0 || column >= TILES || row >= TILES || tiles[row * TILES + column] === 0) continue;
        least = Math.min(least, values[row * TILES + column] as number);
      }
    }
    return least;
  });
  return enlarged(lowest, TILES, size);
}

/** The median over the face's tiles of the frame's brightness over the carried one's. */
function gainOf(carried: Float32Array, { luma, where, tiles, patch }: CarriedFrame): number {
  const ratios: number[] = [];
  tiles.forEach((holdsFace, t) => {
    if (holdsFace === 0) return;
    let own = 0;
    let other = 0;
    forTile(t, patch.size, (i) => {
      if (!((where[i] as number) > 0)) return;
      own += luma[i] as number;
      other += carried[i] as number;
    });
    ratios.push(own / Math.max(1e-3, other));
  });
  return ratios.length > 0 ? quantile(Float32Array.from(ratios), 0.5) : 1;
}

function tilesOf(where: Float32Array, size: number): Uint8Array {
  return Uint8Array.from({ length: TILES * TILES }, (_, t) => {
    let inside = 0;
    forTile(t, size, (i) => {
      if ((where[i] as number) > 0) inside += 1;
    });
    return inside > 0 ? 1 : 0;
  });
}

/** Calls `visit` with every pixel of a tile in a square plane. */
function forTile(tile: number, size: number, visit: (pixel: number) => void): void {
  const [column, row] = [tile % TILES, Math.floor(tile / TILES)];
  const edge = (k: number) => Math.floor((k * size) / TILES);
  for (let y = edge(row); y < edge(row + 1); y++) {
    for (let x = edge(column); x < edge(column + 1); x++) visit(y * size + x);
  }
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
  const t = Math.min(1, Math.max(0, (v - full) / (none - full)));
  return 1 - t * t * (3 - 2 * t);
}
