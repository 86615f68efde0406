import type { Clip } from './restore-clips.ts';
import type { Worse } from './restore-harm.ts';
import type { HarmFigures } from './restore-harm-judge.ts';
import type { Score, Touched } from './restore-judge.ts';
import type { RunPlan } from './restore-run.ts';

/** What a version does to parts of frames: figures of all of it, and how often a part is worse than its plate or than `repair`. */
export interface ScoredHarm extends Omit<HarmFigures, 'regions' | 'others'> {
  readonly thanPlate: Worse;
  /** Null where the run has no run of `repair` beside it. */
  readonly thanRepair: Worse | null;
}

/** One run on one clip; `said` where the command refused. */
export type ScoredRun = { readonly plan: RunPlan } & (
  | { readonly said: string }
  | {
      readonly score: Score;
      readonly harm: ScoredHarm;
      readonly touched: Touched;
      readonly processor: number;
      readonly patches: number;
      /** The plate's blur as the run read it, pixels; null where it reads none. */
      readonly blur: number | null;
      /** Pixels changed by more than eight levels, frame by frame; of a run of the clean clip only. */
      readonly changed: readonly number[] | null;
    }
);

/** A clip with all that was measured on it. */
export interface ScoredClip {
  readonly name: string;
  readonly use: Clip['use'];
  readonly frames: number;
  readonly iod: number;
  /** Standard deviation of the plate's blur, pixels. */
  readonly blur: number;
  readonly stills: number;
  /** Whether networks looked at the versions, too. */
  readonly looked: boolean;
  readonly clean: Score;
  readonly plate: Score;
  readonly ceiling: Score;
  readonly plateHarm: HarmFigures;
  readonly ceilingHarm: HarmFigures;
  readonly runs: readonly ScoredRun[];
}
