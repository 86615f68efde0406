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
import type { FaceMotion, FaceView } from './face-motion.ts';

/** What is measured on a face's pixels rather than asked of a network. */
export interface Measures {
  /** A whole picture of that width, given small, made ready to tell how the film moves; null where nobody asks. */
  background(small: Luma, width: number): BackgroundView | null;
  /** How the film moved from one picture to the next, or null where its background cannot tell. */
  film(from: BackgroundView, to: BackgroundView, faces: readonly Box[]): Similarity3 | null;
  light(picture: RgbPicture, landmarks: Landmarks): MeasuredLight;
  /** The face made ready for following, on the grid and scale of `like`; null where nothing is to be followed. */
  view(picture: RgbPicture, landmarks: Landmarks, like: FaceView | null): FaceView | null;
  /** How the face moved from one view to the next, or null where its texture cannot tell. */
  motion(from: FaceView, to: FaceView, landmarks: Landmarks): FaceMotion | null;
  /** How mouth, eyes and nose changed between two views, the second being `motion` away. */
  change(from: FaceView, landmarks: Landmarks, to: FaceView, motion: Similarity3): TileChange;
  /** 0 … 1: how far an embedding of this face in this picture may be believed. */
  quality(picture: RgbPicture, landmarks: Landmarks): number;
}

export interface ShotTrackingOptions {
  /** Lowest detector score, 0 … 1, that starts a track. */
  readonly detectorThreshold: number;
  /** Width in picture pixels of the smallest face to look for. */
  readonly smallestFace: number;
  /** Frames between sweeps for entrances. A face found by one is followed back to where it entered. */
  readonly sweepEvery: number;
  /** Frames between two identity samples of a track. */
  readonly identityEvery: number;
  /** Presence, 0 … 1, below which the landmarker has lost the face. */
  readonly presenceFloor: number;
  /** When the landmark network rests. */
  readonly skip: SkipLimits;
  /** Extra crops over which landmarks are averaged at an identity sample of a moving face. */
  readonly averagedCrops: number;
  /** When a heavy landmark network looks, where there is one. */
  readonly refine: RefineLimits;
  /** Share, 0 … 1, of skipped runs that are made nevertheless. */
  readonly auditShare: number;
  /** False: every network runs on every frame, with crops from the detector. */
  readonly reuse: boolean;
}

/** What following a shot's faces asks and measures with. */
export interface TrackingContext {
  readonly networks: CountedNetworks;
  readonly measures: Measures;
  readonly options: ShotTrackingOptions;
}
