import type { Box } from './observation.ts';

/** Which track each detection continues. Numbers are positions in the given lists. */
export interface Association {
  readonly pairs: ReadonlyArray<{ readonly track: number; readonly detection: number }>;
  /** Tracks without a detection: lost, or hidden. */
  readonly lost: readonly number[];
  /** Detections without a track: entrances. */
  readonly entered: readonly number[];
}

export interface AssociateOptions {
  /** Overlap, 0 … 1, from which two boxes are one face. */
  readonly overlap?: number;
  /** Greatest distance between the centres of boxes that hardly overlap, in box widths. */
  readonly distance?: number;
  /** Greatest ratio of their sizes. */
  readonly growth?: number;
}

/** Defaults of `AssociateOptions`. */
const OVERLAP = 0.3;
const DISTANCE = 0.6;
const GROWTH = 1.8;

/**
 * Pairs predicted boxes with detected ones, each at most once, the best pair first (greedy on a score of overlap less distance).
 *
 * The greedy pairing differs from the optimal one (Kuhn 1955) only where two faces are nearer to each other than either has
 * moved. There identity must decide, not geometry.
 */
export function associate(
  predicted: readonly Box[],
  detected: readonly Box[],
  { overlap = OVERLAP, distance = DISTANCE, growth = GROWTH }: AssociateOptions = {},
): Association {
  const candidates: Array<{ track: number; detection: number; score: number }> = [];
  predicted.forEach((a, track) => {
    detected.forEach((b, detection) => {
      const size = Math.sqrt((a[2] * a[3]) / (b[2] * b[3]));
      if (!(size <= growth && size >= 1 / growth)) return;
      const shared = overlapOf(a, b);
      const apart = middleDistance(a, b);
      if (shared >= overlap || apart <= distance) candidates.push({ track, detection, score: shared - apart });
    });
  });
  // Equal scores fall back on the order of the lists, so the same faces always give the same answer.
  candidates.sort((a, b) => b.score - a.score || a.track - b.track || a.detection - b.detection);
  const tracks = new Set(predicted.keys());
  const detections = new Set(detected.keys());
  const pairs = candidates.filter(({ track, detection }) => {
    if (!tracks.has(track) || !detections.has(detection)) return false;
    tracks.delete(track);
    detections.delete(detection);
    return true;
  });
  return {
    pairs: pairs.map(({ track, detection }) => ({ track, detection })),
    lost: [...tracks],
    entered: [...detections],
  };
}

/** Intersection over union of two boxes, 0 … 1. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a[2] * a[3] + b[2] * b[3] - shared);
}

/** Distance between the centres over the mean width. */
function middleDistance(a: Box, b: Box): number {
  const x = a[0] + a[2] / 2 - b[0] - b[2] / 2;
  const y = a[1] + a[3] / 2 - b[1] - b[3] / 2;
  return Math.hypot(x, y) / ((a[2] + b[2]) / 2);
}
