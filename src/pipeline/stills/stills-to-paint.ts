import type { PlanarPicture } from '../../compute/cpu/planar.ts';
import { warpBySimilarity } from '../../compute/cpu/warp.ts';
import { fivePoints, interOcular } from '../../face/landmarks.ts';
import { PATCH_TEMPLATE, patchSizeFor } from '../../face/patch.ts';
import { fitSimilarity, invert, transformLandmarks } from '../../face/similarity.ts';
import type { StillPatch } from '../../restore/replace.ts';
import type { PersonReferences, StillReader } from './people.ts';
import type { StillPicture } from './read-still.ts';

/**
 * A person's stills as restorers paint from them: aligned to the patch template, at their own resolution, in 16 bits.
 *
 * @param largest side of the largest patch that is of use, pixels
 */
export async function stillPatches(
  person: PersonReferences,
  reader: StillReader,
  largest: number,
): Promise<StillPatch[]> {
  const patches: StillPatch[] = [];
  for (const still of person.stills) {
    const picture = planar(await reader.picture(still));
    const five = fivePoints(still.face.landmarks);
    const size = Math.min(largest, patchSizeFor(interOcular(five)));
    const toPatch = fitSimilarity(
      five,
      PATCH_TEMPLATE.map((v) => v * size),
    );
    patches.push({
      name: still.path,
      size,
      rgb: warpBySimilarity(picture, invert(toPatch), size),
      landmarks: transformLandmarks(toPatch, still.face.landmarks),
    });
  }
  return patches;
}

function planar({ width, height, deep }: StillPicture): PlanarPicture {
  const count = width * height;
  const rgb = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) rgb[c * count + i] = (deep[3 * i + c] as number) / 65535;
  }
  return { width, height, rgb };
}
