import { hostname } from 'node:os';
import type { Job } from 'bullmq';
import type { RunEvent } from '../../log/run-event.ts';
import { memoryToPlanWith } from '../../pipeline/work/machine-memory.ts';
import { checkToken } from '../order/mount-token.ts';
import { orderFiles } from '../order/order.ts';
import { readOrderEnd } from '../order/order-end.ts';
import { StepRefused } from '../order/order-error.ts';
import type { PathMap } from '../order/path-maps.ts';
import type { Farm } from '../queue/farm.ts';
import { giveOutTakes } from '../queue/give-out.ts';
import { isCancelled, noteStep } from '../queue/order-records.ts';
import { failedSteps } from '../queue/order-status.ts';
import { forgetRefusal, noteRefusal } from '../queue/refusals.ts';
import { ATTEMPTS, parseStepJob, type StepJob, type StepResult } from '../queue/step-job.ts';
import { givenUp, giveUp } from '../steps/failures.ts';
import { STEP_KINDS, type Step, type StepDone, type StepKind, stepName } from '../steps/step.ts';
import { unfitFor } from './fitness.ts';
import { judgeFailure } from './judge-failure.ts';
import { LeaseLost } from './lease-lost.ts';
import { mappedPlace } from './mapped-place.ts';
import { type Slot, SlotEnded } from './slot.ts';

type QueuedJob = Job<StepJob, StepResult>;

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

export interface StepProcessorOptions {
  readonly farm: Farm;
  readonly bullmq: typeof import('bullmq');
  /** The worker's. */
  readonly id: string;
  readonly queue: string;
  readonly maps: readonly PathMap[];
  /** Milliseconds of a lease. */
  readonly lease: number;
  /** Those that are free, the next one last. */
  readonly free: Slot[];
  readonly onEvent: (event: RunEvent) => void;
  /** Called with a sentence for who looks at the worker. */
  readonly onSay: (sentence: string) => void;
  /** Called when a slot begins or ends a step. */
  readonly onChange: () => void;
}

/** Does the steps that a queue hands out, each in a slot. */
export interface StepProcessor {
  readonly running: ReadonlyMap<string, RunningStep>;
  process(job: QueuedJob, token: string | undefined): Promise<StepResult>;
  /** Ends a step that this worker may not do any more. */
  end(job: string, why: NonNullable<RunningStep['ended']>): void;
}

/** How often a step may be taken from workers that fell silent. */
export const MOST_STALLS = 3;
/** Milliseconds for which a slot takes nothing after it refused a step: others shall have it. Once for many steps of an order. */
const REST = 5000;
/** Seconds after which a refused step is handed out again: the first time, and at most. */
const AGAIN = { first: 5, most: 60 } as const;

/** Bytes without which no step is begun; what a take itself needs, it asks for. */
const LEAST = { disk: 256 * 2 ** 20, memory: 512 * 2 ** 20 } as const;

