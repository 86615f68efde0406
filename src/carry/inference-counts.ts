/** Why a network was run. */
export type RunReason =
  /** Looking for faces that entered. */
  | 'sweep'
  /** Looking again for a face that was lost. */
  | 'loss'
  /** At a track's anchor. */
  | 'anchor'
  /** Following a face from frame to frame. */
  | 'follow'
  /** Following a face back from the sweep that found it to the frame where it entered. */
  | 'lookBack'
  /** Where it was skipped, to learn what skipping costs. */
  | 'audit'
  /** On every frame, because reuse is off. */
  | 'every';

export type RunCounts = Partial<Record<RunReason, number>>;

/** Network runs by network and reason; a tile is a run. */
export interface InferenceCounts {
  readonly detector: RunCounts;
  readonly landmarker: RunCounts;
  readonly recogniser: RunCounts;
}

export function emptyCounts(): { detector: RunCounts; landmarker: RunCounts; recogniser: RunCounts } {
  return { detector: {}, landmarker: {}, recogniser: {} };
}

export function count(counts: RunCounts, reason: RunReason, runs = 1): void {
  counts[reason] = (counts[reason] ?? 0) + runs;
}

export function totalRuns(counts: InferenceCounts): number {
  return [counts.detector, counts.landmarker, counts.recogniser]
    .flatMap((reasons) => Object.values(reasons))
    .reduce((sum, runs) => sum + runs, 0);
}
