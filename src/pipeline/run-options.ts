import type { Progress } from './job.ts';

/** How a run tells how far it is, and is told to stop. */
export interface RunOptions {
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Which pixels the program makes, by which takes are known; default `RENDER_VERSION`. */
  readonly renderVersion?: number;
}

/** Silent and never stopped where nothing else is said. */
export function runOptions({
  onProgress = () => {},
  signal = new AbortController().signal,
  ...same
}: Partial<RunOptions>): RunOptions {
  return { onProgress, signal, ...same };
}
