import { boxBlur } from '../../compute/cpu/box-blur.ts';
import { sampleCubic } from '../../compute/cpu/cubic.ts';
import { flowPyramid } from '../../compute/cpu/flow-pyramid.ts';
import type { DenseMap } from '../../face/dense-map.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import { meshWarp } from '../../face/mesh.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { smoothstep } from '../../film/interpolate.ts';
import { denseFlow, type SearchTemplate } from '../../motion/dense-flow.ts';
import { type FlowLattice, flowAt } from '../../motion/flow-lattice.ts';
import { median } from '../../motion/quantile.ts';
import { flowPictureOptions } from '../window/flow-picture.ts';
import type { ReferenceStill } from './reference-still.ts';

/** Widths in inter-ocular distances: of the light that is matched; over which a still bends alike; how far it bends at most. */
const LIGHT = 0.15;
const SMOOTHING = 0.04;
const BOUND = 0.07;
/** How much brighter or darker light may make a still. */
const GREATEST_LIGHT = 3;
/**
 * How much larger or smaller the mesh may make a part of a still, as |log2| of its area against the rest of the face's: up to the
 * first its detail counts in full, from the second on not at all: an eye squashed shut, a mouth pulled open.
 */
const STRETCH = [0.7, 1.4] as const;

/** The face that stills are registered to, at the resolution at which motion is looked for. */
export interface FaceToMatch {
  /** Side of the full patch, and of the smaller one, pixels. */
  readonly size: number;
  readonly side: number;
  /** Luma of `side`², and its local mean. */
  readonly luma: Float32Array;
  readonly light: Float32Array;
  readonly template: SearchTemplate;
  /** Patch pixels of the full size. */
  readonly landmarks: Landmarks;
}

export function lightOf(luma: Float32Array, side: number): Float32Array {
  return boxBlur(luma, side, LIGHT * PATCH_INTER_OCULAR * side);
}

/** A still carried to a face. */
export interface RegisteredStill {
  /** Where the mesh alone puts it, in the face's light: luma of `side`². */
  readonly unregistered: Float32Array;
  /** Where the pixels put it, at full size, `Float32Array` of size²; 0 where `where` is. */
  readonly luma: Float32Array;
  /** How far each place is stretched like the rest: `Float32Array` of side², 1 = alike, 0 = crushed or torn. */
  readonly fit: Float32Array;
}

/** Carries a still to a face: by the mesh, then by dense flow of what is left, sampled once; in the face's light. */
export function registerStill(still: ReferenceStill, face: FaceToMatch, where: Float32Array): RegisteredStill {
  const { size, side, landmarks } = face;
  const scale = size / side;
  const distance = PATCH_INTER_OCULAR * side;
  const map = meshWarp(
    landmarks.map((v) => v / scale),
    still.landmarks,
    side,
  );
  const flat = sampled(still.luma, size, map);
  const own = lightOf(flat, side);
  const gain = new Float32Array(flat.length);
  const unregistered = new Float32Array(flat.length);
  for (let i = 0; i < gain.length; i++) {
    const ratio = (face.light[i] as number) / Math.max(0.01, own[i] as number);
    gain[i] = Math.min(GREATEST_LIGHT, Math.max(1 / GREATEST_LIGHT, ratio));
    unregistered[i] = (flat[i] as number) * (gain[i] as number);
  }
  const flow = denseFlow(face.template, flowPyramid(unregistered, side, flowPictureOptions(side, 1)).pyramid, {
    bound: BOUND * distance,
    smoothing: SMOOTHING * distance,
  });
  const luma = sampledFull(still.luma, size, displaced(map, flow), gain, where);
  return { unregistered, luma, fit: fitOf(map) };
}

/** `luma` of size² at every entry of the map. */
function sampled(luma: Float32Array, size: number, map: DenseMap): Float32Array {
  const out = new Float32Array(map.size * map.size);
  const planes = [luma];
  const sample = new Float64Array(1);
  for (let o = 0; o < out.length; o++) {
    const x = (map.xy[2 * o] as number) - 0.5;
    const y = (map.xy[2 * o + 1] as number) - 0.5;
    const i = Math.floor(x);
    const j = Math.floor(y);
    sampleCubic(planes, size, size, i, x - i, j, y - j, sample);
    out[o] = sample[0] as number;
  }
  return out;
}

