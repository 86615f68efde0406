import { fivePoints, interOcular, LANDMARK_COUNT, type Landmarks } from '../face/landmarks.ts';
import { faceMatte } from '../face/matte.ts';
import type { Patch } from '../face/patch.ts';
import { denseFlow, flowTemplate } from '../motion/dense-flow.ts';
import { type FlowLattice, flowAt } from '../motion/flow-lattice.ts';
import { descratched } from './descratch.ts';
import { type FlowPicture, flowPictureOf } from './flow-picture.ts';
import { meshStart } from './mesh-start.ts';
import type { PatchWindow } from './restorer.ts';
import { sampleFlow } from './sample-flow.ts';

/** A neighbour as the centre would show it. */
export interface AlignedNeighbour {
  /** Frames from the centre; negative = before. */
  readonly offset: number;
  /** `Float32Array` of 3·size², planar RGB, at the centre's brightness; 0 where the window is not looked at. */
  readonly rgb: Float32Array;
}

/** The frames of a window in the geometry and brightness of its middle one. */
export interface AlignedWindow {
  readonly size: number;
  /** The centre without scratches, 3·size². */
  readonly centre: Float32Array;
  /** Where the centre was scratched, size²; null: nowhere. */
  readonly scratched: Float32Array | null;
  /** Nearest first; those in another light are left out. */
  readonly neighbours: readonly AlignedNeighbour[];
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

/** Prepares patches and remembers them as long as they live. */
export type Prepare = (patch: Patch) => PreparedPatch;

export function openPrepare(): Prepare {
  const known = new WeakMap<Patch, PreparedPatch>();
  return (patch) => {
    let prepared = known.get(patch);
    if (!prepared) {
      const { rgb, where } = descratched(patch);
      prepared = { rgb, scratched: where, flow: flowPictureOf(rgb, patch.size) };
      known.set(patch, prepared);
    }
    return prepared;
  };
}

/** How far beyond the matte the window is looked at, inter-ocular distances. */
const AROUND = 0.1;
/** How far pixels may lie from where the mesh puts them, and over what distance their motion is alike, inter-ocular distances. */
const BOUND = 0.08;
const SMOOTHING = 0.03;
/** Landmarks move with the pixels around them this far, inter-ocular distances: skin without texture follows its surroundings. */
const LANDMARK_SMOOTHING = 0.06;

/**
 * Brings the neighbours of a frame into its geometry: the mesh tells where each part of the face went, dense flow of the
 * normalised luma refines it to the pixels, and both are sampled at once, bicubically. The frame itself is never resampled.
 *
 * The same flow refines the centre's landmarks. Where the mesh says that a feature went is off by the landmarks' errors in both
 * frames; averaged over the window, what flow adds is the centre's own error less the window's mean error, and is taken back.
 */
export function alignWindow({ centre, before, after }: PatchWindow, prepare: Prepare): AlignedWindow {
  const { size, landmarks } = centre;
  const own = prepare(centre);
  const distance = interOcular(fivePoints(landmarks));
  const where = faceMatte(landmarks, size, { grow: AROUND, softness: 0.02 });
  const { scale } = own.flow;
  const template = flowTemplate(own.flow.pyramid, { noise: own.flow.noise, where: shrunk(where, size, scale) });
  const neighbours: AlignedNeighbour[] = [];
  const corrections = new Float64Array(2 * LANDMARK_COUNT);
  for (let k = 0; k < Math.max(before.length, after.length); k++) {
    for (const patch of [before[k], after[k]]) {
      if (!patch) continue;
      const other = prepare(patch);
      const start = meshStart(landmarks, patch.landmarks, size, scale);
      const flow = denseFlow(template, other.flow.pyramid, {
        start,
        bound: (BOUND * distance) / scale,
        smoothing: (SMOOTHING * distance) / scale,
      });
      addCorrections(corrections, flow, start, landmarks, scale);
      const rgb = sampleFlow(other.rgb, size, flow, scale, where);
      if (!bringToBrightness(own.rgb, rgb, where, size)) continue;
      neighbours.push({ offset: patch === before[k] ? -(k + 1) : k + 1, rgb });
    }
  }
  return {
    size,
    centre: own.rgb,
    scratched: own.scratched,
    neighbours,
    isLitAlone: neighbours.length === 0 && before.length + after.length > 0,
    where,
    landmarks: corrected(landmarks, corrections, neighbours.length + 1, LANDMARK_SMOOTHING * distance),
  };
}

/** Every `scale`-th pixel of a mask. */
function shrunk(where: Float32Array, size: number, scale: number): Float32Array {
  if (scale === 1) return where;
  const side = Math.floor(size / scale);
  return Float32Array.from({ length: side * side }, (_, i) => {
    return where[scale * (Math.floor(i / side) * size + (i % side))] as number;
  });
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

/** Side of the squares whose means are compared, pixels. */
const SQUARE = 8;
/** A gain beyond this is no breathing of the exposure but another light. */
const GREATEST_GAIN = 2;
/** So is what no gain explains: the median over the squares of what is left, as a share of the face's brightness. */
const MOST_LEFT = 0.05;

/**
 * Multiplies each channel of a neighbour by the median ratio of the centre's means to its own, in place: the film's breathing stays
 * the centre's. False where no gain makes them alike.
 */
function bringToBrightness(centre: Float32Array, rgb: Float32Array, where: Float32Array, size: number): boolean {
  const area = size * size;
  let left = 0;
  for (let c = 0; c < 3; c++) {
    const own = centre.subarray(c * area, (c + 1) * area);
    const other = rgb.subarray(c * area, (c + 1) * area);
    const pairs = squareMeans(own, other, where, size);
    if (pairs.length === 0) continue;
    const ratio = median(pairs.map(([a, b]) => a / Math.max(0.004, b)));
    const gain = Math.min(GREATEST_GAIN, Math.max(1 / GREATEST_GAIN, ratio));
    const rest = median(pairs.map(([a, b]) => Math.abs(a - gain * b)));
    left = Math.max(left, rest / Math.max(0.02, median(pairs.map(([a]) => a))));
    for (let i = 0; i < area; i++) other[i] = gain * (other[i] as number);
  }
  return left < MOST_LEFT;
}

/** Means of two planes over the squares that lie wholly in `where`. */
function squareMeans(a: Float32Array, b: Float32Array, where: Float32Array, size: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let y = 0; y + SQUARE <= size; y += SQUARE) {
    for (let x = 0; x + SQUARE <= size; x += SQUARE) {
      let sumA = 0;
      let sumB = 0;
      let inside = 0;
      for (let j = y; j < y + SQUARE; j++) {
        for (let i = j * size + x, end = i + SQUARE; i < end; i++) {
          if ((where[i] as number) > 0) inside += 1;
          sumA += a[i] as number;
          sumB += b[i] as number;
        }
      }
      if (inside === SQUARE * SQUARE) pairs.push([sumA / inside, sumB / inside]);
    }
  }
  return pairs;
}

function median(values: number[]): number {
  values.sort((p, q) => p - q);
  return values[values.length >> 1] ?? 0;
}
