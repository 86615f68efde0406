import type { Crop } from '../../face/crop.ts';
import type { Embedding } from '../../face/embedding.ts';
import { fivePoints, type Landmarks } from '../../face/landmarks.ts';
import type { DetectOptions, Detector, Landmarker, Recogniser, Refiner, RgbPicture } from '../../face/networks.ts';
import type { Detection } from '../../face/observation.ts';
import { type Placed, placeSurely } from '../../face/second-look.ts';
import type { Search } from './frame-decision.ts';
import { countRun, emptyCounts, type InferenceCounts, type RunReason } from './inference-counts.ts';
import type { ShownFrame } from './shown-frame.ts';

export interface Networks {
  readonly detector: Detector;
  readonly landmarker: Landmarker;
  readonly recogniser: Recogniser;
  /** A heavy landmark network that corrects the landmarker in some of the frames. */
  readonly refiner?: Refiner;
}

/** The networks, with every run counted under its reason. */
export interface CountedNetworks {
  /** Searches the whole picture for faces; the highest score comes first. */
  detect(shown: ShownFrame, reason: RunReason): Promise<Detection[]>;
  /**
   * Places landmarks, with a second look where the first is unsure.
   *
   * @param isMirrored the look that comes first; see `placeSurely`
   */
  place(picture: RgbPicture, crop: Crop, reason: RunReason, isMirrored?: boolean): Promise<Placed>;
  embed(picture: RgbPicture, landmarks: Landmarks, reason: RunReason): Promise<Embedding>;
  /** The heavy landmark network's answer, null where it is unsure; undefined where no such network is used. */
  readonly refine:
    | ((picture: RgbPicture, landmarks: Landmarks, reason: RunReason) => Promise<Landmarks | null>)
    | undefined;
  readonly counts: InferenceCounts;
  /** Searches of whole pictures so far. */
  readonly searches: readonly Search[];
  /** Detector runs that one search takes. */
  readonly tiles: number;
}

export function countedNetworks(networks: Networks, detecting: DetectOptions): CountedNetworks {
  const counts = emptyCounts();
  const searches: Search[] = [];
  const { refiner } = networks;
  let tiles = 1;
  return {
    counts,
    searches,
    get tiles() {
      return tiles;
    },
    async detect({ frame, picture }, reason) {
      const { detections, runs } = await networks.detector.detect(picture, detecting);
      countRun(counts.detector, reason, runs);
      searches.push({ frame, reason });
      tiles = runs;
      return detections;
    },
    async place(picture, crop, reason, isMirrored) {
      const placed = await placeSurely(networks.landmarker, picture, crop, isMirrored);
      countRun(counts.landmarker, reason);
      if (placed.looks > 1) countRun(counts.landmarker, 'mirror');
      return placed;
    },
    embed(picture, landmarks, reason) {
      countRun(counts.recogniser, reason);
      return networks.recogniser.embed(picture, fivePoints(landmarks));
    },
    refine:
      refiner &&
      (async (picture, landmarks, reason) => {
        counts.refiner ??= {};
        countRun(counts.refiner, reason);
        const refined = await refiner.refine(picture, landmarks);
        return refined.presence < refiner.threshold ? null : refined.landmarks;
      }),
  };
}
