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
  /**
   * Where the whole track begins within its shot and its face within the picture, as one does that a hand has hidden: its first frame. Likewise
   * where it ends so: the frame behind its last one. Absent where it begins or ends by a cut, at the reel's ends, or over the picture's
   * edge. Like the samples, these are facts of the whole track.
   */
  readonly appears?: number;
  readonly vanishes?: number;
}

/** Frames over which a face is faded in where its track appears, and out where it vanishes. */
const FADED = 3;

/** How far what a face is given beyond its own plate is faded in in a frame, 0 … 1: 1 but in the first and last frames of a track that appears or vanishes. */
export function fadeOf({ appears = -Infinity, vanishes = Infinity }: FaceTrack, frame: number): number {
  return Math.min(1, (frame - appears + 1) / (FADED + 1), (vanishes - frame) / (FADED + 1));
}
