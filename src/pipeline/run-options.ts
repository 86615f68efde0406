import type { RunEvent } from '../log/run-event.ts';
import type { Progress } from './job.ts';

/** Who is told of a run's progress and of what happens in it, and the signal that stops it. */
export interface RunOptions {
  readonly onProgress: (progress: Progress) => void;
  /** Called with what a log may keep: takes, damage, devices. What it throws ends the run. */
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** Defaults: nobody is told, no signal. */
export function runOptions({
  onProgress = () => {},
  onEvent = () => {},
  signal = new AbortController().signal,
}: Partial<RunOptions>): RunOptions {
  return { onProgress, onEvent, signal };
}
