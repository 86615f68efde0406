import type { Clip } from './restore-clips.ts';
import type { Score, Touched } from './restore-judge.ts';
import type { RunPlan } from './restore-run.ts';

/** One run on one clip; `said` where the command refused. */
export type ScoredRun = { readonly plan: RunPlan } & (
  | { readonly said: string }
  | { readonly score: Score; readonly touched: Touched; readonly processor: number; readonly patches: number }
);

/** A clip with all that was measured on it. */
export interface ScoredClip {
  readonly name: string;
  readonly use: Clip['use'];
  readonly frames: number;
  readonly iod: number;
  readonly stills: number;
  readonly clean: Score;
  readonly plate: Score;
  readonly ceiling: Score;
  readonly runs: readonly ScoredRun[];
}
