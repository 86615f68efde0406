import { regionUnder } from '../compute/region-under.ts';
import { fivePoints, type Landmarks } from '../face/landmarks.ts';
import type { Light } from '../face/observation.ts';
import { PATCH_TEMPLATE } from '../face/patch.ts';
import { fitSimilarity, type Similarity, transformLandmarks } from '../face/similarity.ts';
import { type FaceTrack, fadeOf } from '../face/track.ts';
import type { Roi } from '../film/roi.ts';
import type { SampleFormat } from '../film/sample-format.ts';

/** Where and in which light a track's face lies in one frame: found once, and carried along until the frame is written. */
export interface FacePlacement {
  /** From plate pixels to those of a patch. */
  readonly toPatch: Similarity;
  /** The region to cut; see `regionUnder`. Empty where the face lies outside the plate. */
  readonly roi: Roi;
  /** As the track has them: smoothed, plate pixels. */
  readonly onPlate: Landmarks;
  /** The same in patch pixels. With `light`, in memory of its own, so that it can be posted without the rest of its track. */
  readonly landmarks: Landmarks;
  readonly light: Light;
  /** See `fadeOf`. */
  readonly fade: number;
}

/** Null where the track does not show that frame. @param patchSize side of the patch, pixels */
export function placementIn(
  track: FaceTrack,
  patchSize: number,
  frame: number,
  plate: { readonly format: SampleFormat; readonly width: number; readonly height: number },
): FacePlacement | null {
  const observation = track.observations[frame - track.in];
  if (!observation || observation.frame !== frame) return null;
  const { landmarks, light } = observation;
  const toPatch = fitSimilarity(
    fivePoints(landmarks),
    PATCH_TEMPLATE.map((v) => v * patchSize),
  );
  return {
    toPatch,
    roi: regionUnder(toPatch, patchSize, plate),
    onPlate: landmarks,
    landmarks: transformLandmarks(toPatch, landmarks),
    light: { ...light, band: light.band.slice() },
    fade: fadeOf(track, frame),
  };
}
