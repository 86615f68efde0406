import type { Progress } from '../job.ts';

/** Wall-clock seconds by stage, from the progress that passes through. */
export interface StageClock {
  readonly onProgress: (progress: Progress) => void;
  /** Ends the running stage. */
  seconds(): Readonly<Record<string, number>>;
}

export function stageClock(pass: (progress: Progress) => void): StageClock {
  const seconds: Record<string, number> = {};
  let stage: string | undefined;
  let since = performance.now();
  const lap = (next: string | undefined) => {
    const now = performance.now();
    if (stage !== undefined) seconds[stage] = (seconds[stage] ?? 0) + (now - since) / 1000;
    stage = next;
    since = now;
  };
  return {
    onProgress(progress) {
      if (progress.stage !== stage) lap(progress.stage);
      pass(progress);
    },
    seconds() {
      lap(undefined);
      return seconds;
    },
  };
}
