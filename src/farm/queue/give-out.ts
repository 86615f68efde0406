import type { Order } from '../order/order.ts';
import { type Step, stepId, takeSteps, trackSteps } from '../steps/step.ts';
import { readTakeList, type TakeList } from '../steps/take-list.ts';
import type { Farm } from './farm.ts';
import { noteTakes } from './order-records.ts';
import { type QueuedOrder, stepFlow } from './step-job.ts';

export const CAST: Step = { kind: 'cast', index: 0 };
export const CONFORM: Step = { kind: 'conform', index: 0 };

/**
 * Puts the next steps of an order into its queue: its takes where its casting is done, else its tracks. Steps that are there stay as they
 * are, so that it may be called any number of times, by any number of machines.
 *
 * @param work the order's work folder as it is here
 */
export async function giveOut(
  farm: Farm,
  queued: QueuedOrder & { readonly order: Pick<Order, 'spans'> },
  work: string,
): Promise<void> {
  if (await giveOutTakes(farm, queued, work)) return;
  await addFlow(farm, queued, CAST, trackSteps(queued.order));
}

/** The same for the takes alone. @returns false where its casting is not done */
export async function giveOutTakes(farm: Farm, queued: QueuedOrder, work: string): Promise<boolean> {
  const takes = await readTakeList(work, queued.order);
  if (takes === null) return false;
  await noteTakes(farm.redis, queued.order.id, takes);
  const all = takeSteps(takes.length);
  const steps = longestFirst(takes).flatMap((index) => all[index] ?? []);
  await addFlow(farm, queued, CONFORM, steps);
  return true;
}

/** A flow that is there already stays; one that lacks its last step is whole again. */
async function addFlow(farm: Farm, queued: QueuedOrder, last: Step, before: readonly Step[]): Promise<void> {
  const queue = farm.queue(queued.queue);
  if (await queue.getJob(stepId(queued.order, last))) return;
  // A step that failed before would be waited for, and nobody would do it.
  await Promise.all(
    before.map(async (step) => {
      const job = await queue.getJob(stepId(queued.order, step));
      if (job && (await job.isFailed())) await job.remove({ removeChildren: false });
    }),
  );
  await farm.flows.add(stepFlow(queued, last, before));
}

/**
 * Takes in the order in which they are handed out: those with faces by their length, then those that are copied. What takes longest is
 * begun first, so that the last machine ends soon after the last but one; equal ones stay in the reel's order.
 */
export function longestFirst(takes: TakeList): number[] {
  const cost = ({ in: from, out, touched }: TakeList[number]) => (touched ? out - from : 0);
  return takes
    .map((take, index) => ({ index, cost: cost(take) }))
    .sort((a, b) => b.cost - a.cost || a.index - b.index)
    .map(({ index }) => index);
}
