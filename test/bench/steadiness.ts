import { fivePoints, interOcular, type Landmarks, NAMED_POINTS } from '../../src/face/landmarks.ts';
import type { Similarity3 } from '../../src/motion/similarity3.ts';

/** How steady landmarks are on a face whose motion is known, per cent of the distance between the eyes. */
export interface Steadiness {
  /** Root mean square second difference of eye centres and nose tip in the face's own frame. */
  readonly jitter: number;
  /** Root mean square distance of the same points from their mean. */
  readonly spread: number;
}

/** Eye centres and nose tip. */
const STILL: readonly (readonly number[])[] = [
  NAMED_POINTS['left eye'],
  NAMED_POINTS['right eye'],
  NAMED_POINTS['nose tip'],
];

/**
 * @param face before the motion; the depth of its points is taken for theirs
 * @param toPicture carries it to each frame's pixels
 */
export function steadinessOf(
  landmarks: readonly Landmarks[],
  face: Landmarks,
  toPicture: readonly Similarity3[],
): Steadiness {
  const found = landmarks.map((points, k) =>
    STILL.flatMap((sources) => onFace(meanOf(points, sources), meanOf(face, sources)[2], toPicture[k] as Similarity3)),
  );
  const at = (k: number, i: number) => (found[k] as readonly number[])[i] as number;
  let jitter = 0;
  let spread = 0;
  for (let i = 0; i < 2 * STILL.length; i++) {
    const mean = found.reduce((sum, points) => sum + (points[i] as number), 0) / found.length;
    for (let k = 0; k < found.length; k++) spread += (at(k, i) - mean) ** 2;
    for (let k = 1; k + 1 < found.length; k++) jitter += (at(k - 1, i) - 2 * at(k, i) + at(k + 1, i)) ** 2;
  }
  const unit = interOcular(fivePoints(face)) / 100;
  return {
    jitter: Math.sqrt(jitter / (STILL.length * (found.length - 2))) / unit,
    spread: Math.sqrt(spread / (STILL.length * found.length)) / unit,
  };
}

type Point = readonly [number, number, number];

function meanOf(points: Landmarks, sources: readonly number[]): Point {
  const mean: [number, number, number] = [0, 0, 0];
  for (const i of sources)
    for (const c of [0, 1, 2] as const) mean[c] += (points[3 * i + c] as number) / sources.length;
  return mean;
}

/** Where on the face, at a depth of it, a point of the picture lies. */
function onFace([u, v]: Point, z: number, { m, t }: Similarity3): [number, number] {
  const [x, y] = [u - t[0] - m[2] * z, v - t[1] - m[5] * z];
  const det = m[0] * m[4] - m[1] * m[3];
  return [(m[4] * x - m[1] * y) / det, (m[0] * y - m[3] * x) / det];
}
