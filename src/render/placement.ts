import { fivePoints, type Landmarks } from '../face/landmarks.ts';
import type { Light } from '../face/observation.ts';
import { PATCH_TEMPLATE } from '../face/patch.ts';
import { fitSimilarity, type Similarity } from '../face/similarity.ts';
import type { FaceTrack } from '../face/track.ts';

/** Where a track's face lies in one frame, in memory of its own, so that it can be posted without the rest of its track. */
export interface FacePlacement {
  /** From plate pixels to those of a patch. */
  readonly toPatch: Similarity;
  readonly landmarks: Landmarks;
  readonly light: Light;
}

/** Null where the track does not show that frame. @param patchSize side of the patch, pixels */
export function placementIn(track: FaceTrack, patchSize: number, frame: number): FacePlacement | null {
  const observation = track.observations[frame - track.in];
  if (!observation || observation.frame !== frame) return null;
  return {
    toPatch: fitSimilarity(
      fivePoints(observation.landmarks),
      PATCH_TEMPLATE.map((v) => v * patchSize),
    ),
    landmarks: observation.landmarks.slice(),
    light: { ...observation.light, band: observation.light.band.slice() },
  };
}
