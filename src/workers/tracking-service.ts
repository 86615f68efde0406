import type { InferenceCounts } from '../carry/track/inference-counts.ts';
import type { Looked, ReelTrackingOptions } from '../carry/track/reel-tracker.ts';
import type { Embedding } from '../face/embedding.ts';
import type { Landmarks } from '../face/landmarks.ts';
import type { Box } from '../face/observation.ts';

export interface ModelChoice {
  readonly detector: string;
  readonly landmarker: string;
  readonly recogniser: string;
  /** A heavy landmark network that corrects `landmarker` now and then. */
  readonly refiner?: string;
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

/** Looks at proxies and stills off the main thread. */
export type TrackingService = {
  /** Opens the networks; the model library holds them already. Returns what a person should know of the devices. */
  open(models: ModelChoice): Promise<{ readonly notes: readonly string[]; readonly recogniserThreshold: number }>;
  still(picture: Size & { readonly rgb: Uint8Array; readonly threshold: number }): Promise<readonly StillFace[]>;
  begin(reel: { readonly proxy: Size; readonly options: ReelTrackingOptions }): Promise<void>;
  /** Frames in order. Shots are reported with a lag of a few frames behind their last one. */
  look(proxy: { readonly frame: number; readonly rgb: Uint8Array }): Promise<Looked>;
  /** `out`: the first frame that was not to be looked at. */
  end(reel: { readonly out: number }): Promise<Looked & { readonly counts: InferenceCounts }>;
};
