import { clamp } from '../film/interpolate.ts';
import { blurOfFace } from './blur.ts';
import { CANONICAL_POINTS, RIGID_POINTS, RIGID_WEIGHTS } from './canonical-face.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import type { RgbPicture } from './networks.ts';

/**
 * Turn of a head, radians. The landmark network's depth is only a guess, so these angles serve to compare faces (to some
 * degrees), not to measure.
 */
export interface Pose {
  /** Positive: the nose points to the picture's right. */
  readonly yaw: number;
  /** Positive: the nose points down. */
  readonly pitch: number;
  /** Positive: clockwise on the screen. */
  readonly roll: number;
  /** Pixels a centimetre of the canonical face. */
  readonly scale: number;
}

const CANONICAL_UNITS_PER_CENTIMETRE = 1000;

/** The pose that carries the canonical face's rigid points nearest to the landmarks (Horn 1987: unit quaternion, closed form). */
export function poseOf(landmarks: Landmarks): Pose {
  const from = centred(CANONICAL_POINTS);
  const to = centred(landmarks);
  // Sums of products S_ab = Σ w · from_a · to_b.
  const s = new Float64Array(9);
  RIGID_WEIGHTS.forEach((w, k) => {
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        s[3 * a + b] = s[3 * a + b] + w * from.xyz[3 * k + a] * to.xyz[3 * k + b];
      }
    }
  });
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s as unknown as Nine;
  const quaternion = largestEigenvector([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ]);
  const [w, x, y, z] = quaternion as [number, number, number, number];
  // Of the rotation Rz(roll) · Rx(pitch) · Ry(yaw): its last row and its middle column.
  const r31 = 2 * (x * z - w * y);
  const r32 = 2 * (y * z + w * x);
  const r33 = 1 - 2 * (x * x + y * y);
  const r12 = 2 * (x * y - w * z);
  const r22 = 1 - 2 * (x * x + z * z);
  return {
    yaw: Math.atan2(r31, r33),
    pitch: Math.asin(Math.min(1, Math.max(-1, r32))),
    roll: Math.atan2(-r12, r22),
    scale: Math.sqrt(to.spread / from.spread) * CANONICAL_UNITS_PER_CENTIMETRE,
  };
}

/** 1 = straight into the camera, 0 = profile or beyond. */
export function frontalness(pose: Pose): number {
  return Math.max(0, Math.cos(pose.yaw)) * Math.max(0, Math.cos(pose.pitch));
}

/** Angle between two faces' directions, radians. Their turn in the picture's plane does not count: alignment undoes it. */
export function poseDistance(a: Landmarks, b: Landmarks): number {
  return angleBetween(poseOf(a), poseOf(b));
}

/** Angle between two heads' directions, radians, whatever their roll. */
export function angleBetween(a: Pose, b: Pose): number {
  const cosine =
    Math.cos(a.pitch) * Math.cos(b.pitch) * Math.cos(a.yaw - b.yaw) + Math.sin(a.pitch) * Math.sin(b.pitch);
  return Math.acos(Math.min(1, Math.max(-1, cosine)));
}

/**
 * Inter-ocular distance at which a face begins to be recognised, and how much more makes it fully so, pixels. Of 165 faces shrunk
 * to 20 pixels one was refused at the recogniser's own threshold, as of the same faces whole (docs/measured.md).
 */
const LEAST_SIZE = 10;
const SIZE_SPAN = 14;
/** Inter-ocular distance in the 112-pixel input of recognisers (ArcFace's alignment, Deng 2019). */
const RECOGNISED_SIZE = 35.2;
/** Blur in that input, standard deviation in pixels: up to the first quality is full, at the second it is 0. */
const SHARP = 0.7;
const USELESS = 3;

/**
 * Quality of an embedding of this face in this picture, 0 … 1: the least of the qualities of size, sharpness and pose.
 *
 * Of size (distance − 10) / 14; of pose cos yaw · cos pitch, as quality-aware thresholds take it; of sharpness from the blur's
 * standard deviation as the recogniser sees it.
 */
export function observationQuality(picture: RgbPicture, landmarks: Landmarks): number {
  const distance = interOcular(fivePoints(landmarks));
  const size = (distance - LEAST_SIZE) / SIZE_SPAN;
  // A face without any edge is out of focus.
  const blur = blurOfFace(picture, landmarks) ?? Infinity;
  const seen = (blur * RECOGNISED_SIZE) / distance;
  const sharpness = (USELESS - seen) / (USELESS - SHARP);
  return clamp(Math.min(size, sharpness, frontalness(poseOf(landmarks))), 0, 1);
}

type Nine = readonly [number, number, number, number, number, number, number, number, number];

function centred(points: ArrayLike<number>): { xyz: Float64Array; spread: number } {
  const xyz = new Float64Array(3 * RIGID_POINTS.length);
  const total = RIGID_WEIGHTS.reduce((sum, w) => sum + w, 0);
  let spread = 0;
  for (let c = 0; c < 3; c++) {
    let mean = 0;
    RIGID_POINTS.forEach((i, k) => {
      mean += (RIGID_WEIGHTS[k] * points[3 * i + c]) / total;
    });
    RIGID_POINTS.forEach((i, k) => {
      const v = points[3 * i + c] - mean;
      xyz[3 * k + c] = v;
      spread += RIGID_WEIGHTS[k] * v * v;
    });
  }
  return { xyz, spread };
}

/** Eigenvector of the largest eigenvalue of a symmetric 4 × 4 matrix, by cyclic Jacobi rotations. */
function largestEigenvector(matrix: number[][]): number[] {
  const vectors = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)));
  const at = (m: number[][], i: number, j: number) => (m[i] as number[])[j] as number;
  const set = (m: number[][], i: number, j: number, v: number) => {
    (m[i] as number[])[j] = v;
  };
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < 3; p++) {
      for (let q = p + 1; q < 4; q++) {
        const off = at(matrix, p, q);
        if (off === 0) continue;
        const angle = 0.5 * Math.atan2(2 * off, at(matrix, q, q) - at(matrix, p, p));
        const c = Math.cos(angle);
        const s = Math.sin(angle);
        for (let k = 0; k < 4; k++) {
          const a = at(matrix, k, p);
          const b = at(matrix, k, q);
          set(matrix, k, p, c * a - s * b);
          set(matrix, k, q, s * a + c * b);
        }
        for (let k = 0; k < 4; k++) {
          const a = at(matrix, p, k);
          const b = at(matrix, q, k);
          set(matrix, p, k, c * a - s * b);
          set(matrix, q, k, s * a + c * b);
          const u = at(vectors, k, p);
          const v = at(vectors, k, q);
          set(vectors, k, p, c * u - s * v);
          set(vectors, k, q, s * u + c * v);
        }
      }
    }
  }
  const values = [0, 1, 2, 3].map((i) => at(matrix, i, i));
  const best = values.indexOf(Math.max(...values));
  return vectors.map((row) => row[best]);
}
