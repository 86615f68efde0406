import type { ReelSpan, ReelTrackingOptions, TrackingProgress, TrackingResult } from '../carry/track/reel-tracker.ts';
import type { Embedding } from '../face/embedding.ts';
import type { Landmarks } from '../face/landmarks.ts';
import type { Box } from '../face/observation.ts';
import type { RunningDevice } from '../model/network-device.ts';

/** Which network does what, by id, and where. */
export interface ModelChoice {
  readonly detector: string;
  readonly landmarker: string;
  readonly recogniser: string;
  /** A heavy landmark network that corrects `landmarker` in some frames. */
  readonly refiner?: string;
  /** Where all of them run. */
  readonly device: RunningDevice;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A face found in a reference still, in the still's pixels. */
export interface StillFace {
  readonly score: number;
  readonly box: Box;
  readonly landmarks: Landmarks;
  readonly embedding: Embedding;
}

/** Tracks the faces of proxies, and finds those of stills, off the main thread. */
export type TrackingService = {
  /** Opens the networks, which the model library holds already; answers what they run on in truth. */
  open(models: ModelChoice): Promise<RunningDevice>;
  still(picture: Size & { readonly rgb: Uint8Array; readonly threshold: number }): Promise<readonly StillFace[]>;
  begin(reel: { readonly proxy: Size; readonly options: ReelTrackingOptions; readonly span: ReelSpan }): Promise<void>;
  /** Tracks the next frame. A shot is returned a few frames after its last one. */
  track(proxy: { readonly frame: number; readonly rgb: Uint8Array }): Promise<TrackingProgress>;
  end(nothing: null): Promise<TrackingResult>;
};
