import { createHash } from 'node:crypto';
import type { PlanarPicture } from '../../compute/cpu/filter/planar.ts';
import { warpBySimilarity } from '../../compute/cpu/still/warp.ts';
import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { PATCH_TEMPLATE, patchSizeFor } from '../../face/patch.ts';
import { fitSimilarity, invert, transformLandmarks } from '../../face/similarity.ts';
import type { SharedStill } from '../../render/face-rendering.ts';
import type { StillPatch } from '../../restore/stills/still-patch.ts';
import type { StillPicture } from './read-still.ts';

/**
 * A still as restorers paint from it: aligned to the patch template, at its own resolution, in 16 bits.
 *
 * @param landmarks in the still's pixels
 * @param largest side of the largest patch that is of use, pixels
 */
export function stillPatch(name: string, picture: StillPicture, landmarks: Landmarks, largest: number): StillPatch {
  const five = fivePoints(landmarks);
  const size = Math.min(largest, patchSizeFor(interOcular(five)));
  const toPatch = fitSimilarity(
    five,
    PATCH_TEMPLATE.map((v) => v * size),
  );
  const rgb = warpBySimilarity(planar(picture), invert(toPatch), size);
  return { name, size, rgb, landmarks: transformLandmarks(toPatch, landmarks) };
}

/** A still in memory that all threads see, known by what restorers read of it: the same still has the same id in every run. */
export function sharedStill(patch: StillPatch): SharedStill {
  const { size, landmarks } = patch;
  const rgb = new Float32Array(new SharedArrayBuffer(patch.rgb.byteLength));
  rgb.set(patch.rgb);
  const id = createHash('sha256').update(`${size} `).update(landmarks).update(patch.rgb).digest('hex');
  return { ...patch, id, rgb };
}

function planar({ width, height, deep }: StillPicture): PlanarPicture {
  const count = width * height;
  const rgb = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) rgb[c * count + i] = (deep[3 * i + c] as number) / 65535;
  }
  return { width, height, rgb };
}
