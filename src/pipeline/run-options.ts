import type { Progress } from './job.ts';

/** Progress of a run, and the signal that stops it. */
export interface RunOptions {
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Which pixels the program makes, by which takes are known; default `RENDER_VERSION`. */
  readonly renderVersion?: number;
}

/** Defaults: no progress, no signal. */
export function runOptions({
  onProgress = () => {},
  signal = new AbortController().signal,
  ...same
}: Partial<RunOptions>): RunOptions {
  return { onProgress, signal, ...same };
}
