import { blurPatch } from '../../compute/cpu/blur.ts';
import { boxBlur } from '../../compute/cpu/box-blur.ts';
import { flowPyramid } from '../../compute/cpu/flow-pyramid.ts';
import { doubled, halved } from '../../compute/cpu/half-size.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { smoothstep } from '../../film/interpolate.ts';
import { flowTemplate } from '../../motion/dense-flow.ts';
import { flowPictureOptions } from '../window/flow-picture.ts';
import { localContrast, localLikeness } from './local-likeness.ts';
import { plateBlur } from './plate-blur.ts';
import type { ReferenceStill } from './reference-still.ts';
import { type FaceToMatch, lightOf, type RegisteredStill, registerStill } from './still-registration.ts';

/** Widths of the windows in which likeness and error are judged, inter-ocular distances. */
const WINDOW = 0.055;
const ERROR_WINDOW = 0.06;
const CONTRAST_WINDOW = 0.15;
/** Likeness from which a still's detail counts, and in full: registered, and before registration. */
const ALIKE = [0.5, 0.8] as const;
/** In eyes a lid that differs by a little is another lid. */
const ALIKE_EYES = [0.65, 0.9] as const;
const ALIKE_BEFORE = [0.1, 0.45] as const;
/** Agreement, a mean over the face's detail, from which a still is believed at all, and in full: one that agrees in spots agrees by chance. */
const ACCEPTED = [0.25, 0.5] as const;
/** What a still's error costs against what its detail gains. */
const WORTH = 0.5;
/** Deviation, 0 … 1, by which a worse still loses against a better one. */
const TEMPERATURE = 4 / 255;
/** A plate no blurrier than this, patch pixels, has lost nothing. */
const SHARP = 0.3;
/** Blur, patch pixels, from which it is made at half the size. */
const WIDE = 2;

/** Detail that stills say a plate has lost. */
export interface DetailTransfer {
  /** `Float32Array` of size²: luma to add, about 0. */
  readonly detail: Float32Array;
  /** `Float32Array` of size²: share of the stills' detail that was believed there, 0 … 1. */
  readonly gate: Float32Array;
  /** How much of the detail that stills offered was believed, 0 … 1; null where the plate has lost none. */
  readonly accepted: number | null;
  /** The plate's blur over the stills', patch pixels. */
  readonly blur: number;
}

export interface DetailMasks {
  /** `Float32Array` of size², above 0 where the face is looked at. */
  readonly where: Float32Array;
  /** 1 in the eyes, else 0, at the size at which motion is looked for (see `flowPictureOptions`). */
  readonly eyes: Float32Array;
}

/**
 * What a repaired face has lost, from several stills of the same person.
 *
 * Each still is registered to the face and blurred as the plate is; its detail is what that blur takes from it. Around each pixel it
 * counts only where the blurred still and the plate are alike, before and after registration, and where their difference is small
 * against the detail: a blink finds no open eye. Among stills that agree the nearest counts most (softmax of the error).
 *
 * @param face luma of the repaired face, `Float32Array` of size², 0 … 1
 * @param masks where the face is looked at, and its eyes
 */
export function detailTransfer(
  face: Float32Array,
  landmarks: Landmarks,
  stills: readonly ReferenceStill[],
  { where, eyes }: DetailMasks,
  size: number,
): DetailTransfer {
  const match = faceToMatch(face, landmarks, size);
  const seen = stills.map((still) => registerStill(still, match, where));
  // Outside of what was looked at the face stands in, so that windows across the border compare like with like.
  for (const { luma } of seen)
    for (let i = 0; i < luma.length; i++) if (!((where[i] as number) > 0)) luma[i] = face[i] as number;
  const { side } = match;
  const area = side * side;
  const distance = PATCH_INTER_OCULAR * side;
  const blur = commonBlur(face, seen, match);
  if (blur < SHARP)
    return { detail: new Float32Array(size * size), gate: new Float32Array(size * size), accepted: null, blur };
  const total = new Float32Array(area);
  const look = shrunk(where, size, side);
  const judged = seen.map((still) => {
    const soft = blurredAs(still.luma, size, blur);
    const lost = new Float32Array(size * size);
    for (let i = 0; i < lost.length; i++) lost[i] = (still.luma[i] as number) - (soft[i] as number);
    const small = shrunk(soft, size, side);
    const energy = boxBlur(shrunk(squared(lost), size, side), side, ERROR_WINDOW * distance);
    const error = boxBlur(squaredDifference(match.luma, small), side, ERROR_WINDOW * distance);
    const share = acceptedAsWhole(agreement(still, small, energy, error, match, eyes, blur), energy, look);
    const contrast = localContrast(match.luma, small, side, CONTRAST_WINDOW * distance);
    for (let i = 0; i < area; i++) share[i] = (share[i] as number) * (contrast[i] as number);
    const weight = new Float32Array(area);
    for (let i = 0; i < area; i++) {
      weight[i] = Math.exp(-Math.sqrt(error[i] as number) / TEMPERATURE);
      total[i] = (total[i] as number) + (weight[i] as number);
    }
    return { lost, energy, share, weight };
  });
  const detail = new Float32Array(size * size);
  const gate = new Float32Array(area);
  let offered = 0;
  let accepted = 0;
  for (const { lost, energy, share, weight } of judged) {
    const part = new Float32Array(area);
    for (let i = 0; i < area; i++) {
      const whole = (weight[i] as number) / Math.max(1e-9, total[i] as number);
      part[i] = whole * (share[i] as number);
      if (!((look[i] as number) > 0)) continue;
      gate[i] = (gate[i] as number) + (part[i] as number);
      offered += (energy[i] as number) * whole;
      accepted += (energy[i] as number) * (part[i] as number);
    }
    const full = enlarged(part, side, size);
    for (let i = 0; i < detail.length; i++)
      detail[i] = (detail[i] as number) + (full[i] as number) * (lost[i] as number);
  }
  return { detail, gate: enlarged(gate, side, size), accepted: offered > 0 ? accepted / offered : null, blur };
}

