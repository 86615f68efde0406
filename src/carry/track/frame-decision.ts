import type { SkipVerdict } from '../skip/skip.ts';
import type { MotionParts } from '../smooth/weave.ts';
import type { RunReason } from './inference-counts.ts';

/** Why each network ran or rested on one face in one frame, and by what evidence. */
export interface FrameDecision {
  /** `rest`: the landmarks were carried. `age`, `motion` and `tiles` say what ended a rest, `unsure` that looks differ too much for one; `missing` that the frame cannot be read; the others are reasons of their own. */
  readonly landmarker: SkipVerdict | RunReason | 'missing';
  /** Why the recogniser ran; null where the track's embedding was kept. */
  readonly recogniser: RunReason | null;
  /** Why a heavy landmark network ran; null where it did not, or there is none. */
  readonly refiner: RunReason | null;
  /** ≥ 1: what the limits of motion, tiles and age were divided by, since carrying this face had been off. */
  readonly limitDivisor: number;
  /** Frames since the landmark network looked last. */
  readonly age: number;
  /** Tracked motion since then, over inter-ocular distance; null where tracking could not tell. */
  readonly motion: number | null;
  /** Change of mouth, eyes or nose since then beyond grain, root mean square of luma over its local mean; null where not measured. */
  readonly tiles: number | null;
  /** Root mean square distance between carried landmarks and those that the network placed, over inter-ocular distance; null without both. */
  readonly disagreement: number | null;
}

/** The look of a frame in which a face was found rather than followed, or in which nothing could be measured. */
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

/** What skipping the landmark network cost at a frame where it was asked nevertheless, over inter-ocular distance. */
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

/** What is known of how a track was followed, beside its observations. */
export interface TrackHistory {
  readonly id: string;
  /** One a frame, as the track's observations are. */
  readonly decisions: readonly FrameDecision[];
  readonly audits: readonly Audit[];
  /** How many times its limits were halved because carrying it was off. */
  readonly limitHalvings: number;
  /** What its way through the picture was made of, plate pixels; null where the film's own motion could not be told. */
  readonly motion: MotionParts | null;
}
