import type { Job } from 'bullmq';
import type { StepJob, StepResult } from '../queue/step-job.ts';
import type { Slot } from './slot.ts';

/** A step as the queue hands it out. */
export type QueuedJob = Job<StepJob, StepResult>;

/** A step that a slot is at. */
export interface RunningStep {
  readonly slot: Slot;
  readonly job: string;
  readonly data: StepJob;
  /** ISO 8601. */
  readonly since: string;
  /** Why it was ended from outside; undefined where it was not. */
  ended?: 'lease lost' | 'cancelled' | 'handed back';
  stage?: { readonly stage: string; readonly done: number; readonly total: number };
}

/** True where a step is still its worker's, for a whole lease from now on. A queue that does not answer that long says no. */
export async function holdsLease(job: QueuedJob, token: string, lease: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(0), lease);
  });
  try {
    return (await Promise.race([job.extendLock(token, lease), late])) === 1;
  } finally {
    clearTimeout(timer);
  }
}