function faceToMatch(face: Float32Array, landmarks: Landmarks, size: number): FaceToMatch {
  const picture = flowPyramid(face, size, flowPictureOptions(size));
  const side = size / picture.scale;
  const luma = shrunk(face, size, side);
  return {
    size,
    side,
    luma,
    light: lightOf(luma, side),
    template: flowTemplate(picture.pyramid, { noise: picture.noise }),
    landmarks,
  };
}

/** How far a still is to be believed around each pixel: `Float32Array` of side², 0 … 1. `soft` is the still as blurred as the plate. */
function agreement(
  { unregistered, fit }: RegisteredStill,
  soft: Float32Array,
  energy: Float32Array,
  error: Float32Array,
  { size, side, luma }: FaceToMatch,
  eyes: Float32Array,
  blur: number,
): Float32Array {
  const window = WINDOW * PATCH_INTER_OCULAR * side;
  const after = localLikeness(luma, soft, side, window);
  const before = localLikeness(luma, blurPatch(unregistered, side, (blur * side) / size), side, 2 * window);
  const noise = quietest(error);
  for (let i = 0; i < after.length; i++) {
    const alike =
      (eyes[i] === 1 ? smoothstep(...ALIKE_EYES, after[i] as number) : smoothstep(...ALIKE, after[i] as number)) *
      smoothstep(...ALIKE_BEFORE, before[i] as number);
    const rest = Math.max(0, (error[i] as number) - noise);
    after[i] = alike * (fit[i] as number) * worth(energy[i] as number, rest);
  }
  return after;
}

/** Agreement as it is, or less where too little of the face agrees; in place. */
function acceptedAsWhole(share: Float32Array, energy: Float32Array, look: Float32Array): Float32Array {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < share.length; i++) {
    if (!((look[i] as number) > 0)) continue;
    // Smooth skin has nothing to agree about.
    sum += (energy[i] as number) * (share[i] as number);
    count += energy[i] as number;
  }
  const confidence = count > 0 ? smoothstep(...ACCEPTED, sum / count) : 0;
  for (let i = 0; i < share.length; i++) share[i] = confidence * (share[i] as number);
  return share;
}

/** The plate's blur over that of the stills which are most like it. */
function commonBlur(face: Float32Array, stills: readonly RegisteredStill[], { size, side, luma }: FaceToMatch): number {
  const ranked = stills
    .map((still) => {
      const small = shrunk(still.luma, size, side);
      const weight = localLikeness(luma, small, side, WINDOW * PATCH_INTER_OCULAR * side);
      let alike = 0;
      for (let i = 0; i < weight.length; i++) {
        weight[i] = Math.max(0, (weight[i] as number) - 0.5);
        alike += weight[i] as number;
      }
      return { still, weight, alike };
    })
    .sort((a, b) => b.alike - a.alike)
    .slice(0, 2);
  // A poor match reads as blur: of the two best the smaller figure is believed.
  return Math.min(
    ...ranked.map(({ still, weight }) => plateBlur(face, still.luma, enlarged(weight, side, size), size)),
    Infinity,
  );
}

/** A plane as blurred as the plate; a wide blur is made at half the size, at a quarter of the work. */
function blurredAs(plane: Float32Array, size: number, blur: number): Float32Array {
  if (blur < WIDE) return blurPatch(plane, size, blur);
  // Averaging 2 × 2 has a variance of ¼, interpolating back one of ¾: what is left is the Gaussian's.
  return doubled(blurPatch(halved(plane, size), size >> 1, Math.sqrt(blur * blur - 1) / 2), size >> 1);
}

/** A plane at a smaller side, by halving; and back. */
function shrunk(plane: Float32Array, size: number, side: number): Float32Array {
  let out = plane;
  for (let s = size; s > side; s >>= 1) out = halved(out, s);
  return out;
}

function enlarged(plane: Float32Array, side: number, size: number): Float32Array {
  let out = plane;
  for (let s = side; s < size; s *= 2) out = doubled(out, s);
  return out;
}

/** Share of a still's detail that is worth its error: all where they match, none where the error is the larger by far. */
function worth(gain: number, error: number): number {
  return gain > 0 ? 1 / (1 + ((WORTH * error) / gain) ** 2) : 0;
}

/** The error of the quietest places of the middle of the patch: grain that is left. */
function quietest(error: Float32Array): number {
  const size = Math.sqrt(error.length);
  const quarter = size >> 2;
  const found: number[] = [];
  for (let y = quarter; y < size - quarter; y += 2) {
    for (let x = quarter; x < size - quarter; x += 2) found.push(error[y * size + x] as number);
  }
  found.sort((p, q) => p - q);
  return found[found.length >> 2] ?? 0;
}

function squared(plane: Float32Array): Float32Array {
  const out = new Float32Array(plane.length);
  for (let i = 0; i < out.length; i++) out[i] = (plane[i] as number) * (plane[i] as number);
  return out;
}

function squaredDifference(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < out.length; i++) {
    const d = (a[i] as number) - (b[i] as number);
    out[i] = d * d;
  }
  return out;
}
