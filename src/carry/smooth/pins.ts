import { type FivePoints, fivePoints, type Landmarks } from '../../face/landmarks.ts';
import { fitSimilarity, type Similarity, transformLandmarks } from '../../face/similarity.ts';
import { mix } from '../../film/interpolate.ts';

/** Five points that a person placed by hand. */
export interface Pin {
  /** Index among the landmarks given to `applyPins`. */
  readonly index: number;
  readonly five: FivePoints;
}

/**
 * Landmarks moved by similarities, so that at every pinned frame the five points lie where a person put them, in the least
 * squares. Between two pins the correction passes linearly from one to the other; before the first and after the last it stays.
 */
export function applyPins(landmarks: readonly Landmarks[], pins: readonly Pin[]): Landmarks[] {
  const corrections = [...pins]
    .filter((pin) => landmarks[pin.index])
    .sort((a, b) => a.index - b.index)
    .map((pin) => ({
      index: pin.index,
      move: fitSimilarity(fivePoints(landmarks[pin.index] as Landmarks), pin.five),
    }));
  const first = corrections[0];
  if (!first) return [...landmarks];
  return landmarks.map((points, k) => {
    const before = corrections.findLast((c) => c.index <= k) ?? first;
    const after = corrections.find((c) => c.index >= k) ?? before;
    const span = after.index - before.index;
    return transformLandmarks(between(before.move, after.move, span > 0 ? (k - before.index) / span : 0), points);
  });
}

function between(a: Similarity, b: Similarity, share: number): Similarity {
  return {
    a: mix(a.a, b.a, share),
    b: mix(a.b, b.b, share),
    tx: mix(a.tx, b.tx, share),
    ty: mix(a.ty, b.ty, share),
  };
}