export function stepProcessor(options: StepProcessorOptions): StepProcessor {
  const { farm, bullmq, id, queue, maps, lease, free, onEvent, onSay, onChange } = options;
  const { redis } = farm;
  const slots = free.length;
  const memory = () => memoryToPlanWith() / slots;
  const running = new Map<string, RunningStep>();
  /** When a step of an order was refused last, by its id; milliseconds of `performance.now`. */
  const rested = new Map<string, number>();

  const process = async (job: QueuedJob, token = ''): Promise<StepResult> => {
    const data = parseStepJob(job.data);
    const name = stepName(data.step);
    const slot = free.pop();
    if (!slot) throw new Error('Unreachable: a step was handed out, and no slot is free.');
    const now: RunningStep = { slot, job: job.id ?? '', data, since: new Date().toISOString() };
    running.set(now.job, now);
    onChange();
    const labels = { order: data.order, step: name, slot: slot.number, gpu: slot.gpu };
    const attempt = { attempt: job.attemptsMade + 1 };
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const title = `${name} of "${data.place.out}"`;
    try {
      if (await isCancelled(redis, data.order)) throw new bullmq.UnrecoverableError(CANCELLED);
      if (job.stalledCounter > 0) onEvent({ code: 'STEP_REDELIVERED', labels, counts: attempt });
      onEvent({ code: 'STEP_STARTED', labels, counts: attempt });
      await prepare(job, data);
      if (now.ended) throw new SlotEnded('killed', 'The step was ended before it began.');
      const done = await slot.run(
        { order: data.order, place: data.place, step: data.step, maps },
        {
          onProgress: (stage) => {
            now.stage = stage;
          },
          mayPublish: async () => now.ended === undefined && (await holds(job, token)),
        },
      );
      // Before the casting is done for the queue, so that nothing is lost between the two.
      if (data.step.kind === 'cast') await giveOutNext(data);
      await noteStep(redis, data.order, data.step.kind, done);
      await forgetRefusal(redis, data.order, id);
      tellDone(done, labels, title, data.step.kind);
      return resultOf(done);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      throw await failed({ job, token, now, error, labels, title, seconds: seconds() });
    } finally {
      letGo(now);
      free.push(slot);
      onChange();
    }
  };

  /** Another slot of this worker may be at the step again while this one rests from refusing it. */
  const letGo = (now: RunningStep) => {
    if (running.get(now.job) === now) running.delete(now.job);
  };

  /** Before a step that follows others: those that were given up without a note, since their workers died, are noted. @throws StepRefused */
  const prepare = async (job: QueuedJob, data: StepJob) => {
    const work = await proven(data);
    const unfit =
      work && (await unfitFor({ disk: [{ folder: work, bytes: LEAST.disk }], memory: LEAST.memory }, memory()));
    if (unfit) throw new StepRefused(unfit);
    if (work === null || (data.step.kind !== 'cast' && data.step.kind !== 'conform')) return;
    const failures = failedSteps(await job.getIgnoredChildrenFailures());
    if (failures.length === 0) return;
    const noted = await givenUp(work, { id: data.order });
    for (const { step, reason } of failures) {
      const parsed = parseStepName(step);
      if (parsed && !noted.has(step)) {
        await giveUp(work, { id: data.order }, parsed, { attempts: ATTEMPTS, reason: reasonOf(reason) });
      }
    }
  };

  /** The order's work folder here, proven; null where the order has ended and it is gone. @throws StepRefused */
  const proven = async ({ place, token, order }: StepJob): Promise<string | null> => {
    const here = mappedPlace(place, maps);
    try {
      await checkToken(orderFiles(place.work).folder, token, maps);
      return here.work;
    } catch (error) {
      if (await readOrderEnd(here, { id: order })) return null;
      throw error;
    }
  };

  const giveOutNext = async (data: StepJob) => {
    const { order, token, place, priority } = data;
    const work = mappedPlace(place, maps).work;
    await giveOutTakes(farm, { order: { id: order, token }, place, queue, priority }, work);
  };

  /** True where the step is still this worker's, for a whole lease from now on. A queue that does not answer that long says no. */
  const holds = async (job: QueuedJob, token: string): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<number>((resolve) => {
      timer = setTimeout(() => resolve(0), lease);
    });
    try {
      return (await Promise.race([job.extendLock(token, lease), late])) === 1;
    } finally {
      clearTimeout(timer);
    }
  };

  const tellDone = (done: StepDone, labels: RunEvent['labels'], title: string, kind: StepKind) => {
    const { already, frames, seconds, exit } = done;
    const counts = { frames };
    onEvent({
      code: already ? 'STEP_ALREADY_DONE' : 'STEP_DONE',
      labels: { ...labels, device: done.device },
      counts,
      seconds,
    });
    onSay(already ? `${title} was done before.` : `${title} is done: ${frames} frames in ${seconds.toFixed(1)} s.`);
    for (const note of done.notes) onSay(`${title}: ${note}`);
    if (kind === 'conform') onEvent({ code: 'REEL_DONE', labels, counts: { frames, exit } });
  };

  interface Failure {
    readonly job: QueuedJob;
    readonly token: string;
    readonly now: RunningStep;
    readonly error: Error;
    readonly labels: RunEvent['labels'];
    readonly title: string;
    readonly seconds: number;
  }

  /** What the queue is told of a step that was not done. */
  const failed = async (failure: Failure): Promise<Error> => {
    const { job, token, now, error, labels, title, seconds } = failure;
    const { step } = now.data;
    if (error instanceof SlotEnded && error.how !== 'killed') {
      onEvent({ code: error.how === 'hung' ? 'E_SLOT_HUNG' : 'E_SLOT_CRASHED', labels, error });
    }
    if (now.ended === 'handed back') return handedBack(failure);
    if (now.ended === 'cancelled' || error.message === CANCELLED) {
      // Submitted again meanwhile: what follows would go on without a step that nobody has failed at.
      if (!(await isCancelled(redis, now.data.order))) return handedBack(failure);
      onEvent({ code: 'STEP_CANCELLED', labels, seconds });
      onSay(`${title} was stopped: its order was cancelled.`);
      return new bullmq.UnrecoverableError(CANCELLED);
    }
    if (now.ended === 'lease lost' || error.name === 'LeaseLost' || !(await holds(job, token))) {
      onEvent({ code: 'E_LEASE_LOST', labels, seconds });
      onSay(`${title}: ${new LeaseLost().message}`);
      return new LeaseLost();
    }
    const verdict = judgeFailure(error, step.kind);
    if (verdict === 'elsewhere') return refused(failure);
    const isLast = verdict === 'never' || job.attemptsMade + 1 >= ATTEMPTS;
    onEvent({
      code: isLast ? 'E_STEP_GIVEN_UP' : 'E_STEP_FAILED',
      labels,
      error,
      seconds,
      counts: { attempt: job.attemptsMade + 1 },
    });
    const again = isLast
      ? 'It is not tried again.'
      : `It is tried again (${job.attemptsMade + 1} of ${ATTEMPTS} attempts failed).`;
    onSay(`${title} failed: ${asSentence(error.message)} ${again}`);
    if (isLast) await noteLast(failure);
    return verdict === 'never' ? new bullmq.UnrecoverableError(error.message) : error;
  };

  const handedBack = async ({ job, token, title }: Failure): Promise<Error> => {
    await job.moveToWait(token);
    onSay(`${title} was handed back.`);
    return new bullmq.WaitingError();
  };

  /** Before the failure is final for the queue: what follows reads on the disk that it goes on without the step. */
  const noteLast = async ({ job, now: { data }, error, labels }: Failure) => {
    const { kind } = data.step;
    if (kind === 'track' || kind === 'take') {
      const work = await proven(data).catch(() => null);
      const why = { attempts: job.attemptsMade + 1, reason: asSentence(error.message) };
      // Of another order that took its place, nothing is noted.
      if (work !== null && error.name !== 'OrderError') await giveUp(work, { id: data.order }, data.step, why);
    } else onEvent({ code: 'E_REEL_FAILED', labels, error });
  };

  const refused = async ({ job, token, now, error, labels, title, seconds }: Failure): Promise<Error> => {
    const { data } = now;
    onEvent({ code: 'E_STEP_REFUSED', labels, error, seconds });
    const refusals = Math.max(0, job.attemptsStarted - 1 - job.attemptsMade);
    const delay = Math.min(AGAIN.most, AGAIN.first * 2 ** Math.min(refusals, 6));
    const sentence = asSentence(error.message);
    onSay(`${title} is left to others for ${delay} s: ${sentence}`);
    await noteRefusal(redis, data.order, { worker: id, host: hostname(), step: stepName(data.step), sentence });
    await job.moveToDelayed(Date.now() + delay * 1000, token);
    letGo(now);
    onChange();
    const isRested = performance.now() - (rested.get(data.order) ?? -Infinity) < REST;
    rested.set(data.order, performance.now());
    if (!isRested) await new Promise((resolve) => setTimeout(resolve, REST));
    return new bullmq.DelayedError();
  };

  return {
    running,
    process,
    end(job, why) {
      const step = running.get(job);
      if (!step || step.ended) return;
      step.ended = why;
      if (why === 'cancelled') step.slot.abort();
      else step.slot.kill();
    },
  };
}

const CANCELLED = 'The order was cancelled.';

function resultOf({ already, frames, seconds, device, exit, takes }: StepDone): StepResult {
  return {
    ...{ already, frames, seconds, host: hostname() },
    ...(device === undefined ? {} : { device }),
    ...(exit === undefined ? {} : { exit }),
    ...(takes === undefined ? {} : { takes }),
  };
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
