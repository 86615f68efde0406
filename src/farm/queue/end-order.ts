import type { RunEvent } from '../../log/run-event.ts';
import { type Order, type OrderPlace, readOrder } from '../order/order.ts';
import { readOrderEnd } from '../order/order-end.ts';
import { OrderError } from '../order/order-error.ts';
import { forgetGivenUp } from '../steps/failures.ts';
import { type Step, stepId, stepName } from '../steps/step.ts';
import { tellWorkers } from './control.ts';
import type { Farm } from './farm.ts';
import { CAST, CONFORM, giveOut } from './give-out.ts';
import { cancelOrderId, forgetFigures, noteOrder, type OrderRecord, readFigures, uncancel } from './order-records.ts';
import { forgetRefusals } from './refusals.ts';

/** Ends an order: no machine does more of it. What is finished stays on the disk. */
export async function cancelOrder(farm: Farm, record: OrderRecord, onEvent: (event: RunEvent) => void): Promise<void> {
  await cancelOrderId(farm.redis, record.id);
  await tellWorkers(farm.redis, { cancel: record.id });
  await removeSteps(farm, record);
  onEvent({ code: 'ORDER_CANCELLED', labels: { order: record.id, reel: record.reel } });
}

/**
 * Has an order's steps done again that failed: they are forgotten to have been given up, and all of its steps are given out anew. Those
 * that are done say so at once.
 *
 * @param here where the order is on this machine
 * @throws OrderError where it is not there any more, or is just being joined
 */
export async function retryOrder(
  farm: Farm,
  record: OrderRecord,
  here: OrderPlace,
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  const { work } = here;
  const order = await readOrder(work);
  if (order?.id !== record.id) throw await notThere(record.id, here, order?.id);
  const queue = farm.queue(record.queue);
  for (const step of [CAST, CONFORM]) {
    const job = await queue.getJob(stepId(record, step));
    if (await job?.isActive()) {
      throw new OrderError(
        `A machine is at step ${stepName(step)} of the order of "${record.out}" now. Wait until it has ended (see "reelmend status"), then try again.`,
      );
    }
  }
  await giveOutAnew(farm, record, order, { work, onEvent });
}

/** Gives out all steps of an order, whatever became of them before. */
export async function giveOutAnew(
  farm: Farm,
  record: OrderRecord,
  order: Pick<Order, 'id' | 'token' | 'spans'>,
  { work, onEvent }: { readonly work: string; readonly onEvent: (event: RunEvent) => void },
): Promise<void> {
  await removeSteps(farm, record);
  await forgetGivenUp(work, order);
  await forgetRefusals(farm.redis, record.id);
  await uncancel(farm.redis, record.id);
  await noteOrder(farm.redis, record);
  await forgetFigures(farm.redis, record.id);
  await giveOut(farm, { order, place: record, queue: record.queue, priority: record.priority }, work);
  onEvent({ code: 'ORDER_RETRIED', labels: { order: record.id, reel: record.reel } });
}

async function notThere(id: string, place: OrderPlace, other: string | undefined): Promise<OrderError> {
  if (other !== undefined) {
    return new OrderError(
      `Another order, ${other.slice(0, 12)}, has taken the place of this one for the output "${place.out}". Retry that one.`,
    );
  }
  const end = await readOrderEnd(place, { id });
  if (end) {
    return new OrderError(
      `The order of "${place.out}" has ended with exit code ${end.exit}, and all of its takes were restored: there is nothing to do again. To render changed settings, submit the reel with --redo.`,
    );
  }
  return new OrderError(
    `The order's folder "${place.work}" is not here. Mount it, or say with --map where it is here, and try again; or submit the reel again.`,
  );
}

/** Takes all steps of an order out of its queue but those that a machine is at. */
async function removeSteps(farm: Farm, record: OrderRecord): Promise<void> {
  const queue = farm.queue(record.queue);
  const { takes } = await readFigures(farm.redis, record.id, Date.now());
  const some = (kind: Step['kind'], count: number): Step[] =>
    Array.from({ length: count }, (_, index) => ({ kind, index }));
  // Those first that wait for others: they would be handed out when these go.
  const steps = [CONFORM, CAST, ...some('take', takes?.count ?? 0), ...some('track', record.spans)];
  for (const step of steps.slice(0, 2)) await queue.remove(stepId(record, step), { removeChildren: false });
  await Promise.all(steps.slice(2).map((step) => queue.remove(stepId(record, step), { removeChildren: false })));
}
