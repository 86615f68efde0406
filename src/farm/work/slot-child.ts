import type { RunEvent } from '../../log/run-event.ts';
import type { Progress } from '../../pipeline/job.ts';
import { runOptions } from '../../pipeline/run-options.ts';
import { errorMessage } from '../../workers/error-message.ts';
import { mappedPlace } from '../order/mapped-place.ts';
import { orderFiles } from '../order/order.ts';
import { openStepRunner } from '../steps/step-runner.ts';
import { storageEnvironment } from './farm-storage.ts';
import { killGroup } from './kill-group.ts';
import { LeaseLost } from './lease-lost.ts';
import { BEAT, type FromSlot, LEASE_VARIABLE, type SlotStep, type ToSlot } from './slot-messages.ts';

/** Milliseconds between two words about progress within a stage. */
const PACE = 500;

/** The process of a slot: does the steps that its worker gives it, one at a time, and ends with its worker. */
const runner = openStepRunner();
/** Answers that are waited for, by the question's number. */
const questions = new Map<number, (may: boolean) => void>();
let running: { readonly run: number; readonly abort: AbortController } | null = null;
let asked = 0;

const say = (message: FromSlot) => void process.send?.(message);

process.on('message', (message: ToSlot) => {
  if ('run' in message) void work(message.run, message.asked);
  else if ('answer' in message) questions.get(message.answer)?.(message.may);
  else if ('abort' in message) {
    if (running?.run === message.abort) running.abort.abort();
  } else void Promise.resolve(runner[Symbol.asyncDispose]()).finally(() => process.exit(0));
});

// Whatever ends the worker ends its slots: nobody would know of what they do. ffmpeg's processes are of the same group.
process.on('disconnect', () => killGroup(process.pid));
// Signals are for the worker, which decides what becomes of its slots.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

setInterval(() => say({ beat: true }), BEAT).unref();

async function work(run: number, { order, place, step, maps, copies }: SlotStep): Promise<void> {
  const abort = new AbortController();
  running = { run, abort };
  const view = { place: mappedPlace(place, maps), maps };
  // Networks come from beside the order, and from nowhere else: threads that are started from here on see it, too.
  Object.assign(process.env, storageEnvironment({ store: orderFiles(view.place.work).store }));
  const onEvent = ({ error, ...event }: RunEvent) => {
    // Takes that are joined were told of when they were rendered.
    if (step.kind === 'conform' && event.code === 'TAKE_KEPT') return;
    say({ run, event: { ...event, ...(error === undefined ? {} : { error: errorMessage(error) }) } });
  };
  const context = {
    ...runOptions({ onProgress: paced((progress) => say({ run, progress })), onEvent, signal: abort.signal }),
    mayPublish: () => mayPublish(run),
    passesMissing: false,
    copies,
  };
  try {
    const done = await runner.run({ view, id: order, step }, context);
    say({ run, done });
  } catch (error) {
    say({ run, failed: errorMessage(error) });
  } finally {
    running = null;
  }
}

/** Asks the worker whether the step is still its own. An answer that is older than its lease says nothing any more. */
async function mayPublish(run: number): Promise<void> {
  const lease = Number(process.env[LEASE_VARIABLE]);
  for (;;) {
    const began = performance.now();
    const may = await new Promise<boolean>((resolve) => {
      const ask = asked++;
      questions.set(ask, (answer) => {
        questions.delete(ask);
        resolve(answer);
      });
      say({ run, ask });
    });
    if (!may) throw new LeaseLost();
    if (performance.now() - began < lease) return;
  }
}

/** Passes on the first word of a stage, its last one, and one now and then. */
function paced(pass: (progress: Pick<Progress, 'stage' | 'done' | 'total'>) => void): (progress: Progress) => void {
  let last: { readonly stage: string; readonly at: number } | undefined;
  return ({ stage, done, total }) => {
    const now = performance.now();
    if (last && last.stage === stage && done < total && now - last.at < PACE) return;
    last = { stage, at: now };
    pass({ stage, done, total });
  };
}
