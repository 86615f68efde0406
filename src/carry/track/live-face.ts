import { type Crop, cropOfLandmarks } from '../../face/crop.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import type { Detection } from '../../face/observation.ts';
import { IDENTITY3, type Similarity3 } from '../../motion/similarity3.ts';
import type { FaceView } from './face-view.ts';
import { lastOf, type RawTrack } from './raw-track.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { Measures } from './tracking-context.ts';

/** A face that is being followed. */
export interface LiveFace {
  readonly track: RawTrack;
  /** Seed of dithering and audits, from the frame in which the face was found and its place there. */
  readonly seed: number;
  lastIdentitySample: number;
  bestQuality: number;
  /** Sweeps in a row that found no face where this track is. */
  unseen: number;
  /** The face in the last picture, prepared for following. */
  view: FaceView | null;
  /** The crop for the next run of the landmark network, carried along with the face. */
  crop: Crop;
  /** True where the landmark network saw the face in the mirror last. */
  isMirrored: boolean;
  /** The landmark network's last run: its frame, its landmarks, and the view of that frame. */
  placed: { readonly frame: number; readonly landmarks: Landmarks; readonly view: FaceView | null };
  /** Carries the frame of that run to the last frame; null where a step between them could not be measured. */
  since: Similarity3 | null;
  /**
   * Mean of the recent distances between the network's landmarks and carried ones, over inter-ocular distance, and how many there
   * were.
   */
  disagreement: number;
  compared: number;
  /** Frames since the last identity sample in which the landmark network ran. */
  runs: number;
}

/** How a face was found: by which detection, and whether the landmark network saw it in the mirror. */
export interface Finding {
  readonly detection: Detection;
  readonly isMirrored: boolean;
}

/** The face of a track whose last observation was just found. */
export function liveFace(
  track: RawTrack,
  { detection, isMirrored }: Finding,
  shown: ShownFrame,
  measures: Measures,
): LiveFace {
  const { landmarks } = lastOf(track);
  const view = measures.view(shown.picture, landmarks, null);
  return {
    track,
    seed: seedOf(shown.frame, detection),
    lastIdentitySample: -Infinity,
    bestQuality: 0,
    unseen: 0,
    view,
    crop: cropOfLandmarks(landmarks),
    isMirrored,
    placed: { frame: shown.frame, landmarks, view },
    since: IDENTITY3,
    disagreement: 0,
    compared: 0,
    runs: 0,
  };
}

function seedOf(frame: number, { box }: Detection): number {
  return (frame * 73856093) ^ (Math.round(box[0]) * 19349663) ^ (Math.round(box[1]) * 83492791);
}
