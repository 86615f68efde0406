import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Patch } from '../../compute/patch.ts';
import { fivePoints, interOcular, LANDMARK_COUNT, type Landmarks } from '../../face/landmarks.ts';
import type { Roi } from '../../film/roi.ts';
import type { PatchWindow } from '../restorer.ts';
import { meshStart } from './mesh-start.ts';
import type { WindowTools } from './window-tools.ts';

/** The frames of a window in the geometry and brightness of its middle one. Closing it closes its images. */
export interface AlignedWindow extends Disposable {
  readonly size: number;
  /** The centre without scratches, 3 planes. */
  readonly centre: Image;
  /**
   * Its luma at half the size, then each neighbour's; that is the centre's where the window is not looked at, so that a window across the
   * border sees no edge.
   */
  readonly lumas: Image;
  /** Where they are looked at: 1 where all four pixels are, else 0. */
  readonly look: Image;
  /** Above 0 where the centre was scratched; null: nowhere. */
  readonly scratched: Image | null;
  /**
   * Neighbours as the centre would show them, 3 planes each at its brightness; 0 where the window is not looked at. The nearest first; those
   * in another light are left out.
   */
  readonly neighbours: Image;
  /** How many frames from the centre each of them lies; negative = before. */
  readonly offsets: readonly number[];
  /** Neighbours that there were. */
  readonly offered: number;
  /** True where there were neighbours, and all of them in another light: a flash, or the middle of a dissolve. */
  readonly isLitAlone: boolean;
  /** Above 0 on the face and a little around it: what is looked at. */
  readonly where: Image;
  /** The centre's landmarks, moved to where the window's pixels say that they lie. */
  readonly landmarks: Landmarks;
  /** See `Patch.visibility`: the centre's. */
  readonly visibility?: Image | undefined;
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
/** A gain beyond this is no breathing of the exposure but another light. */
const GREATEST_GAIN = 2;
/** So is what no gain explains, as a share of the face's brightness. */
const MOST_LEFT = 0.05;

/**
 * Brings the neighbours of a frame into its geometry: the mesh tells where each part of the face went, dense flow of the
 * normalised luma refines it to the pixels, and both are sampled at once, bicubically. The frame itself is never resampled.
 *
 * The same flow refines the centre's landmarks. Where the mesh says that a feature went is off by the landmarks' errors in both
 * frames; averaged over the window, what flow adds is the centre's own error less the window's mean error, and is taken back.
 *
 * @param area the only pixels that are asked for: no more than these and what is around them is looked at
 */
export async function alignWindow(
  window: PatchWindow,
  { compute, patches }: WindowTools,
  area?: Roi,
): Promise<AlignedWindow> {
  using owned = openOwnership();
  const { size, landmarks } = window.centre;
  const own = owned.own(patches.lend(window.centre));
  const distance = interOcular(fivePoints(landmarks));
  const where = owned.own(
    compute.faceMatte(landmarks, size, {
      grow: AROUND,
      softness: 0.02,
      ...(area ? { within: { area, margin: CONTEXT * distance } } : {}),
    }),
  );
  using luma = compute.halvedLuma(own.rgb);
  const look = owned.own(compute.halvedWhole(where));
  const template = owned.own(compute.flowTemplate(own.picture, where));
  const { scale } = template;
  const offered = neighboursOf(window);
  const sources = offered.map(({ patch }) => {
    const { rgb, picture } = owned.own(patches.lend(patch));
    return { rgb, picture, start: meshStart(landmarks, patch.landmarks, size, scale) };
  });
  using aligned = compute.alignNeighbours({ template, rgb: own.rgb, where, luma, look }, sources, {
    bound: (BOUND * distance) / scale,
    smoothing: (SMOOTHING * distance) / scale,
    points: landmarks,
    greatestGain: GREATEST_GAIN,
  });
  const { otherLight, beyondStart } = await compute.statistics({
    otherLight: aligned.otherLight,
    beyondStart: aligned.beyondStart,
  });
  const alike = otherLight.flatMap((left, k) => (left < MOST_LEFT ? [k] : []));
  const corrections = sumOf(alike.map((k) => beyondStart[k] as Float64Array));
  return {
    size,
    centre: own.rgb,
    lumas: owned.own(compute.planes(aligned.lumas, [0, ...alike.map((k) => k + 1)])),
    look,
    scratched: own.scratched,
    neighbours: owned.own(compute.planes(aligned.rgb, alike.flatMap(planesOfNeighbour))),
    offsets: alike.map((k) => (offered[k] as OfferedNeighbour).offset),
    offered: offered.length,
    isLitAlone: alike.length === 0 && offered.length > 0,
    where,
    visibility: window.centre.visibility,
    landmarks: corrected(landmarks, corrections, alike.length + 1, LANDMARK_SMOOTHING * distance),
    ...owned.handOver(),
  };
}

/** The planes of an aligned window's neighbour in its `neighbours`. */
export function planesOfNeighbour(k: number): number[] {
  return [3 * k, 3 * k + 1, 3 * k + 2];
}

interface OfferedNeighbour {
  readonly offset: number;
  readonly patch: Patch;
}

/** A window's neighbours, the nearest first. */
function neighboursOf({ before, after }: PatchWindow): OfferedNeighbour[] {
  const found: OfferedNeighbour[] = [];
  for (let k = 0; k < Math.max(before.length, after.length); k++) {
    const [earlier, later] = [before[k], after[k]];
    if (earlier) found.push({ offset: -(k + 1), patch: earlier });
    if (later) found.push({ offset: k + 1, patch: later });
  }
  return found;
}

/** The sum of what each neighbour says of every landmark: x, y. */
function sumOf(corrections: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(2 * LANDMARK_COUNT);
  for (const one of corrections)
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (one[i] as number);
  return sums;
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
