import type { SkipVerdict } from '../skip/skip.ts';
import type { MotionParts } from '../smooth/weave.ts';
import type { RunReason } from './inference-counts.ts';

/** Why each network ran or was skipped on one face in one frame, and the evidence. */
export interface FrameDecision {
  /**
   * `skip`: the landmarks were carried. `age`, `motion` and `tiles`: the limit that was passed. `unsure`: the network's answers
   * differ too much to skip it. `missing`: the frame cannot be read. `lapse`: the network saw no face where detector and texture
   * did, and the landmarks were carried. The others are reasons for a run.
   */
  readonly landmarker: SkipVerdict | RunReason | 'missing' | 'lapse';
  /** Why the recogniser ran; null where the track's embedding was kept. */
  readonly recogniser: RunReason | null;
  /** Why a heavy landmark network ran; null where it did not, or there is none. */
  readonly refiner: RunReason | null;
  /** ≥ 1: divisor of the limits of motion, tiles and age, raised where carrying this face was off. */
  readonly limitDivisor: number;
  /** Frames since the landmark network's last run. */
  readonly age: number;
  /** Tracked motion since then, over inter-ocular distance; null where it could not be measured. */
  readonly motion: number | null;
  /** Change of mouth, eyes or nose since then beyond grain, root mean square of luma over its local mean; null where not measured. */
  readonly tiles: number | null;
  /** Root mean square distance between carried landmarks and those that the network placed, over inter-ocular distance; null without both. */
  readonly disagreement: number | null;
}

/** The decision in a frame where a face was found rather than followed, or where nothing could be measured. */
export function decisionOf(landmarker: FrameDecision['landmarker'], age = 0): FrameDecision {
  return {
    landmarker,
    recogniser: null,
    refiner: null,
    limitDivisor: 1,
    age,
    motion: null,
    tiles: null,
    disagreement: null,
  };
}

/** Error of carrying in a frame where a skipped run was made all the same, over inter-ocular distance. */
export interface Audit {
  readonly frame: number;
  /** Root mean square distance between the carried landmarks and the network's: still parts, lips, lids. */
  readonly rigid: number;
  readonly lips: number;
  readonly lids: number;
  /** Cosine between the embedding here and the track's last one. */
  readonly cosine: number;
}

/** A run of the detector over a whole picture. */
export interface Search {
  readonly frame: number;
  readonly reason: RunReason;
}

/** How a track was followed, frame by frame. */
export interface TrackHistory {
  readonly id: string;
  /** One a frame, as the track's observations are. */
  readonly decisions: readonly FrameDecision[];
  readonly audits: readonly Audit[];
  /** How many times its limits were halved because carrying it was off. */
  readonly limitHalvings: number;
  /** Weave, camera and head in the face's motion, plate pixels; null where the film's own motion could not be measured. */
  readonly motion: MotionParts | null;
}
