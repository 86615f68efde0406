import { LANDMARK_COUNT } from '../src/face/landmarks.ts';
import { applyX, applyY } from '../src/face/similarity.ts';
import { smoothstep } from '../src/film/interpolate.ts';
import type { Portrait } from './portrait.ts';

/** How the head stands on the shoulders, radians; all zero = as in the portrait. */
export interface HeadPose {
  /** About the vertical axis; positive turns the nose to the picture's right. */
  readonly yaw: number;
  /** About the horizontal axis; positive lowers the nose. */
  readonly pitch: number;
  /** In the picture plane, clockwise. */
  readonly roll: number;
}

/** How far each point of the portrait stands out of the plane of the head's axis, in face units. */
export interface HeadDepth {
  readonly values: Float64Array;
}

const LEFT = -2.4;
const TOP = -2.6;
const STEP = 0.06;
const COLUMNS = 81;
const ROWS = 101;
/** Depth of the eyes before the head's axis, over inter-ocular distance: about that of a head 15 cm wide. */
const AXIS_DEPTH = 1.15;
/** Width of the Gaussian by which the landmarks' depth is spread (Nadaraya and Watson 1964). */
const SPREAD = 0.15;
/** Weight of the skull's ellipsoid against the landmarks: it decides only where there are none. */
const SKULL_WEIGHT = 0.15;

export function headDepth(portrait: Portrait): HeadDepth {
  const { landmarks, toFace, iod } = portrait;
  const values = new Float64Array(COLUMNS * ROWS);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const u = LEFT + STEP * column;
      const v = TOP + STEP * row;
      let sum = 0;
      let weight = 0;
      for (let i = 0; i < LANDMARK_COUNT; i++) {
        const x = landmarks[3 * i] as number;
        const y = landmarks[3 * i + 1] as number;
        const du = applyX(toFace, x, y) - u;
        const dv = applyY(toFace, x, y) - v;
        const w = Math.exp(-(du * du + dv * dv) / (2 * SPREAD * SPREAD));
        sum += w * (AXIS_DEPTH - (landmarks[3 * i + 2] as number) / iod);
        weight += w;
      }
      const skull = 1.2 * Math.sqrt(Math.max(0, 1 - (u / 1.2) ** 2 - ((v + 0.1) / 1.9) ** 2));
      values[row * COLUMNS + column] = (sum + SKULL_WEIGHT * skull) / (weight + SKULL_WEIGHT);
    }
  }
  return { values };
}

function depthAt(depth: HeadDepth, u: number, v: number): number {
  const x = Math.min(COLUMNS - 1.001, Math.max(0, (u - LEFT) / STEP));
  const y = Math.min(ROWS - 1.001, Math.max(0, (v - TOP) / STEP));
  const i = Math.floor(x);
  const j = Math.floor(y);
  const fx = x - i;
  const fy = y - j;
  const at = j * COLUMNS + i;
  const a = depth.values[at] as number;
  const b = depth.values[at + 1] as number;
  const c = depth.values[at + COLUMNS] as number;
  const d = depth.values[at + COLUMNS + 1] as number;
  return (a + fx * (b - a)) * (1 - fy) + (c + fx * (d - c)) * fy;
}

/** 1 on the head, 0 on the shoulders: what the neck makes of a movement of the head. */
function headShare(u: number, v: number): number {
  return 1 - smoothstep(1, 1.55, Math.hypot(u / 1.8, (v + 0.1) / 1.9));
}

/** v of the axis of nodding and of the pivot of leaning: the neck. */
const NECK = 1.5;

/** Where the point (`u`, `v`) of the unmoved head goes, without perspective. Writes into `out`. */
export function posedPoint(depth: HeadDepth, pose: HeadPose, u: number, v: number, out: Float64Array): void {
  const share = headShare(u, v);
  if (share === 0) {
    out[0] = u;
    out[1] = v;
    return;
  }
  const z = depthAt(depth, u, v);
  const x1 = u * Math.cos(pose.yaw) + z * Math.sin(pose.yaw);
  const z1 = z * Math.cos(pose.yaw) - u * Math.sin(pose.yaw);
  const y1 = (v - NECK) * Math.cos(pose.pitch) + z1 * Math.sin(pose.pitch);
  const x2 = x1 * Math.cos(pose.roll) - y1 * Math.sin(pose.roll);
  const y2 = x1 * Math.sin(pose.roll) + y1 * Math.cos(pose.roll) + NECK;
  out[0] = u + share * (x2 - u);
  out[1] = v + share * (y2 - v);
}

/** The point of the unmoved head that is seen at (`u`, `v`), by fixed-point iteration from the guess in `out`. */
export function unposedPoint(depth: HeadDepth, pose: HeadPose, u: number, v: number, out: Float64Array): void {
  let x = out[0] as number;
  let y = out[1] as number;
  for (let k = 0; k < 24; k++) {
    posedPoint(depth, pose, x, y, out);
    const dx = u - (out[0] as number);
    const dy = v - (out[1] as number);
    x += dx;
    y += dy;
    if (dx * dx + dy * dy < 1e-9) break;
  }
  out[0] = x;
  out[1] = y;
}
