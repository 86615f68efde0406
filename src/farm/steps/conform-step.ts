import { isDeepStrictEqual } from 'node:util';
import { lastValueFrom, toArray } from 'rxjs';
import { lengthOf } from '../../film/range.ts';
import type { Shot } from '../../film/shot.ts';
import { memoryOfRun } from '../../pipeline/render/memory-of-run.ts';
import { type RenderedTake, renderTakes } from '../../pipeline/render/render.ts';
import { deliverRun } from '../../pipeline/work/deliver-run.ts';
import { openOutput, takesIn } from '../../pipeline/work/output-life.ts';
import type { RunPlan } from '../../pipeline/work/plan-run.ts';
import { runKey } from '../../pipeline/work/plan-takes.ts';
import { stageClock } from '../../pipeline/work/stage-clock.ts';
import type { FinishedTake, KeyedTake } from '../../pipeline/work/take-folders.ts';
import { takeContent } from '../../pipeline/work/take-key.ts';
import {
  endedWhole,
  endOrder,
  type OrderEnd,
  type OrderExit,
  type PassedTake,
  readOrderEnd,
} from '../order/order-end.ts';
import { StepRefused } from '../order/order-error.ts';
import { type GivenUp, givenUp } from './failures.ts';
import type { OpenOrder } from './open-order.ts';
import { stepName } from './step.ts';
import type { StepContext, StepWork } from './step-context.ts';
import { plannedTakes, takeStep } from './take-step.ts';

/** Joins the takes of an order to its output, with masters and report. What was given up is passed through, and named. */
export async function conformStep(open: OpenOrder, context: StepContext): Promise<StepWork> {
  const { order, job, resources, device } = open;
  const before = await readOrderEnd(open.place, order);
  const { takes, plan, finished, ...lacking } = await takesToJoin(open, context);
  const frames = takes.reduce((sum, take) => sum + lengthOf(take), 0);
  if (before && isSame(before, lacking)) return { already: true, frames, exit: before.exit };

  const clock = stageClock(context.onProgress);
  const run = { ...context, onProgress: clock.onProgress };
  // What was passed through may be restored later, and then takes its place.
  const keeps = { keepWork: plan.place.keepWork || !endedWhole(lacking), redo: plan.place.redo || before !== null };
  const place = { ...plan.place, ...keeps };
  const key = runKey(takes, plan.target, place.sides);
  const leased = { lease: order.id, mayFinish: context.mayPublish };
  await using output = await openOutput(place, key, plan.target, leased);
  const memory = memoryOfRun(plan.analysis.reel, plan.tracks, plan.device);
  const joined = { ...plan, place, takes, key };
  const rendered: RenderedTake[] = await lastValueFrom(
    renderTakes(joined, memory, output, { ...run, device, found: finished }).pipe(toArray()),
  );
  const notes = lacking.passed.map(passedNote);
  const summary = await deliverRun(job, { plan: joined, memory, output, rendered, notes }, resources.library, {
    ...run,
    clock,
  });
  const isShort = !endedWhole(lacking) || summary.tooManyIsolated;
  const exit: OrderExit = isShort ? 3 : summary.mastersFailed.length > 0 ? 1 : 0;
  await output.mayGoOn();
  await endOrder(open.place, order, { exit, ...lacking });
  await output.finish(rendered.map(({ take }) => take));
  return { already: false, frames, exit, notes: summary.notes };
}

/** What an order was to restore and does not. */
type Lacking = Pick<OrderEnd, 'passed' | 'untracked'>;

interface TakesToJoin {
  readonly plan: RunPlan;
  /** All of them, in order. */
  readonly takes: KeyedTake[];
  /** Those that a machine has finished, by their keys. */
  readonly finished: ReadonlyMap<string, FinishedTake>;
}

/** All takes of an order as they are joined: each as a machine has finished it, damaged ones rendered anew, those given up as copies. */
async function takesToJoin(open: OpenOrder, context: StepContext): Promise<Lacking & TakesToJoin> {
  const plan = await plannedTakes(open, context);
  const without = await givenUp(open.work, open.order);
  const folders = takesIn(plan.place, plan.target);
  const finished = new Map<string, FinishedTake>();
  const sides = plan.place.sides.map(({ id }) => id);
  const takes: KeyedTake[] = [];
  const passed: PassedTake[] = [];
  for (const [index, take] of plan.takes.entries()) {
    context.onProgress({ stage: 'verifying', done: take.in, total: plan.analysis.range.out, unit: 'frames' });
    let found = await folders.findStanding(take, sides);
    if (!found && (await folders.isRecorded(take))) {
      // It was finished and is not whole any more: nobody else would do it again.
      await takeStep(open, index, context);
      found = await folders.findContent(take, sides);
    }
    if (found) {
      takes.push({ ...take, key: found.record.key });
      finished.set(found.record.key, found);
      continue;
    }
    const name = stepName({ kind: 'take', index });
    const reason = without.get(name) ?? (context.passesMissing ? notRendered(name) : null);
    if (reason === null) {
      throw new StepRefused(
        `Step ${name} is not done yet, and the output needs all of them. Run it, or try again later.`,
      );
    }
    takes.push(take.touched ? untouched(take, plan) : take);
    if (take.touched) passed.push({ take: index, in: take.in, out: take.out, reason: reason.reason });
  }
  const untracked = [...without.keys()].filter((name) => name.startsWith('track-')).sort();
  return { plan, takes, finished, passed, untracked };
}

function notRendered(step: string): GivenUp {
  return { step, attempts: 0, reason: 'nobody has rendered it.' };
}

/** A take in which nothing is restored, whatever was to be. */
function untouched(take: KeyedTake, { analysis, tracks, target, origin }: RunPlan): KeyedTake {
  const copy = { ...take, touched: false };
  const shot = analysis.tracked.shots[take.shot] as Shot;
  const content = takeContent({ take: copy, shot, tracks, coding: target.coding(copy) }, origin);
  return { ...copy, content, key: content };
}

function passedNote({ take, in: from, out, reason }: PassedTake): string {
  return `Take ${take} (${out - from} frames from frame ${from} of the reel, counted from 0) was passed through untouched: ${reason}`;
}

function isSame(a: Lacking, b: Lacking): boolean {
  const takes = ({ passed }: Lacking) => passed.map(({ take }) => take);
  return isDeepStrictEqual([takes(a), a.untracked], [takes(b), b.untracked]);
}
