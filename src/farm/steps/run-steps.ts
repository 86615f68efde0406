import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { RunOptions } from '../../pipeline/run-options.ts';
import { placeOf } from '../../pipeline/work/run-target.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { mappedJob } from '../order/mapped-job.ts';
import { type Order, type OrderPlace, readOrder } from '../order/order.ts';
import { type OrderExit, readLastOrderEnd } from '../order/order-end.ts';
import { OrderError, StepRefused } from '../order/order-error.ts';
import { type PathMap, parsePathMaps } from '../order/path-maps.ts';
import { noteBegun, unbegunFirst } from './begun-steps.ts';
import { type Step, type StepDone, type StepKind, stepName, trackSteps } from './step.ts';
import { openStepRunner } from './step-runner.ts';
import { readTakeList } from './take-list.ts';

/** Steps of one kind of an order. */
export interface StepsAsked {
  /** Path of `order.json`, in the folder `farm` of the work folder. */
  readonly order: string;
  readonly kind: StepKind;
  /** From 0. */
  readonly first: number;
  /** Every so manyth from the first on; null: the first alone. */
  readonly every: number | null;
  /** See `StepContext`. */
  readonly passesMissing: boolean;
  readonly ffmpeg?: string | undefined;
  /** As `--map` takes them. */
  readonly maps: readonly string[];
}

/** What became of them. */
export interface StepsDone {
  readonly exit: OrderExit;
  /** What a person should know, as sentences. */
  readonly notes: readonly string[];
  /** A line a step. */
  readonly lines: string;
  /** Steps that failed; the others were done all the same. */
  readonly failed: readonly StepFailure[];
}

export interface StepFailure {
  /** `take-3` */
  readonly step: string;
  readonly error: unknown;
}

/**
 * Does steps of an order one after another, without a queue. Of several, one that fails keeps nobody from the others,
 * nor, when they are tried again, one that ended the process.
 *
 * @throws what a single step does; StepRefused where this machine cannot do one, or not yet
 */
export async function runStepsOf(asked: StepsAsked, run: RunOptions): Promise<StepsDone> {
  const work = dirname(dirname(asked.order));
  if (basename(dirname(asked.order)) !== 'farm' || basename(asked.order) !== 'order.json') {
    throw new UsageError(
      `--job "${asked.order}" is no order. Give the file order.json in the folder "farm" of a work folder, as "reelmend submit" tells it.`,
    );
  }
  const order = await readOrder(work);
  if (!order) {
    const end = await endOf(work);
    if (end) return doneBefore(asked, end);
    throw new StepRefused(`There is no order "${asked.order}": it has ended, or this machine does not see the folder.`);
  }
  const steps = await unbegunFirst(work, order, await stepsOf(work, order, asked));
  const maps = await parsePathMaps(asked.maps, '--map');
  const place = placeHere(order, work, maps);
  await using runner = openStepRunner();
  const done: [Step, StepDone][] = [];
  const failed: StepFailure[] = [];
  for (const step of steps) {
    const { ffmpeg } = asked;
    const view = { place, maps, ...(ffmpeg === undefined ? {} : { ffmpeg }) };
    const context = { ...run, mayPublish: async () => run.signal.throwIfAborted(), passesMissing: asked.passesMissing };
    if (steps.length > 1) await noteBegun(work, order, step);
    try {
      done.push([step, await runner.run({ view, id: order.id, step }, context)]);
    } catch (error) {
      // What this machine cannot do of one step it can do of none.
      const isOfAll = error instanceof StepRefused || error instanceof OrderError;
      if (run.signal.aborted || steps.length === 1 || isOfAll) throw error;
      failed.push({ step: stepName(step), error });
    }
  }
  return {
    exit: done.map(([, { exit }]) => exit).find((exit) => exit !== undefined) ?? 0,
    notes: [...new Set(done.flatMap(([, { notes }]) => notes))],
    failed,
    lines: done.map(([step, end]) => `${stepName(step)}  ${toldOf(end)}\n`).join(''),
  };
}

/** How the order of a work folder has ended that went with it, and what is to be said of that; null where it has not. */
async function endOf(work: string): Promise<Pick<StepsDone, 'exit' | 'notes'> | null> {
  const out = work.replace(/\.work$/, '');
  const end = await readLastOrderEnd({ out, report: `${out}.report` });
  if (end) return { exit: end.exit, notes: [] };
  if (existsSync(work) || !existsSync(out)) return null;
  // Only the order said where its report is.
  const note = `The order has ended and its output "${out}" is there; the report, which was written elsewhere, says how.`;
  return { exit: 0, notes: [note] };
}

/** An engine may run a step again whose machine was lost when all was done. */
function doneBefore({ kind, first }: StepsAsked, { exit, notes }: Pick<StepsDone, 'exit' | 'notes'>): StepsDone {
  const lines = `${stepName({ kind, index: first })}  done before\n`;
  return { exit: kind === 'conform' ? exit : 0, notes: kind === 'conform' ? notes : [], failed: [], lines };
}

/** Where an order's output and report are, whose work folder is here. */
function placeHere(order: Order, work: string, maps: readonly PathMap[]): OrderPlace {
  const { out, report } = placeOf(mappedJob(order.job, maps));
  return { out, report, work };
}

async function stepsOf(work: string, order: Order, { kind, first, every }: StepsAsked): Promise<Step[]> {
  if (every === null || kind === 'cast' || kind === 'conform') return [{ kind, index: first }];
  const count = kind === 'track' ? trackSteps(order).length : (await readTakeList(work, order))?.length;
  if (count === undefined) {
    throw new StepRefused('The casting of the order is not done yet. Run the step cast, or try again later.');
  }
  const steps: Step[] = [];
  for (let index = first; index < count; index += every) steps.push({ kind, index });
  return steps;
}

function toldOf({ already, frames, seconds, takes, device }: StepDone): string {
  if (already) return 'done before';
  const facts = [
    `${frames} ${frames === 1 ? 'frame' : 'frames'}`,
    ...(takes === undefined ? [] : [`${takes} ${takes === 1 ? 'take' : 'takes'}`]),
    ...(device === undefined ? [] : [device]),
    `${seconds.toFixed(1)} s`,
  ];
  return facts.join(', ');
}
