import { brightnessOf, bringToBrightness } from '../compute/cpu/brightness.ts';
import { descratched } from '../compute/cpu/descratch.ts';
import { type FlowPicture, flowPictureOf } from '../compute/cpu/flow-picture.ts';
import { everyOther, halvedLuma } from '../compute/cpu/half-size.ts';
import { sampleFlow } from '../compute/cpu/sample-flow.ts';
import { fivePoints, interOcular, LANDMARK_COUNT, type Landmarks } from '../face/landmarks.ts';
import { faceMatte } from '../face/matte.ts';
import type { Patch } from '../face/patch.ts';
import type { Roi } from '../film/roi.ts';
import { denseFlow, flowTemplate } from '../motion/dense-flow.ts';
import { type FlowLattice, flowAt } from '../motion/flow-lattice.ts';
import { meshStart } from './mesh-start.ts';
import type { PatchWindow } from './restorer.ts';

/** A neighbour as the centre would show it. */
export interface AlignedNeighbour {
  /** Frames from the centre; negative = before. */
  readonly offset: number;
  /** `Float32Array` of 3·size², planar RGB, at the centre's brightness; 0 where the window is not looked at. */
  readonly rgb: Float32Array;
  /** Its luma at half the size; the centre's where the window is not looked at, so that a window across the border sees no edge. */
  readonly luma: Float32Array;
}

/** The frames of a window in the geometry and brightness of its middle one. */
export interface AlignedWindow {
  readonly size: number;
  /** The centre without scratches, 3·size². */
  readonly centre: Float32Array;
  /** Its luma at half the size, and where that is looked at: 1 where all four pixels are, else 0. */
  readonly luma: Float32Array;
  readonly look: Uint8Array;
  /** Where the centre was scratched, size²; null: nowhere. */
  readonly scratched: Float32Array | null;
  /** Nearest first; those in another light are left out. */
  readonly neighbours: readonly AlignedNeighbour[];
  /** Neighbours that there were. */
  readonly offered: number;
  /** True where there were neighbours, and all of them in another light: a flash, or the middle of a dissolve. */
  readonly isLitAlone: boolean;
  /** `Float32Array` of size², above 0 on the face and a little around it: what is looked at. */
  readonly where: Float32Array;
  /** The centre's landmarks, moved to where the window's pixels say that they lie. */
  readonly landmarks: Landmarks;
}

/** What is computed once a patch, whichever windows it is in. */
interface PreparedPatch {
  readonly rgb: Float32Array;
  readonly scratched: Float32Array | null;
  readonly flow: FlowPicture;
}

/** Keeps what is computed once a patch, as long as the patch lives, and the memory that aligned neighbours are written to. */
export interface WindowMemory {
  prepared(patch: Patch): PreparedPatch;
  /** `Float32Array` of `length`, its content what it was: one for each place in the window, used again for the next frame. */
  buffer(place: number, length: number): Float32Array;
}

export function openWindowMemory(): WindowMemory {
  const buffers: Float32Array[] = [];
  const known = new WeakMap<Patch, PreparedPatch>();
  const prepare = (patch: Patch) => {
    let prepared = known.get(patch);
    if (!prepared) {
      const { rgb, where } = descratched(patch);
      prepared = { rgb, scratched: where, flow: flowPictureOf(rgb, patch.size) };
      known.set(patch, prepared);
    }
    return prepared;
  };
  return {
    prepared: prepare,
    buffer(place, length) {
      let buffer = buffers[place];
      if (buffer?.length !== length) {
        buffer = new Float32Array(length);
        buffers[place] = buffer;
      }
      return buffer;
    },
  };
}

/** How far beyond the matte the window is looked at, inter-ocular distances. */
const AROUND = 0.1;
/** How far around a part of a face one must look to repair it as in the whole, inter-ocular distances. */
const CONTEXT = 0.3;
/** How far pixels may lie from where the mesh puts them, and over what distance their motion is alike, inter-ocular distances. */
const BOUND = 0.08;
const SMOOTHING = 0.03;
/** Landmarks move with the pixels around them this far, inter-ocular distances: skin without texture follows its surroundings. */
const LANDMARK_SMOOTHING = 0.06;

/**
 * Brings the neighbours of a frame into its geometry: the mesh tells where each part of the face went, dense flow of the
 * normalised luma refines it to the pixels, and both are sampled at once, bicubically. The frame itself is never resampled. What is
 * returned holds until the next call with the same memory.
 *
 * The same flow refines the centre's landmarks. Where the mesh says that a feature went is off by the landmarks' errors in both
 * frames; averaged over the window, what flow adds is the centre's own error less the window's mean error, and is taken back.
 *
 * @param area the only pixels that are asked for: no more than these and what is around them is looked at
 */
