import { hostname } from 'node:os';
import type { EventLabels, RunEvent } from '../../log/run-event.ts';
import { memoryToPlanWith } from '../../pipeline/work/machine-memory.ts';
import { mappedPlace } from '../order/mapped-place.ts';
import { StepRefused } from '../order/order-error.ts';
import type { PathMap } from '../order/path-maps.ts';
import type { Farm } from '../queue/farm.ts';
import { giveOutTakes } from '../queue/give-out.ts';
import { isCancelled, noteStep, readOrderRecord } from '../queue/order-records.ts';
import { forgetRefusal } from '../queue/refusals.ts';
import { parseStepJob, type StepJob, type StepResult } from '../queue/step-job.ts';
import { type StepDone, type StepKind, stepName } from '../steps/step.ts';
import { unfitFor } from './fitness.ts';
import { provenWork } from './proven-work.ts';
import type { ReadAhead } from './read-ahead.ts';
import { holdsLease, type QueuedJob, type RunningStep } from './running-step.ts';
import { type Slot, SlotEnded } from './slot.ts';
import { CANCELLED, stepFailures } from './step-failures.ts';

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
  /** Reads frames of the takes that come next; absent: none are. */
  readonly readAhead?: ReadAhead | undefined;
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

/** Bytes without which no step is begun; what a take itself needs, it asks for. */
const LEAST = { disk: 256 * 2 ** 20, memory: 512 * 2 ** 20 } as const;

export function stepProcessor(options: StepProcessorOptions): StepProcessor {
  const { farm, bullmq, id, queue, maps, lease, free, readAhead, onEvent, onSay, onChange } = options;
  const { redis } = farm;
  const slots = free.length;
  const memory = () => memoryToPlanWith() / slots;
  const running = new Map<string, RunningStep>();
  /** Another slot of this worker may be at the step again while this one rests from refusing it. */
  const letGo = (now: RunningStep) => {
    if (running.get(now.job) === now) running.delete(now.job);
    onChange();
  };
  const failures = stepFailures({ ...options, onLetGo: letGo });

  const process = async (job: QueuedJob, token = ''): Promise<StepResult> => {
    const data = parseStepJob(job.data);
    const name = stepName(data.step);
    const slot = free.pop();
    if (!slot) throw new Error('Unreachable: a step was handed out, and no slot is free.');
    const now: RunningStep = { slot, job: job.id ?? '', data, since: new Date().toISOString() };
    running.set(now.job, now);
    const ahead = readAhead?.claim(data);
    onChange();
    const attempt = { attempt: job.attemptsMade + 1 };
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const of = { order: data.order, step: name, slot: slot.number, gpu: slot.gpu, worker: id };
    let labels: EventLabels = of;
    const title = `${name} of "${data.place.out}"`;
    try {
      labels = { ...of, reel: (await readOrderRecord(redis, data.order))?.reel };
      if (await isCancelled(redis, data.order)) throw new bullmq.UnrecoverableError(CANCELLED);
      if (job.stalledCounter > 0) onEvent({ code: 'STEP_REDELIVERED', labels, counts: attempt });
      onEvent({ code: 'STEP_STARTED', labels, counts: attempt });
      await prepare(job, data, labels);
      if (now.ended) throw new SlotEnded('killed', 'The step was ended before it began.');
      ahead?.begin(labels);
      const done = await slot.run(
        { order: data.order, place: data.place, step: data.step, maps, copies: ahead?.copies ?? [] },
        {
          onProgress: (stage) => {
            now.stage = stage;
          },
          onEvent: (event) => onEvent({ ...event, labels: { ...labels, ...event.labels } }),
          mayPublish: async () => now.ended === undefined && (await holdsLease(job, token, lease)),
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
      throw await failures.failed({ job, token, now, error, labels, title, seconds: seconds() });
    } finally {
      await ahead?.[Symbol.asyncDispose]();
      free.push(slot);
      letGo(now);
    }
  };

  /** Before a step begins: its place is proven, and its machine has room. @throws StepRefused */
  const prepare = async (job: QueuedJob, data: StepJob, labels: EventLabels) => {
    const work = await provenWork(data, maps);
    const unfit =
      work && (await unfitFor({ disk: [{ folder: work, bytes: LEAST.disk }], memory: LEAST.memory }, memory()));
    if (unfit) throw new StepRefused(unfit);
    const isAfter = data.step.kind === 'cast' || data.step.kind === 'conform';
    if (work !== null && isAfter) await failures.noteSilent(job, data, work, labels);
  };

  const giveOutNext = async (data: StepJob) => {
    const { order, token, place, priority } = data;
    const work = mappedPlace(place, maps).work;
    await giveOutTakes(farm, { order: { id: order, token }, place, queue, priority }, work);
  };

  const tellDone = (done: StepDone, labels: EventLabels, title: string, kind: StepKind) => {
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

function resultOf({ already, frames, seconds, device, exit, takes }: StepDone): StepResult {
  return {
    ...{ already, frames, seconds, host: hostname() },
    ...(device === undefined ? {} : { device }),
    ...(exit === undefined ? {} : { exit }),
    ...(takes === undefined ? {} : { takes }),
  };
}
