import { lastValueFrom } from 'rxjs';
import { lengthOf } from '../../film/range.ts';
import { memoryOfRun } from '../../pipeline/render/memory-of-run.ts';
import { renderTakes } from '../../pipeline/render/render.ts';
import { takesIn } from '../../pipeline/work/output-life.ts';
import type { RunPlan } from '../../pipeline/work/plan-run.ts';
import { assertSpace } from '../../pipeline/work/space.ts';
import { StepRefused } from '../order/order-error.ts';
import { copiedFrames } from './copied-frames.ts';
import type { OpenOrder } from './open-order.ts';
import type { StepContext, StepWork } from './step-context.ts';
import { readTakeList, type TakeList } from './take-list.ts';

/** Renders one take of an order, or copies it where nothing in it is restored, into the takes of its output. */
export async function takeStep(open: OpenOrder, index: number, context: StepContext): Promise<StepWork> {
  const plan = await plannedTakes(open, context);
  const take = plan.takes[index];
  if (!take) throw new RangeError(`The order has ${plan.takes.length} takes, and none numbered ${index}.`);
  const { place, target, analysis } = plan;
  const takes = takesIn(place, target, context.mayPublish);
  const frames = lengthOf(take);
  const kept = await takes.findContent(
    take,
    place.sides.map(({ id }) => id),
  );
  if (kept) return { already: true, frames, device: kept.record.device };
  const memory = memoryOfRun(analysis.reel, plan.tracks, plan.device);
  const output = { takes, assertSpace: (bytes: number) => assertSpace(place.out, bytes) };
  const copied = await copiedFrames(context);
  const { record } = await lastValueFrom(
    renderTakes({ ...plan, takes: [take] }, memory, output, { ...context, device: open.device, decode: copied.decode }),
  );
  copied.tell();
  return { already: false, frames, device: record.device, notes: record.notes };
}

/** The plan of an order whose takes are those that its casting cut. @throws StepRefused */
export async function plannedTakes({ work, order, ...open }: OpenOrder, context: StepContext): Promise<RunPlan> {
  const list = await readTakeList(work, order);
  if (!list) throw new StepRefused('The casting of the order is not done yet. Run the step cast, or try again later.');
  const plan = await open.plan(list, context);
  const other = firstOther(list, plan);
  if (other !== null) {
    throw new StepRefused(
      `This machine would make take ${other} of the order otherwise than the machine that planned it: a network, a still or a damaged frame is not the same here. Compare "reelmend doctor" and "reelmend models verify" on both.`,
    );
  }
  return plan;
}

function firstOther(list: TakeList, { takes }: RunPlan): number | null {
  const other = list.findIndex(({ content }, k) => takes[k]?.content !== content);
  return other >= 0 ? other : takes.length === list.length ? null : list.length;
}
