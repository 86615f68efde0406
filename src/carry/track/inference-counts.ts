/** Why a network was run. */
export type RunReason =
  /** A search for faces that entered. */
  | 'sweep'
  /** A search for a face that was lost, and the look at what it found in its place. */
  | 'loss'
  /** At a track's identity sample. */
  | 'identity'
  /** Following a face from frame to frame. */
  | 'follow'
  /** Following a new face back to the frame where it entered. */
  | 'backtrack'
  /** A second look at a crop, in the mirror, where the first was unsure. */
  | 'mirror'
  /** Between two runs of a heavy landmark network that disagree. */
  | 'between'
  /** A skipped run that is made all the same, to measure the error of skipping. */
  | 'audit'
  /** On every frame, because reuse is off. */
  | 'every';

export type RunCounts = Partial<Record<RunReason, number>>;

/** Network runs by network and reason; a tile is a run. */
export interface InferenceCounts {
  readonly detector: RunCounts;
  readonly landmarker: RunCounts;
  readonly recogniser: RunCounts;
  /** A heavy landmark network's; absent where none is used. */
  readonly refiner?: RunCounts;
}

/** Counts while they grow. */
export type Counting = { -readonly [Network in keyof InferenceCounts]: InferenceCounts[Network] };

export function emptyCounts(): Counting {
  return { detector: {}, landmarker: {}, recogniser: {} };
}

export function countRun(counts: RunCounts, reason: RunReason, runs = 1): void {
  counts[reason] = (counts[reason] ?? 0) + runs;
}

/** Adds a shot's counts to a reel's. */
export function addCounts(sum: Counting, add: InferenceCounts): void {
  for (const network of ['detector', 'landmarker', 'recogniser', 'refiner'] as const) {
    const reasons = add[network];
    if (!reasons) continue;
    sum[network] ??= {};
    for (const [reason, runs] of Object.entries(reasons)) countRun(sum[network], reason as RunReason, runs);
  }
}

export function totalRuns(counts: InferenceCounts): number {
  return Object.values<RunCounts>({ ...counts })
    .flatMap((reasons) => Object.values(reasons))
    .reduce((sum, runs) => sum + runs, 0);
}
