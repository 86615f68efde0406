import type { Landmarks } from '../src/face/landmarks.ts';
import type { Similarity } from '../src/face/similarity.ts';
import { smoothstep } from '../src/film/interpolate.ts';
import { edge, type Slit, slitOf } from './slit.ts';

/** What a face does in one frame. */
export interface Expression {
  /** Distance of the inner lips at their middle, over inter-ocular distance: 0 = closed, about 0.4 = wide open. */
  readonly mouth: number;
  /** How far each eye is shut, image-left and image-right: 0 = as in the portrait, 1 = closed. */
  readonly shut: readonly [number, number];
  /** How far the brows are raised, over inter-ocular distance. */
  readonly brows: number;
  /** How much narrower the mouth is: 0 = as in the portrait, 0.2 = pursed. */
  readonly purse: number;
  /** Sideways shift of the irises, over inter-ocular distance. */
  readonly gaze: number;
}

/** Which of two lips or lids a point belongs to. */
export type Side = 'upper' | 'lower';

/** The parts of a face that move, in face units (see `Portrait.toFace`). */
export interface FaceShape {
  readonly mouth: Slit;
  readonly eyes: readonly [Slit, Slit];
}

/** The inner lips and the lids of MediaPipe's canonical face model, from image left to right. */
const UPPER_LIP = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308];
const LOWER_LIP = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308];
const LEFT_UPPER_LID = [33, 246, 161, 160, 159, 158, 157, 173, 133];
const LEFT_LOWER_LID = [33, 7, 163, 144, 145, 153, 154, 155, 133];
const RIGHT_UPPER_LID = [362, 398, 384, 385, 386, 387, 388, 466, 263];
const RIGHT_LOWER_LID = [362, 382, 381, 380, 374, 373, 390, 249, 263];

export function faceShape(landmarks: Landmarks, toFace: Similarity): FaceShape {
  const slit = (upper: readonly number[], lower: readonly number[]) => slitOf(landmarks, toFace, upper, lower);
  return {
    mouth: slit(UPPER_LIP, LOWER_LIP),
    eyes: [slit(LEFT_UPPER_LID, LEFT_LOWER_LID), slit(RIGHT_UPPER_LID, RIGHT_LOWER_LID)],
  };
}

/** What the plate shows at one point of the moved face, as points of the face at rest. Reused between calls. */
export interface FacePoint {
  /** The skin (or lip, or lid) that lies here. */
  u: number;
  v: number;
  /** 0 … 1: how much of the inside (eyeball, teeth, cavity) shows instead. */
  inside: number;
  /** The inside's own point at rest. */
  insideU: number;
  insideV: number;
  /** 0 … 1: how far the inside is the dark cavity rather than what the portrait shows. */
  cavity: number;
  /** 0 … 1: how far the cavity is tongue. */
  tongue: number;
  /** Factor on the inside's brightness: lips and lids throw shadows. */
  shade: number;
}

export function facePoint(): FacePoint {
  return { u: 0, v: 0, inside: 0, insideU: 0, insideV: 0, cavity: 0, tongue: 0, shade: 1 };
}

/** Share of a closing movement that the upper lip makes; the jaw makes the rest. */
const UPPER_LIP_SHARE = 0.4;
/** How far the upper lip rises when the mouth opens beyond the portrait's smile. */
const UPPER_LIP_RISE = 0.12;
/** How far the chin goes down with the lower lip. */
const CHIN_SHARE = 0.85;
/** Share of a blink that the upper lid makes. */
const UPPER_LID_SHARE = 0.88;
const BROW_U = 0.52;
const BROW_V = -0.3;

/**
 * What lies at (`u`, `v`) of the moved face: the backward map from the moved face to the face at rest, in face units.
 *
 * Lips and lids are layers with an edge: above the slit the upper one, below it the lower one, between them the inside, so that an
 * opening mouth shows its inside and not stretched skin. `side` forces the layer, for following a point of it.
 * `ramp` is the width over which edges are softened: about one plate pixel.
 */
export function lookAt(
  shape: FaceShape,
  expression: Expression,
  u: number,
  v: number,
  ramp: number,
  point: FacePoint,
  side?: Side,
): void {
  point.inside = 0;
  point.cavity = 0;
  point.tongue = 0;
  point.shade = 1;
  let x = u;
  let y = v;
  // Beyond these bounds the bumps are below a thousandth of their height.
  if (expression.brows !== 0 && y < BROW_V + 0.6) {
    y += expression.brows * (bump(x + BROW_U, y - BROW_V, 0.3, 0.15) + bump(x - BROW_U, y - BROW_V, 0.3, 0.15));
  }
  const mouth = shape.mouth;
  const middle = (mouth.left + mouth.right) / 2;
  const mouthV = edge(mouth, mouth.upper, middle);
  if (expression.purse !== 0 && y > mouthV - 1)
    x += (x - middle) * expression.purse * bump(x - middle, y - mouthV, 0.55, 0.26);
  point.u = x;
  point.v = y;
  if (y > 0.45) lookAtMouth(mouth, expression, x, y, ramp, point, side);
  else {
    lookAtEye(shape.eyes[x < 0 ? 0 : 1], expression.shut[x < 0 ? 0 : 1], expression.gaze, x, y, ramp, point, side);
  }
}

