import type { Progress } from './job.ts';

/** How a run tells how far it is, and is told to stop. */
export interface RunOptions {
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** Silent and never stopped where nothing else is said. */
export function runOptions({
  onProgress = () => {},
  signal = new AbortController().signal,
}: Partial<RunOptions>): RunOptions {
  return { onProgress, signal };
}
