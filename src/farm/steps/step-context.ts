import type { SourceCopy } from '../../disk/source-copy.ts';
import type { RunOptions } from '../../pipeline/run-options.ts';
import type { StepDone } from './step.ts';

/** What a step is done in. */
export interface StepContext extends RunOptions {
  /** Asked before anything gets its final name; rejects where the step was given to another. */
  readonly mayPublish: () => Promise<void>;
  /** True: steps that are missing are taken for given up. */
  readonly passesMissing: boolean;
  /** Copies of frames on a faster disk, which a take may be read from once they are checked. */
  readonly copies?: readonly SourceCopy[];
}

/** What a step did, before it is timed. */
export type StepWork = Omit<StepDone, 'seconds' | 'notes'> & Partial<Pick<StepDone, 'notes'>>;
