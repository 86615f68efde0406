import type { Progress, RestoreJob, RestoreSummary } from './job.ts';

export interface RunOptions {
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export function restoreReel(_job: RestoreJob, _options: RunOptions): Promise<RestoreSummary> {
  throw new Error('being written');
}
