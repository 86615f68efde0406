import { CANONICAL_TRIANGLES } from './canonical-face.ts';
import type { Landmarks } from './landmarks.ts';
import { LEFT_BROW, LEFT_EYE, LIDS, LIPS_INNER, LIPS_OUTER, RIGHT_BROW, RIGHT_EYE } from './regions.ts';

const NOT_SKIN = new Set([
  ...LIPS_OUTER,
  ...LIPS_INNER,
  ...LEFT_EYE,
  ...RIGHT_EYE,
  ...LIDS,
  ...LEFT_BROW,
  ...RIGHT_BROW,
]);

/** The canonical triangles on bare skin: no lips, lids, eyes nor brows. Three landmark numbers each. */
export const SKIN_TRIANGLES: Uint16Array = CANONICAL_TRIANGLES.filter((_, k) => {
  const first = k - (k % 3);
  return [0, 1, 2].every((c) => !NOT_SKIN.has(CANONICAL_TRIANGLES[first + c]));
});

/** The middles of the skin's triangles that face the camera: x, y and the triangle's area, pixels, three numbers each. */
export function skinSamples(landmarks: Landmarks): Float32Array {
  const out = new Float32Array(SKIN_TRIANGLES.length);
  let count = 0;
  for (let t = 0; t < SKIN_TRIANGLES.length; t += 3) {
    const a = 3 * SKIN_TRIANGLES[t];
    const b = 3 * SKIN_TRIANGLES[t + 1];
    const c = 3 * SKIN_TRIANGLES[t + 2];
    const ax = landmarks[a];
    const ay = landmarks[a + 1];
    const bx = landmarks[b];
    const by = landmarks[b + 1];
    const cx = landmarks[c];
    const cy = landmarks[c + 1];
    const area = ((by - ay) * (cx - ax) - (bx - ax) * (cy - ay)) / 2;
    if (!(area > 0)) continue;
    out[count++] = (ax + bx + cx) / 3;
    out[count++] = (ay + by + cy) / 3;
    out[count++] = area;
  }
  return out.subarray(0, count);
}
