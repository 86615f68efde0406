import type { Progress } from './job.ts';

/** Progress of a run, and the signal that stops it. */
export interface RunOptions {
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** Defaults: no progress, no signal. */
export function runOptions({
  onProgress = () => {},
  signal = new AbortController().signal,
}: Partial<RunOptions>): RunOptions {
  return { onProgress, signal };
}
