import type { FlowJob, JobsOptions } from 'bullmq';
import { z } from 'zod';
import type { Order, OrderPlace } from '../order/order.ts';
import { STEP_KINDS, type Step, type StepDone, stepId } from '../steps/step.ts';
import { PREFIX } from './farm.ts';

const placeSchema = z.object({ out: z.string(), work: z.string(), report: z.string() });
const stepJobSchema = z.object({
  order: z.string(),
  place: placeSchema,
  token: z.string(),
  priority: z.int(),
  step: z.object({ kind: z.enum(STEP_KINDS), index: z.int().nonnegative() }),
});

/** What a queue holds of a step: where its order is as the machine that submitted it sees it, and how it is proven. */
export type StepJob = z.output<typeof stepJobSchema>;

/** How a step was done, as it is kept in the queue: a few words. What it made lies on the disk. */
export interface StepResult extends Pick<StepDone, 'already' | 'frames' | 'seconds' | 'device' | 'exit' | 'takes'> {
  readonly host: string;
}

/** An order as steps are added of. */
export interface QueuedOrder {
  readonly order: Pick<Order, 'id' | 'token'>;
  readonly place: OrderPlace;
  readonly queue: string;
  /** From 1, which is done first, to 1000. */
  readonly priority: number;
}

/** How often a step is begun that fails. */
export const ATTEMPTS = 3;

/**
 * Milliseconds before a failed step is begun again. The first time at once, so that a crash costs no more than starting again.
 *
 * @param failed attempts so far
 */
export function waitBeforeAttempt(failed: number): number {
  return failed <= 1 ? 0 : 1000;
}

/** What the queue orders waiting steps by: least first. A step that failed goes before all others of its priority. */
export function queuePriority(priority: number, hasFailed = false): number {
  return 2 * priority - (hasFailed ? 1 : 0);
}

/** Seconds for which done steps are remembered: a week. */
const KEPT = { age: 7 * 24 * 3600 } as const;

const OPTIONS = {
  attempts: ATTEMPTS,
  // By `waitBeforeAttempt`, which each worker is given.
  backoff: { type: 'custom' },
  removeOnComplete: KEPT,
  removeOnFail: KEPT,
} satisfies JobsOptions;

/** @throws ZodError for data that no Reelmend of this version has queued */
export function parseStepJob(data: unknown): StepJob {
  return stepJobSchema.parse(data);
}

/** Steps with the one that follows them all. Whatever becomes of them, it is done: it passes through what is lacking. */
export function stepFlow(queued: QueuedOrder, last: Step, before: readonly Step[]): FlowJob {
  return {
    ...flowNode(queued, last),
    children: before.map((step) => {
      const { opts, ...node } = flowNode(queued, step);
      return { ...node, opts: { ...opts, ignoreDependencyOnFailure: true } };
    }),
  };
}

function flowNode({ order, place, queue, priority }: QueuedOrder, step: Step) {
  const { id, token } = order;
  const { out, work, report } = place;
  const data: StepJob = { order: id, place: { out, work, report }, token, priority, step };
  return {
    ...{ name: step.kind, queueName: queue, prefix: PREFIX, data },
    opts: { ...OPTIONS, jobId: stepId(order, step), priority: queuePriority(priority) },
  };
}
