import { Subject } from 'rxjs';
import type { Progress } from '../pipeline/job.ts';
import type { CliIo } from './cli-io.ts';
import { liveLine, plainLines, progressLines } from './progress.ts';

/** Seconds between two updates of the live line, and between two lines where there is no terminal. */
const LIVE_INTERVAL = 0.1;
const PLAIN_INTERVAL = 10;

/** Runs `work` and shows its progress on standard error: one live line at a terminal, plain lines elsewhere, nothing when quiet. */
export async function withProgress<Result>(
  { stderr, signal }: CliIo,
  quiet: boolean,
  work: (options: { onProgress(progress: Progress): void; signal: AbortSignal }) => Promise<Result>,
): Promise<Result> {
  const progress = new Subject<Progress>();
  if (!quiet) {
    const live = stderr.isTTY === true;
    progress
      .pipe(progressLines(live ? LIVE_INTERVAL : PLAIN_INTERVAL))
      .subscribe(live ? liveLine(stderr) : plainLines(stderr));
  }
  try {
    return await work({ onProgress: (state) => progress.next(state), signal });
  } finally {
    progress.complete();
  }
}
