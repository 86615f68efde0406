import { setTimeout as sleep } from 'node:timers/promises';
import { TargetError, type TargetFault } from './target-error.ts';

/** Faults that may be over in a moment. */
const PASSING: ReadonlySet<TargetFault> = new Set(['cut', 'busy']);
/** Milliseconds before the second and the third try. */
const PAUSES = [500, 2000] as const;

/** Does what a target may break off once more, and then once more. @throws what the last try threw */
export async function tryAgain<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  for (const pause of PAUSES) {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof TargetError && PASSING.has(cause.fault))) throw cause;
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
  return await work();
}
