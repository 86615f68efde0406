import { resolve } from 'node:path';
import { UsageError } from '../../settings/usage-error.ts';
import { mappedPath, type PathMap } from '../order/path-maps.ts';
import type { Farm } from './farm.ts';
import { type OrderRecord, readOrders } from './order-records.ts';

/** Letters of an id that tell one order from all others, mostly. */
const LEAST = 4;

/**
 * The orders that somebody means by the path of an output or a reel, as this machine sees it or the one that submitted did, or by the
 * beginning of an id, the last one first.
 *
 * @throws UsageError where there is none
 */
export async function findOrders(farm: Farm, text: string, maps: readonly PathMap[]): Promise<OrderRecord[]> {
  const orders = await readOrders(farm.redis);
  const isId = new RegExp(`^[0-9a-f]{${LEAST},64}$`).test(text);
  const path = resolve(text);
  const found = orders.filter(
    ({ id, out, reel }) =>
      (isId && id.startsWith(text)) || [out, reel].some((one) => one === text || mappedPath(one, maps) === path),
  );
  if (found.length > 0) return found;
  throw new UsageError(
    `The queue ${farm.address.name} knows no order of the output, the reel or the id "${text}". "reelmend status" lists those that it knows. Where its machines see the folder elsewhere, name it as they do, or say so with --map; where the queue was emptied, submit the reel again: what is finished is used.`,
  );
}

/**
 * The one order that somebody means.
 *
 * @throws UsageError where there is none, or there are several
 */
export async function findOrder(farm: Farm, text: string, maps: readonly PathMap[]): Promise<OrderRecord> {
  const found = await findOrders(farm, text, maps);
  const [order] = found;
  if (!order || found.length > 1) {
    const ids = found.map(({ id, out }) => `${id.slice(0, 12)} (${mappedPath(out, maps)})`).join(', ');
    throw new UsageError(`"${text}" is the name of ${found.length} orders: ${ids}. Give the id of one of them.`);
  }
  return order;
}
