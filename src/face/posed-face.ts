import { CANONICAL_POINTS, RIGID_POINTS, RIGID_WEIGHTS } from './canonical-face.ts';
import type { Landmarks } from './landmarks.ts';
import { poseOf } from './pose.ts';

/** Carries points of the canonical head (x, y, z triples, its units) to where a head is seen. Depth is in pixels too. */
export interface HeadPlacement {
  /** Rows of the turn and growth in one. */
  readonly m: readonly [number, number, number, number, number, number, number, number, number];
  readonly t: readonly [number, number, number];
}

/** Where a head is by its landmarks: turned as `poseOf` says, as large, and its rigid points about the same middle. */
export function headPlacement(landmarks: Landmarks): HeadPlacement {
  const { yaw, pitch, roll, scale } = poseOf(landmarks);
  const s = scale / 1000;
  const [cy, sy, cp, sp, cr, sr] = [yaw, pitch, roll].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // Rz(roll) · Rx(pitch) · Ry(yaw), where yaw is counted against the axis.
  const m = [
    s * (cr * cy + sr * sp * sy),
    s * -sr * cp,
    s * (-cr * sy + sr * sp * cy),
    s * (sr * cy - cr * sp * sy),
    s * cr * cp,
    s * (-sr * sy - cr * sp * cy),
    s * cp * sy,
    s * sp,
    s * cp * cy,
  ] as unknown as HeadPlacement['m'];
  const from = middleOf(CANONICAL_POINTS);
  const to = middleOf(landmarks);
  const [x, y, z] = from;
  return {
    m,
    t: [0, 1, 2].map(
      (row) => (to[row] as number) - m[3 * row] * x - m[3 * row + 1] * y - m[3 * row + 2] * z,
    ) as unknown as HeadPlacement['t'],
  };
}

/** The canonical face where a head is seen: nobody's features in somebody's pose, pixels. */
export function posedFace({ m, t }: HeadPlacement): Landmarks {
  const out = new Float32Array(CANONICAL_POINTS.length);
  for (let i = 0; i < out.length; i += 3) {
    for (let row = 0; row < 3; row++) {
      out[i + row] =
        m[3 * row] * CANONICAL_POINTS[i] +
        m[3 * row + 1] * CANONICAL_POINTS[i + 1] +
        m[3 * row + 2] * CANONICAL_POINTS[i + 2] +
        t[row];
    }
  }
  return out;
}

/** Weighted mean of the points that move with the skull. */
function middleOf(points: ArrayLike<number>): readonly [number, number, number] {
  const sums = [0, 0, 0];
  let total = 0;
  RIGID_POINTS.forEach((i, k) => {
    const weight = RIGID_WEIGHTS[k];
    total += weight;
    for (let c = 0; c < 3; c++) sums[c] = sums[c] + weight * points[3 * i + c];
  });
  return sums.map((sum) => sum / total) as unknown as [number, number, number];
}
