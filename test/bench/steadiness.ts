import { fivePoints, interOcular, type Landmarks } from '../../src/face/landmarks.ts';
import { invert, type Similarity, transformLandmarks } from '../../src/face/similarity.ts';

/** How steady landmarks are on a face whose motion is known, per cent of the distance between the eyes. */
export interface Steadiness {
  /** Root mean square second difference of eye centres and nose tip in the face's own frame. */
  readonly jitter: number;
  /** Root mean square distance of the same points from their mean. */
  readonly spread: number;
}

/** @param toFace carries each frame's pixels to one still picture of the face */
export function steadinessOf(landmarks: readonly Landmarks[], toFace: readonly Similarity[]): Steadiness {
  const still = landmarks.map((points, k) => fivePoints(transformLandmarks(toFace[k] as Similarity, points)));
  const size = still.reduce((sum, five) => sum + interOcular(five), 0) / still.length;
  const at = (k: number, i: number) => (still[k] as readonly number[])[i] as number;
  let jitter = 0;
  let spread = 0;
  for (let i = 0; i < 6; i++) {
    const mean = still.reduce((sum, five) => sum + (five[i] as number), 0) / still.length;
    for (let k = 0; k < still.length; k++) spread += (at(k, i) - mean) ** 2;
    for (let k = 1; k + 1 < still.length; k++) jitter += (at(k - 1, i) - 2 * at(k, i) + at(k + 1, i)) ** 2;
  }
  return {
    jitter: (100 * Math.sqrt(jitter / (3 * (still.length - 2)))) / size,
    spread: (100 * Math.sqrt(spread / (3 * still.length))) / size,
  };
}

export function inverses(similarities: readonly Similarity[]): Similarity[] {
  return similarities.map(invert);
}

export function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
}
