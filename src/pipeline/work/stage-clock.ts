import type { Progress } from '../job.ts';

/** Wall-clock seconds by stage, from the progress that passes through. */
export interface StageClock {
  readonly onProgress: (progress: Progress) => void;
  /** Ends the running stage. */
  seconds(): Readonly<Record<string, number>>;
}

/** @param onEnd called with each stage that ends, and how long it took */
export function stageClock(
  pass: (progress: Progress) => void,
  onEnd: (stage: Progress['stage'], seconds: number) => void = () => {},
): StageClock {
  const seconds: Record<string, number> = {};
  let stage: Progress['stage'] | undefined;
  let since = performance.now();
  const lap = (next: Progress['stage'] | undefined) => {
    const now = performance.now();
    if (stage !== undefined) {
      const took = (now - since) / 1000;
      seconds[stage] = (seconds[stage] ?? 0) + took;
      onEnd(stage, took);
    }
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
