import type { Progress } from './job.ts';

/** How a run tells how far it is, and is told to stop. */
export interface RunOptions {
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}
