import type { Job } from 'bullmq';
import { stepId } from '../steps/step.ts';
import type { Farm } from './farm.ts';
import { CAST, CONFORM } from './give-out.ts';
import { isCancelled, type OrderFigures, type OrderRecord, readFigures } from './order-records.ts';
import { readRefusals, type StepRefusal } from './refusals.ts';
import type { StepJob, StepResult } from './step-job.ts';
import type { WorkerRecord } from './worker-records.ts';

/**
 * What an order is at: `tracking` its faces are looked for, `casting`, `rendering` its takes, `joining` them; `done`, `failed`,
 * `cancelled`; or `lost`: its queue was emptied, and it goes on when it is submitted again.
 */
export type OrderState = 'tracking' | 'casting' | 'rendering' | 'joining' | 'done' | 'failed' | 'cancelled' | 'lost';

/** True where an order has steps that are done, or will be. */
export function isOpen(state: OrderState): boolean {
  return state === 'tracking' || state === 'casting' || state === 'rendering' || state === 'joining';
}

/** A step that was tried for the last time. */
export interface FailedStep {
  readonly step: string;
  readonly reason: string;
}

/** Steps of the kind that an order is at. */
export interface StepCounts {
  readonly of: number;
  readonly done: number;
  /** Given up: passed through. */
  readonly failed: number;
}

/** What is known of an order. */
export interface OrderStatus extends OrderRecord {
  readonly state: OrderState;
  /** Absent where nothing is counted in this state. */
  readonly steps?: StepCounts | undefined;
  readonly givenUp: readonly FailedStep[];
  /** Why it failed. */
  readonly reason?: string | undefined;
  /** Exit code of an order that is done. */
  readonly exit?: number | undefined;
  readonly rate: number | null;
  /** Seconds to the end of the takes, at that rate; null where it is not known. */
  readonly remaining: number | null;
  readonly refusals: readonly StepRefusal[];
  /** Why nothing of it is done though it waits; as a sentence. */
  readonly stuck?: string | undefined;
}

/** Milliseconds for which all machines must have refused an order before it is told as stuck. */
const STUCK = 10 * 60 * 1000;

/** @param workers those that live */
export async function readStatus(
  farm: Farm,
  record: OrderRecord,
  workers: readonly WorkerRecord[],
  now = Date.now(),
): Promise<OrderStatus> {
  const queue = farm.queue(record.queue);
  const [cast, conform, figures, refusals, cancelled] = await Promise.all([
    queue.getJob(stepId(record, CAST)),
    queue.getJob(stepId(record, CONFORM)),
    readFigures(farm.redis, record.id, now),
    readRefusals(farm.redis, record.id),
    isCancelled(farm.redis, record.id),
  ]);
  const at = cancelled ? ({ state: 'cancelled', givenUp: [] } as const) : await stateOf(conform, cast, figures);
  const rate = at.state === 'tracking' || at.state === 'rendering' ? figures.rate : null;
  const remaining = at.state === 'rendering' ? remainingSeconds(figures) : null;
  return { ...record, ...at, rate, remaining, refusals, stuck: stuckBy(record, at.state, refusals, workers, now) };
}

type StepOf = Job<StepJob, StepResult> | undefined;
type At = Pick<OrderStatus, 'state' | 'steps' | 'givenUp' | 'reason' | 'exit'>;

async function stateOf(conform: StepOf, cast: StepOf, { exit }: OrderFigures): Promise<At> {
  if (conform) {
    const { state, steps, givenUp } = await followed(conform);
    if (state === 'completed') return { state: 'done', givenUp, exit: conform.returnvalue.exit };
    if (state === 'failed') return { state: 'failed', givenUp, reason: conform.failedReason };
    return { state: state === 'waiting-children' ? 'rendering' : 'joining', steps, givenUp };
  }
  if (exit !== null) return { state: 'done', givenUp: [], exit };
  if (!cast) return { state: 'lost', givenUp: [] };
  const { state, steps, givenUp } = await followed(cast);
  if (state === 'failed') return { state: 'failed', givenUp, reason: cast.failedReason };
  // What follows it is given out before it is done.
  if (state === 'completed') return { state: 'lost', givenUp };
  return { state: state === 'waiting-children' ? 'tracking' : 'casting', steps, givenUp };
}

/** A step that follows others, with what became of them. */
async function followed(job: NonNullable<StepOf>): Promise<{
  readonly state: string;
  readonly steps: StepCounts;
  readonly givenUp: readonly FailedStep[];
}> {
  const [state, counts, failures] = await Promise.all([
    job.getState(),
    job.getDependenciesCount(),
    job.getIgnoredChildrenFailures(),
  ]);
  const { processed = 0, unprocessed = 0 } = counts;
  const givenUp = failedSteps(failures);
  return {
    state,
    steps: { of: processed + unprocessed + givenUp.length, done: processed, failed: givenUp.length },
    givenUp,
  };
}

/** The failures of steps by their keys in the queue. */
export function failedSteps(failures: Readonly<Record<string, string>>): FailedStep[] {
  return Object.entries(failures)
    .map(([key, reason]) => ({ step: key.slice(key.lastIndexOf(':') + 1).replace(/^[0-9a-f]+-/, ''), reason }))
    .sort((a, b) => (a.step < b.step ? -1 : 1));
}

function remainingSeconds({ takes, framesDone, rate }: OrderFigures): number | null {
  if (!takes || rate === null) return null;
  return Math.max(0, takes.frames - (framesDone.take ?? 0)) / rate;
}

function stuckBy(
  record: OrderRecord,
  state: OrderState,
  refusals: readonly StepRefusal[],
  workers: readonly WorkerRecord[],
  now: number,
): string | undefined {
  if (!isOpen(state)) return undefined;
  const able = workers.filter(({ queue }) => queue === record.queue);
  if (able.length === 0) return 'No worker of its versions is running.';
  const isWorkedOn = able.some(({ slots }) => slots.some(({ doing }) => doing?.order === record.id));
  const refusedBy = new Map(refusals.map((refusal) => [refusal.worker, refusal.first]));
  const areAll = able.every(({ id }) => now - (refusedBy.get(id) ?? now) >= STUCK);
  if (isWorkedOn || !areAll) return undefined;
  return 'Every worker that runs has refused it for ten minutes and longer: see why below. It goes on by itself when one of them can do it.';
}
