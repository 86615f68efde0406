import type { Progress } from './job.ts';

/** How a run tells how far it is, and is told to stop. */
export interface RunOptions {
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Which pixels the program makes, by which takes are known; default `RENDER_VERSION`. */
  readonly renderVersion?: number;
}
