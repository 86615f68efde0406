import type { Landmarks } from '../../face/landmarks.ts';
import type { RgbPicture } from '../../face/networks.ts';
import type { Box, MeasuredLight } from '../../face/observation.ts';
import type { Luma } from '../../motion/luma.ts';
import type { Similarity3 } from '../../motion/similarity3.ts';
import type { TileChange } from '../skip/face-tiles.ts';
import type { RefineLimits } from '../skip/refine-face.ts';
import type { SkipLimits } from '../skip/skip.ts';
import type { BackgroundView } from './background.ts';
import type { CountedNetworks } from './counted-networks.ts';
import type { FaceMotion } from './face-motion.ts';
import type { FaceView } from './face-view.ts';

/** Measures on pixels, without a network. */
export interface Measures {
  /** Prepares a picture of that width, given small, for measuring the film's motion; null where that is not wanted. */
  background(small: Luma, width: number): BackgroundView | null;
  /** Motion of the film from one picture to the next; null where the background does not show it. */
  film(from: BackgroundView, to: BackgroundView, faces: readonly Box[]): Similarity3 | null;
  light(picture: RgbPicture, landmarks: Landmarks): MeasuredLight;
  /** The face prepared for following, on the grid and scale of `like`; null where faces are not followed. */
  view(picture: RgbPicture, landmarks: Landmarks, like: FaceView | null): FaceView | null;
  /** Motion of the face from one view to the next; null where its texture does not show it. */
  motion(from: FaceView, to: FaceView, landmarks: Landmarks): FaceMotion | null;
  /** Change of mouth, eyes and nose between two views; `motion` leads from the first to the second. */
  change(from: FaceView, landmarks: Landmarks, to: FaceView, motion: Similarity3): TileChange;
  /** 0 … 1: how good an embedding of this face in this picture can be. */
  quality(picture: RgbPicture, landmarks: Landmarks): number;
}

export interface ShotTrackingOptions {
  /** Lowest detector score, 0 … 1, that starts a track. */
  readonly detectorThreshold: number;
  /** Width of the smallest face that is searched, picture pixels. */
  readonly smallestFace: number;
  /** Frames between sweeps. A face that one finds is followed back to the frame where it entered. */
  readonly sweepEvery: number;
  /** Frames between two identity samples of a track. */
  readonly identityEvery: number;
  /** Presence, 0 … 1, below which the landmarker has lost the face. */
  readonly presenceFloor: number;
  /** When the landmark network is skipped. */
  readonly skip: SkipLimits;
  /** Extra crops over which landmarks are averaged at an identity sample of a moving face. */
  readonly averagedCrops: number;
  /** When a heavy landmark network runs, where there is one. */
  readonly refine: RefineLimits;
  /** Share, 0 … 1, of skipped runs that are made all the same. */
  readonly auditShare: number;
  /** False: every network runs on every frame, with crops from the detector. */
  readonly reuse: boolean;
}

/** What following a shot's faces needs. */
export interface TrackingContext {
  readonly networks: CountedNetworks;
  readonly measures: Measures;
  readonly options: ShotTrackingOptions;
}
