import { CANONICAL_POINTS } from '../../src/face/canonical-face.ts';
import { LANDMARK_COUNT, type Landmarks } from '../../src/face/landmarks.ts';
import { LIPS_INNER, LIPS_OUTER } from '../../src/face/regions.ts';

export interface Drawing {
  /** Where the middle of the head lies, pixels. */
  readonly x: number;
  readonly y: number;
  /** Inter-ocular distance of the frontal face, pixels. */
  readonly interOcular: number;
  /** Radians: to the picture's right, downwards, clockwise. */
  readonly yaw?: number;
  readonly pitch?: number;
  readonly roll?: number;
  /** How far the lower lip and chin drop, in inter-ocular distances. */
  readonly mouth?: number;
}

/** Distance between the eye centres of the canonical face, in its units. */
const CANONICAL_INTER_OCULAR = 6300;

/** How far from the middle line the jaw's drop fades, in canonical units. */
const JAW_WIDTH = 5000;

/** Landmarks of the canonical face, turned and placed (scaled orthographic), with a mouth that opens. */
export function drawFace({ x, y, interOcular, yaw = 0, pitch = 0, roll = 0, mouth = 0 }: Drawing): Landmarks {
  const scale = interOcular / CANONICAL_INTER_OCULAR;
  const lower = new Set([...LIPS_OUTER.slice(11), ...LIPS_INNER.slice(11)]);
  const lip = CANONICAL_POINTS[3 * 14 + 1] as number;
  const out = new Float32Array(3 * LANDMARK_COUNT);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const px = CANONICAL_POINTS[3 * i] as number;
    let py = CANONICAL_POINTS[3 * i + 1] as number;
    const pz = CANONICAL_POINTS[3 * i + 2] as number;
    if (lower.has(i) || py > lip) py += mouth * CANONICAL_INTER_OCULAR * Math.exp(-((px / JAW_WIDTH) ** 2));
    // Yaw about the upright axis: a positive one carries the nose (z < 0) to the picture's right.
    const x1 = px * Math.cos(yaw) - pz * Math.sin(yaw);
    const z1 = px * Math.sin(yaw) + pz * Math.cos(yaw);
    const y2 = py * Math.cos(pitch) - z1 * Math.sin(pitch);
    const z2 = py * Math.sin(pitch) + z1 * Math.cos(pitch);
    out[3 * i] = x + scale * (x1 * Math.cos(roll) - y2 * Math.sin(roll));
    out[3 * i + 1] = y + scale * (x1 * Math.sin(roll) + y2 * Math.cos(roll));
    out[3 * i + 2] = scale * z2;
  }
  return out;
}
