import { hostname } from 'node:os';
import { lengthOf } from '../../film/range.ts';
import type { EventLabels } from '../../log/run-event.ts';
import { mappedPlace } from '../order/mapped-place.ts';
import { isCancelled } from '../queue/order-records.ts';
import { failedSteps } from '../queue/order-status.ts';
import { noteRefusal } from '../queue/refusals.ts';
import { ATTEMPTS, queuePriority, type StepJob } from '../queue/step-job.ts';
import { givenUp, giveUp } from '../steps/failures.ts';
import { STEP_KINDS, type Step, stepName } from '../steps/step.ts';
import { readTakeList } from '../steps/take-list.ts';
import { judgeFailure } from './judge-failure.ts';
import { LeaseLost } from './lease-lost.ts';
import { provenWork } from './proven-work.ts';
import { holdsLease, type QueuedJob, type RunningStep } from './running-step.ts';
import { SlotEnded } from './slot.ts';
import type { StepProcessorOptions } from './step-processor.ts';

/** An attempt at a step that came to nothing. */
export interface FailedAttempt {
  readonly job: QueuedJob;
  readonly token: string;
  readonly now: RunningStep;
  readonly error: Error;
  readonly labels: EventLabels;
  /** The step and its output, for people. */
  readonly title: string;
  readonly seconds: number;
}

/** Decides what becomes of steps that were not done. */
export interface StepFailures {
  /** Notes a failed attempt wherever it counts. @returns what the queue is told */
  failed(attempt: FailedAttempt): Promise<Error>;
  /** Notes on the disk those steps before this one that were given up without a note, since their workers died. */
  noteSilent(job: QueuedJob, data: StepJob, work: string, labels: EventLabels): Promise<void>;
}

type Wanted = 'farm' | 'bullmq' | 'id' | 'maps' | 'lease' | 'onEvent' | 'onSay';

export interface StepFailuresOptions extends Pick<StepProcessorOptions, Wanted> {
  /** Called when a slot is at a step no more, though it takes no other one yet. */
  readonly onLetGo: (step: RunningStep) => void;
}

/** How often a step may be taken from workers that fell silent. */
export const MOST_STALLS = 3;
/** Why a step of a cancelled order ends, as the queue has it. */
export const CANCELLED = 'The order was cancelled.';
/** Milliseconds for which a slot takes nothing after it refused a step: others shall have it. Once for many steps of an order. */
const REST = 5000;
/** Seconds after which a refused step is handed out again: the first time, and at most. */
const AGAIN = { first: 5, most: 60 } as const;

