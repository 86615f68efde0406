import type { PlanarPicture } from '../../comp/planar.ts';
import { warpBySimilarity } from '../../comp/warp.ts';
import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { PATCH_TEMPLATE, patchSizeFor } from '../../face/patch.ts';
import { fitSimilarity, invert, transformLandmarks } from '../../face/similarity.ts';
import type { SharedStill } from '../../render/face-rendering.ts';
import type { StillPatch } from '../../restore/still-patch.ts';
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

/** @param content what tells the still's face from others: its size is added, since one face may be needed in several. */
export function sharedStill(content: string, patch: StillPatch): SharedStill {
  const rgb = new Float32Array(new SharedArrayBuffer(patch.rgb.byteLength));
  rgb.set(patch.rgb);
  return { ...patch, id: `${content} ${patch.size}`, rgb };
}

function planar({ width, height, deep }: StillPicture): PlanarPicture {
  const count = width * height;
  const rgb = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) rgb[c * count + i] = (deep[3 * i + c] as number) / 65535;
  }
  return { width, height, rgb };
}
