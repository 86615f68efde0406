import type { FrameRange } from '../film/range.ts';
import type { Embedding } from './embedding.ts';
import type { FaceObservation } from './observation.ts';

/** An inference of identity for a track: what the recogniser said at one frame, and how far to believe it. */
export interface IdentitySample {
  readonly frame: number;
  readonly embedding: Embedding;
  /** 0 … 1, from the face's size, sharpness and pose. */
  readonly quality: number;
}

/** The same face in every frame of a shot in which it is visible. Never crosses a cut. */
export interface FaceTrack extends FrameRange {
  /** Says where the face is first seen: see `trackIds`. */
  readonly id: string;
  /** Index of the shot. */
  readonly shot: number;
  /** One observation a frame, without gaps: `observations[k]` belongs to frame `in + k`. */
  readonly observations: readonly FaceObservation[];
  /** Of the whole track, also where only a part of its frames was asked for: who a face is does not depend on that. */
  readonly identitySamples: readonly IdentitySample[];
}
