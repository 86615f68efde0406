import type { FrameRange } from '../film/range.ts';
import type { Embedding } from './embedding.ts';
import type { FaceObservation } from './observation.ts';

/** The recogniser's answer for a track in one frame, with its quality. */
export interface IdentitySample {
  readonly frame: number;
  readonly embedding: Embedding;
  /** 0 … 1, from the face's size, sharpness and pose. */
  readonly quality: number;
}

/** The same face in every frame of a shot in which it is visible. Never crosses a cut. */
export interface FaceTrack extends FrameRange {
  /** Made of the frame in which the face is first seen: see `trackIds`. */
  readonly id: string;
  /** Index of the shot. */
  readonly shot: number;
  /** One observation a frame, without gaps: `observations[k]` belongs to frame `in + k`. */
  readonly observations: readonly FaceObservation[];
  /** Of the whole track, also where only a part of its frames is requested, so that casting does not depend on the range. */
  readonly identitySamples: readonly IdentitySample[];
}