function lookAtMouth(
  slit: Slit,
  expression: Expression,
  x: number,
  y: number,
  ramp: number,
  point: FacePoint,
  side?: Side,
): void {
  const top = edge(slit, slit.upper, x);
  const bottom = edge(slit, slit.lower, x);
  const rest = bottom - top;
  const closed = Math.max(0, 1 - expression.mouth / slit.widest);
  const open = Math.max(0, expression.mouth - slit.widest);
  const half = (slit.right - slit.left) / 2;
  const off = (x - (slit.left + slit.right) / 2) / half;
  const lens = off * off < 1 ? (1 - off * off) ** 0.7 : 0;

  const fall = closed * UPPER_LIP_SHARE * rest - open * UPPER_LIP_RISE * lens;
  const drop = -closed * (1 - UPPER_LIP_SHARE) * rest + open * (1 - UPPER_LIP_RISE) * lens;
  const upper = top + fall;
  const lower = bottom + drop;
  const isUpper = side ? side === 'upper' : y < (upper + lower) / 2;
  if (isUpper) {
    point.v = y - fall * (1 - smoothstep(0, 0.32, upper - y));
  } else {
    const below = y - lower;
    const jaw = (open * (1 - UPPER_LIP_RISE) - closed * (1 - UPPER_LIP_SHARE) * slit.widest * 0.5) * CHIN_SHARE;
    const chin = jaw * Math.exp((-off * off * half * half) / (2 * 0.55 * 0.55));
    const t = smoothstep(0.05, 0.5, below);
    point.v = y - (drop * (1 - t) + chin * t) * (1 - smoothstep(0.62, 1.2, below));
  }

  const aperture = lower - upper;
  if (aperture <= 0) return;
  const inside = cover((y - upper) / ramp) * cover((lower - y) / ramp);
  if (inside === 0) return;
  // The teeth hang from the skull: they stay where the portrait has them, and the lips uncover them.
  const teeth = top + 0.9 * rest;
  point.inside = inside * Math.min(1, aperture / 0.03);
  point.insideU = x;
  point.insideV = Math.max(y, top + 0.1 * rest);
  // At rest the portrait has its own shadows; a closing mouth darkens, until only the line between the lips is left.
  const parted = aperture / Math.max(rest, 1e-6);
  point.cavity = Math.max(
    smoothstep(teeth - 0.02, teeth + 0.015, y) * smoothstep(0, 0.04, open),
    0.75 * (1 - smoothstep(0.12, 0.6, parted)),
  );
  point.tongue = smoothstep(0.35, 1, (y - teeth) / Math.max(0.05, lower - teeth)) * smoothstep(0.05, 0.2, open);
  point.shade = 0.55 + 0.45 * smoothstep(0.1, 0.7, parted);
}

function lookAtEye(
  slit: Slit,
  shut: number,
  gaze: number,
  x: number,
  y: number,
  ramp: number,
  point: FacePoint,
  side?: Side,
): void {
  if (shut === 0 && gaze === 0) return;
  const top = edge(slit, slit.upper, x);
  const bottom = edge(slit, slit.lower, x);
  const rest = bottom - top;
  const fall = shut * UPPER_LID_SHARE * rest;
  const rise = shut * (1 - UPPER_LID_SHARE) * rest;
  const upper = top + fall;
  const lower = bottom - rise;
  const isUpper = side ? side === 'upper' : y < (upper + lower) / 2;
  point.v = isUpper ? y - fall * (1 - smoothstep(0, 0.33, upper - y)) : y + rise * (1 - smoothstep(0, 0.15, y - lower));
  if (rest <= 0) return;
  const aperture = lower - upper;
  point.inside = cover((y - upper) / ramp) * cover((lower - y) / ramp) * Math.min(1, Math.max(0, aperture) / 0.02);
  const off = (2 * (x - slit.left)) / (slit.right - slit.left) - 1;
  point.insideU = x - gaze * Math.max(0, 1 - off * off);
  point.insideV = y;
  point.shade = 1 - 0.35 * shut;
}

function cover(distance: number): number {
  return Math.min(1, Math.max(0, distance + 0.5));
}

function bump(x: number, y: number, width: number, height: number): number {
  return Math.exp(-0.5 * ((x * x) / (width * width) + (y * y) / (height * height)));
}

/** Where a point of the face at rest goes: the backward map solved by fixed-point iteration on the layer the point belongs to. */
export function movedPoint(shape: FaceShape, expression: Expression, u: number, v: number): readonly [number, number] {
  const slit = v > 0.45 ? shape.mouth : shape.eyes[u < 0 ? 0 : 1];
  const side: Side = v < (edge(slit, slit.upper, u) + edge(slit, slit.lower, u)) / 2 ? 'upper' : 'lower';
  const point = facePoint();
  let x = u;
  let y = v;
  for (let k = 0; k < 60; k++) {
    lookAt(shape, expression, x, y, 1, point, side);
    const dx = u - point.u;
    const dy = v - point.v;
    x += dx;
    y += dy;
    if (dx * dx + dy * dy < 1e-16) break;
  }
  return [x, y];
}