export function alignWindow({ centre, before, after }: PatchWindow, memory: WindowMemory, area?: Roi): AlignedWindow {
  const { size, landmarks } = centre;
  const own = memory.prepared(centre);
  const distance = interOcular(fivePoints(landmarks));
  const where = faceMatte(landmarks, size, { grow: AROUND, softness: 0.02 });
  if (area) keepWithin(where, size, area, CONTEXT * distance);
  const { scale } = own.flow;
  const template = flowTemplate(own.flow.pyramid, { noise: own.flow.noise, where: everyOther(where, size, scale) });
  const neighbours: AlignedNeighbour[] = [];
  const luma = halvedLuma(own.rgb, size);
  const look = lookedAt(where, size);
  const brightness = brightnessOf(own.rgb, where, size);
  const corrections = new Float64Array(2 * LANDMARK_COUNT);
  for (let k = 0; k < Math.max(before.length, after.length); k++) {
    for (const patch of [before[k], after[k]]) {
      if (!patch) continue;
      const other = memory.prepared(patch);
      const start = meshStart(landmarks, patch.landmarks, size, scale);
      const flow = denseFlow(template, other.flow.pyramid, {
        start,
        bound: (BOUND * distance) / scale,
        smoothing: (SMOOTHING * distance) / scale,
      });
      const rgb = memory.buffer(neighbours.length, 3 * size * size);
      sampleFlow(other.rgb, size, flow, scale, where, rgb);
      if (!bringToBrightness(brightness, rgb, size)) continue;
      addCorrections(corrections, flow, start, landmarks, scale);
      neighbours.push({ offset: patch === before[k] ? -(k + 1) : k + 1, rgb, luma: lumaWithin(rgb, size, luma, look) });
    }
  }
  return {
    size,
    centre: own.rgb,
    luma,
    look,
    scratched: own.scratched,
    neighbours,
    offered: before.length + after.length,
    isLitAlone: neighbours.length === 0 && before.length + after.length > 0,
    where,
    landmarks: corrected(landmarks, corrections, neighbours.length + 1, LANDMARK_SMOOTHING * distance),
  };
}

/** Sets to 0 what lies more than `margin` pixels outside an area. */
function keepWithin(where: Float32Array, size: number, area: Roi, margin: number): void {
  for (let y = 0, i = 0; y < size; y++) {
    const isRow = y >= area.y - margin && y < area.y + area.height + margin;
    for (let x = 0; x < size; x++, i++) {
      if (!isRow || x < area.x - margin || x >= area.x + area.width + margin) where[i] = 0;
    }
  }
}

function lumaWithin(rgb: Float32Array, size: number, outside: Float32Array, look: Uint8Array): Float32Array {
  const luma = halvedLuma(rgb, size);
  for (let i = 0; i < luma.length; i++) if (look[i] !== 1) luma[i] = outside[i] as number;
  return luma;
}

/** The pixels of half the size whose four pixels are all above 0. */
function lookedAt(where: Float32Array, size: number): Uint8Array {
  const half = size >> 1;
  const out = new Uint8Array(half * half);
  for (let y = 0, o = 0; y < half; y++) {
    for (let i = 2 * y * size, end = i + 2 * half; i < end; i += 2, o++) {
      const isInside =
        (where[i] as number) > 0 &&
        (where[i + 1] as number) > 0 &&
        (where[i + size] as number) > 0 &&
        (where[i + size + 1] as number) > 0;
      if (isInside) out[o] = 1;
    }
  }
  return out;
}

/** Adds what flow found beyond the mesh at every landmark, patch pixels. */
function addCorrections(
  sums: Float64Array,
  flow: FlowLattice,
  start: FlowLattice,
  landmarks: Landmarks,
  scale: number,
): void {
  const found = new Float64Array(4);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const x = (landmarks[3 * i] as number) / scale;
    const y = (landmarks[3 * i + 1] as number) / scale;
    flowAt(flow, x, y, found, 0);
    flowAt(start, x, y, found, 2);
    sums[2 * i] = (sums[2 * i] as number) + scale * ((found[0] as number) - (found[2] as number));
    sums[2 * i + 1] = (sums[2 * i + 1] as number) + scale * ((found[1] as number) - (found[3] as number));
  }
}

/** Landmarks less the mean correction over `frames`, smoothed over the landmarks within `reach` pixels. */
function corrected(landmarks: Landmarks, sums: Float64Array, frames: number, reach: number): Landmarks {
  const out = Float32Array.from(landmarks);
  const square = 2 * reach * reach;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const x = landmarks[3 * i] as number;
    const y = landmarks[3 * i + 1] as number;
    let total = 0;
    let dx = 0;
    let dy = 0;
    for (let k = 0; k < LANDMARK_COUNT; k++) {
      const d = (x - (landmarks[3 * k] as number)) ** 2 + (y - (landmarks[3 * k + 1] as number)) ** 2;
      if (d > 4 * square) continue;
      const w = Math.exp(-d / square);
      total += w;
      dx += w * (sums[2 * k] as number);
      dy += w * (sums[2 * k + 1] as number);
    }
    out[3 * i] = x - dx / total / frames;
    out[3 * i + 1] = y - dy / total / frames;
  }
  return out;
}
