import { fivePoints, type Landmarks } from '../face/landmarks.ts';
import { PATCH_TEMPLATE } from '../face/patch.ts';
import type { Light } from '../face/sighting.ts';
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
  const sighting = track.sightings[frame - track.in];
  if (!sighting || sighting.frame !== frame) return null;
  return {
    toPatch: fitSimilarity(
      fivePoints(sighting.landmarks),
      PATCH_TEMPLATE.map((v) => v * patchSize),
    ),
    landmarks: sighting.landmarks.slice(),
    light: { ...sighting.light, band: sighting.light.band.slice() },
  };
}
