import type { RunEvent } from '../../log/run-event.ts';
import type { MadeOrder } from '../order/make-order.ts';
import type { Order } from '../order/order.ts';
import { stepId } from '../steps/step.ts';
import { readTakeList } from '../steps/take-list.ts';
import { cancelOrder, giveOutAnew } from './end-order.ts';
import { type Farm, queueName } from './farm.ts';
import { CAST, giveOut } from './give-out.ts';
import { noteOrder, type OrderRecord, readOrderRecord, readOrders, uncancel } from './order-records.ts';
import { isOpen, type OrderStatus, readStatus } from './order-status.ts';
import { readWorkers } from './worker-records.ts';

/** Puts a made order into its queue, where it is not there yet, and says what it is at. Orders that it replaces are cancelled. */
export async function handIn(
  farm: Farm,
  { order, place }: Pick<MadeOrder, 'order' | 'place'>,
  priority: number,
  onEvent: (event: RunEvent) => void,
): Promise<OrderStatus> {
  const { id, token, versions, submitted, by, spans, frames, job } = order;
  const { out, work, report } = place;
  const queue = queueName(versions);
  const record: OrderRecord = {
    ...{ id, out, work, report, reel: job.reel, submitted, by, versions, queue, priority, token, frames },
    spans: spans.length,
  };
  await cancelReplaced(farm, record, onEvent);
  await uncancel(farm.redis, id);
  await noteOrder(farm.redis, record);
  const before = await readStatus(farm, record, []);
  if (await isOver(farm, before, work)) await giveOutAnew(farm, record, order, { work, onEvent });
  else await giveOut(farm, { order, place, queue, priority }, work);
  return readStatus(farm, record, await readWorkers(farm.redis));
}

/** An order takes the place of others of the same output: their steps would wait for what is not there any more. */
async function cancelReplaced(
  farm: Farm,
  { id, work }: OrderRecord,
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  for (const other of await readOrders(farm.redis)) {
    if (other.id === id || other.work !== work) continue;
    if (isOpen((await readStatus(farm, other, [])).state)) await cancelOrder(farm, other, onEvent);
  }
}

/** True where machines are at an order, or will be: one that has ended before, too, if its failed takes are tried again. */
export async function isUnderWay(farm: Farm, { id }: Pick<Order, 'id'>): Promise<boolean> {
  const record = await readOrderRecord(farm.redis, id);
  return record !== null && isOpen((await readStatus(farm, record, [])).state);
}

/** True where the queue has steps of an order as done or failed for good, and what they left may be gone. */
async function isOver(farm: Farm, { state, queue, id }: OrderStatus, work: string): Promise<boolean> {
  if (state === 'done' || state === 'failed') return true;
  if (state !== 'lost' || (await readTakeList(work, { id })) !== null) return false;
  // Its casting is noted as done, and what it left has gone.
  return (await farm.queue(queue).getJob(stepId({ id }, CAST))) !== undefined;
}
