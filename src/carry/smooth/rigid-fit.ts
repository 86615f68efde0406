import type { Landmarks } from '../../face/landmarks.ts';
import { fitSimilarity, type Similarity } from '../../face/similarity.ts';

/**
 * Makes a function that fits one face onto another by their rigid parts. Its calls share memory, since a track needs thousands.
 *
 * @param expressive weight of each landmark, 0 = rigid … 1 = moved by expression
 */
export function rigidFitter(expressive: Float32Array): (from: Landmarks, to: Landmarks) => Similarity {
  const weights = expressive.map((w) => 1 - w);
  const a = new Float32Array(2 * expressive.length);
  const b = new Float32Array(2 * expressive.length);
  return (from, to) => fitSimilarity(planar(from, a), planar(to, b), weights);
}

/** x and y of x, y, z triples. */
function planar(landmarks: Landmarks, out: Float32Array): Float32Array {
  for (let i = 0, o = 0; o < out.length; i += 3) {
    out[o++] = landmarks[i] as number;
    out[o++] = landmarks[i + 1] as number;
  }
  return out;
}