/** The map as looked up where the flow leads. */
function displaced(map: DenseMap, flow: FlowLattice): DenseMap {
  const { size } = map;
  const xy = new Float32Array(map.xy.length);
  const step = new Float64Array(2);
  const last = size - 1.001;
  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o += 2) {
      flowAt(flow, x + 0.5, y + 0.5, step);
      const u = Math.min(last, Math.max(0, x + (step[0] as number)));
      const v = Math.min(last, Math.max(0, y + (step[1] as number)));
      const i = Math.floor(u);
      const j = Math.floor(v);
      const a = 2 * (j * size + i);
      for (let c = 0; c < 2; c++) {
        const above = (map.xy[a + c] as number) + (u - i) * ((map.xy[a + 2 + c] as number) - (map.xy[a + c] as number));
        const below =
          (map.xy[a + 2 * size + c] as number) +
          (u - i) * ((map.xy[a + 2 * size + 2 + c] as number) - (map.xy[a + 2 * size + c] as number));
        xy[o + c] = above + (v - j) * (below - above);
      }
    }
  }
  return { size, xy };
}

/** `luma` of size² through a map and times a gain of a smaller side, bilinear between their entries. */
function sampledFull(
  luma: Float32Array,
  size: number,
  map: DenseMap,
  gain: Float32Array,
  where: Float32Array,
): Float32Array {
  const side = map.size;
  const scale = size / side;
  const out = new Float32Array(size * size);
  const planes = [luma];
  const sample = new Float64Array(1);
  const { xy } = map;
  for (let y = 0, o = 0; y < size; y++) {
    const v = Math.min(side - 1, Math.max(0, (y + 0.5) / scale - 0.5));
    const j = Math.min(side - 2, Math.floor(v));
    const fv = v - j;
    for (let x = 0; x < size; x++, o++) {
      if (!((where[o] as number) > 0)) continue;
      const u = Math.min(side - 1, Math.max(0, (x + 0.5) / scale - 0.5));
      const i = Math.min(side - 2, Math.floor(u));
      const fu = u - i;
      const n = j * side + i;
      const a = (1 - fu) * (1 - fv);
      const b = fu * (1 - fv);
      const c = (1 - fu) * fv;
      const d = fu * fv;
      const m = n + side;
      const px =
        a * (xy[2 * n] as number) +
        b * (xy[2 * n + 2] as number) +
        c * (xy[2 * m] as number) +
        d * (xy[2 * m + 2] as number) -
        0.5;
      const py =
        a * (xy[2 * n + 1] as number) +
        b * (xy[2 * n + 3] as number) +
        c * (xy[2 * m + 1] as number) +
        d * (xy[2 * m + 3] as number) -
        0.5;
      const ix = Math.floor(px);
      const iy = Math.floor(py);
      sampleCubic(planes, size, size, ix, px - ix, iy, py - iy, sample);
      const factor =
        a * (gain[n] as number) + b * (gain[n + 1] as number) + c * (gain[m] as number) + d * (gain[m + 1] as number);
      out[o] = factor * (sample[0] as number);
    }
  }
  return out;
}

function fitOf({ size, xy }: DenseMap): Float32Array {
  const logs = new Float32Array(size * size);
  const some: number[] = [];
  const quarter = size >> 2;
  for (let y = 1; y + 1 < size; y++) {
    for (let x = 1, i = y * size + 1; x + 1 < size; x++, i++) {
      const ax = (xy[2 * i + 2] as number) - (xy[2 * i - 2] as number);
      const ay = (xy[2 * i + 3] as number) - (xy[2 * i - 1] as number);
      const bx = (xy[2 * (i + size)] as number) - (xy[2 * (i - size)] as number);
      const by = (xy[2 * (i + size) + 1] as number) - (xy[2 * (i - size) + 1] as number);
      logs[i] = Math.log2(Math.max(1e-3, (ax * by - ay * bx) / 4));
      const isMiddle = x > quarter && y > quarter && x < size - quarter && y < size - quarter;
      if (isMiddle && (x + y) % 4 === 0) some.push(logs[i] as number);
    }
  }
  const typical = some.length > 0 ? median(some) : 0;
  const fit = logs.map((v) => 1 - smoothstep(...STRETCH, Math.abs(v - typical)));
  return boxBlur(fit, size, Math.max(1, 0.03 * PATCH_INTER_OCULAR * size));
}
