import type { Landmarks } from '../face/landmarks.ts';
import { insideDistance } from '../face/matte.ts';
import { PATCH_INTER_OCULAR } from '../face/patch.ts';
import { LEFT_EYE, LIPS_OUTER, RIGHT_EYE } from '../face/regions.ts';

/** How far beyond the lids an eye's region reaches, inter-ocular distances. */
const AROUND_EYES = 0.06;

/** The eyes with their lids: `Uint8Array` of size², 1 inside. */
export function eyeRegions(landmarks: Landmarks, size: number): Uint8Array {
  return regionsOf([LEFT_EYE, RIGHT_EYE], landmarks, size, AROUND_EYES * PATCH_INTER_OCULAR * size);
}

/** Where a face may change from one frame to the next by itself: `Uint8Array` of size², 1 in mouth and eyes and `margin` pixels around. */
export function expressiveRegions(landmarks: Landmarks, size: number, margin: number): Uint8Array {
  return regionsOf([LIPS_OUTER, LEFT_EYE, RIGHT_EYE], landmarks, size, margin);
}

function regionsOf(
  regions: readonly (readonly number[])[],
  landmarks: Landmarks,
  size: number,
  margin: number,
): Uint8Array {
  const mask = new Uint8Array(size * size);
  for (const region of regions) {
    const polygon = Float32Array.from(
      region.flatMap((i) => [landmarks[3 * i] as number, landmarks[3 * i + 1] as number]),
    );
    const xs = polygon.filter((_, k) => k % 2 === 0);
    const ys = polygon.filter((_, k) => k % 2 === 1);
    const inPatch = (v: number) => Math.min(size - 1, Math.max(0, Math.round(v)));
    const right = inPatch(Math.max(...xs) + margin);
    const bottom = inPatch(Math.max(...ys) + margin);
    for (let y = inPatch(Math.min(...ys) - margin); y <= bottom; y++) {
      for (let x = inPatch(Math.min(...xs) - margin); x <= right; x++) {
        if (insideDistance(polygon, x + 0.5, y + 0.5) > -margin) mask[y * size + x] = 1;
      }
    }
  }
  return mask;
}