export function stepFailures(options: StepFailuresOptions): StepFailures {
  const { farm, bullmq, id, maps, lease, onEvent, onSay, onLetGo } = options;
  const { redis } = farm;
  /** When a step of an order was refused last, by its id; milliseconds of `performance.now`. */
  const rested = new Map<string, number>();

  const failed = async (attempt: FailedAttempt): Promise<Error> => {
    const { job, token, now, error, labels, title, seconds } = attempt;
    const { step } = now.data;
    if (error instanceof SlotEnded && error.how !== 'killed') {
      onEvent({ code: error.how === 'hung' ? 'E_SLOT_HUNG' : 'E_SLOT_CRASHED', labels, error });
    }
    if (now.ended === 'handed back') return handedBack(attempt);
    if (now.ended === 'cancelled' || error.message === CANCELLED) {
      // Submitted again meanwhile: what follows would go on without a step that nobody has failed at.
      if (!(await isCancelled(redis, now.data.order))) return handedBack(attempt);
      onEvent({ code: 'STEP_CANCELLED', labels, seconds });
      onSay(`${title} was stopped: its order was cancelled.`);
      return new bullmq.UnrecoverableError(CANCELLED);
    }
    if (now.ended === 'lease lost' || error.name === 'LeaseLost' || !(await holdsLease(job, token, lease))) {
      onEvent({ code: 'E_LEASE_LOST', labels, seconds });
      onSay(`${title}: ${new LeaseLost().message}`);
      return new LeaseLost();
    }
    const verdict = judgeFailure(error, step.kind);
    if (verdict === 'elsewhere') return refused(attempt);
    const attempted = job.attemptsMade + 1;
    const isLast = verdict === 'never' || attempted >= ATTEMPTS;
    const { work } = mappedPlace(now.data.place, maps);
    const frames = isLast ? await framesOf(work, { id: now.data.order }, step) : undefined;
    onEvent({
      code: isLast ? 'E_STEP_GIVEN_UP' : 'E_STEP_FAILED',
      labels,
      error,
      seconds,
      counts: { attempt: attempted, frames },
    });
    const again = isLast
      ? 'It is not tried again.'
      : `It is tried again (${attempted} of ${ATTEMPTS} attempts failed).`;
    onSay(`${title} failed: ${asSentence(error.message)} ${again}`);
    if (isLast) await noteLast(attempt);
    else await job.changePriority({ priority: queuePriority(now.data.priority, true) });
    return verdict === 'never' ? new bullmq.UnrecoverableError(error.message) : error;
  };

  const handedBack = async ({ job, token, title }: FailedAttempt): Promise<Error> => {
    await job.moveToWait(token);
    onSay(`${title} was handed back.`);
    return new bullmq.WaitingError();
  };

  /** Before the failure is final for the queue: what follows reads on the disk that it goes on without the step. */
  const noteLast = async ({ job, now: { data }, error, labels }: FailedAttempt) => {
    const { kind } = data.step;
    if (kind === 'track' || kind === 'take') {
      const work = await provenWork(data, maps).catch(() => null);
      const why = { attempts: job.attemptsMade + 1, reason: asSentence(error.message) };
      // Of another order that took its place, nothing is noted.
      if (work !== null && error.name !== 'OrderError') await giveUp(work, { id: data.order }, data.step, why);
    } else onEvent({ code: 'E_REEL_FAILED', labels, error });
  };

  const refused = async ({ job, token, now, error, labels, title, seconds }: FailedAttempt): Promise<Error> => {
    const { data } = now;
    onEvent({ code: 'E_STEP_REFUSED', labels, error, seconds });
    const refusals = Math.max(0, job.attemptsStarted - 1 - job.attemptsMade);
    const delay = Math.min(AGAIN.most, AGAIN.first * 2 ** Math.min(refusals, 6));
    const sentence = asSentence(error.message);
    onSay(`${title} is left to others for ${delay} s: ${sentence}`);
    await noteRefusal(redis, data.order, { worker: id, host: hostname(), step: stepName(data.step), sentence });
    await job.moveToDelayed(Date.now() + delay * 1000, token);
    onLetGo(now);
    const isRested = performance.now() - (rested.get(data.order) ?? -Infinity) < REST;
    rested.set(data.order, performance.now());
    if (!isRested) await new Promise((resolve) => setTimeout(resolve, REST));
    return new bullmq.DelayedError();
  };

  return {
    failed,
    async noteSilent(job, { order: id }, work, { reel, worker }) {
      const failures = failedSteps(await job.getIgnoredChildrenFailures());
      if (failures.length === 0) return;
      const noted = await givenUp(work, { id });
      for (const { step, reason } of failures) {
        const parsed = parseStepName(step);
        if (!parsed || noted.has(step)) continue;
        const why = { attempts: ATTEMPTS, reason: reasonOf(reason) };
        await giveUp(work, { id }, parsed, why);
        onEvent({
          code: 'E_STEP_GIVEN_UP',
          labels: { order: id, step, reel, worker },
          counts: { attempt: ATTEMPTS, frames: await framesOf(work, { id }, parsed) },
          reason: why.reason,
        });
      }
    },
  };
}

/** Frames of a take, which go untouched where it is given up; undefined of other steps. */
async function framesOf(work: string, order: { readonly id: string }, step: Step): Promise<number | undefined> {
  const take = step.kind === 'take' ? (await readTakeList(work, order))?.[step.index] : undefined;
  return take && lengthOf(take);
}

function parseStepName(name: string): Step | null {
  const [, kind, index] = /^([a-z]+)-(\d+)$/.exec(name) ?? [];
  const known = STEP_KINDS.find((one) => one === kind);
  return known ? { kind: known, index: Number(index) } : null;
}

function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/** Why a step failed at which its workers ended, which the queue says in words of its own. */
function reasonOf(reason: string): string {
  if (!reason.includes('stalled')) return asSentence(reason);
  return `The workers that were at it ended, or lost the queue, more than ${MOST_STALLS} times.`;
}
