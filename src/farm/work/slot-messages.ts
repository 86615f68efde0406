import type { SourceCopy } from '../../disk/source-copy.ts';
import type { RunEvent } from '../../log/run-event.ts';
import type { Progress } from '../../pipeline/job.ts';
import type { ErrorMessage } from '../../workers/error-message.ts';
import type { PathMap } from '../order/path-maps.ts';
import type { StepJob } from '../queue/step-job.ts';
import type { StepDone } from '../steps/step.ts';

/** A step as a slot is given it, with how this machine finds the order's folders. */
export interface SlotStep extends Pick<StepJob, 'order' | 'place' | 'step'> {
  readonly maps: readonly PathMap[];
  /** Of a take: copies of its frames on this machine. */
  readonly copies: readonly SourceCopy[];
}

/** An event as it is posted: errors would lose their class. */
export type SlotEvent = Omit<RunEvent, 'error'> & { readonly error?: ErrorMessage };

/** What a slot's process is told. Each run has a number of its own. */
export type ToSlot =
  | { readonly run: number; readonly asked: SlotStep }
  | { readonly abort: number }
  | { readonly answer: number; readonly may: boolean }
  | { readonly stop: true };

/** What it says. `ask`: may this run publish? */
export type FromSlot =
  | { readonly beat: true }
  | { readonly run: number; readonly progress: Pick<Progress, 'stage' | 'done' | 'total'> }
  | { readonly run: number; readonly event: SlotEvent }
  | { readonly run: number; readonly ask: number }
  | { readonly run: number; readonly done: StepDone }
  | { readonly run: number; readonly failed: ErrorMessage };

/** Milliseconds between two beats of a slot's event loop. */
export const BEAT = 5000;

/** Environment variable: milliseconds for which a lease holds that was just renewed. */
export const LEASE_VARIABLE = 'REELMEND_LEASE';
