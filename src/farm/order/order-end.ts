import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { publishFile } from '../../disk/publish-file.ts';
import type { Order, OrderPlace } from './order.ts';

/** A take that was passed through since nobody could render it. Frames count from the reel's first. */
export interface PassedTake {
  readonly take: number;
  readonly in: number;
  readonly out: number;
  /** As a sentence. */
  readonly reason: string;
}

/** How an order has ended. It lies in the report's folder: the order itself goes with the work folder. */
export interface OrderEnd {
  readonly exit: OrderExit;
  readonly passed: readonly PassedTake[];
  /** Names of the steps that looked for faces and were given up: nobody knows what is in their frames, which were passed through. */
  readonly untracked: readonly string[];
}

/** 0 done, 1 a master failed, 3 done with too many damaged frames, or with takes or spans that were passed through. */
export type OrderExit = 0 | 1 | 3;

/** True where all of an order was restored that was to be: trying again changes nothing. */
export function endedWhole({ passed, untracked }: Pick<OrderEnd, 'passed' | 'untracked'>): boolean {
  return passed.length + untracked.length === 0;
}

const ORDER_END_FORMAT = 'reelmend-order-end/1';
const frame = z.int().nonnegative();
const endSchema = z.object({
  format: z.literal(ORDER_END_FORMAT),
  id: z.string(),
  exit: z.literal([0, 1, 3]),
  passed: z.array(z.object({ take: frame, in: frame, out: frame, reason: z.string() })),
  untracked: z.array(z.string()),
});

/** @throws OutputError */
export async function endOrder(place: OrderPlace, { id }: Pick<Order, 'id'>, end: OrderEnd): Promise<void> {
  await publishFile(endPath(place), `${JSON.stringify({ format: ORDER_END_FORMAT, id, ...end }, null, 2)}\n`);
}

/** Null where the order has not ended, or its output is not there any more. */
export async function readOrderEnd(place: OrderPlace, { id }: Pick<Order, 'id'>): Promise<OrderEnd | null> {
  const end = await readLastOrderEnd(place);
  return end?.id === id ? { exit: end.exit, passed: end.passed, untracked: end.untracked } : null;
}

/** How the last order of an output has ended, whichever it was; null where none has, or its output is not there any more. */
export async function readLastOrderEnd(
  place: Pick<OrderPlace, 'out' | 'report'>,
): Promise<(OrderEnd & Pick<Order, 'id'>) | null> {
  const text = await readFile(endPath(place), 'utf8').catch(() => null);
  if (text === null || !(await stat(place.out).catch(() => null))) return null;
  const parsed = endSchema.safeParse(JSON.parse(text));
  if (!parsed.success) return null;
  const { id, exit, passed, untracked } = parsed.data;
  return { id, exit, passed, untracked };
}

function endPath({ report }: Pick<OrderPlace, 'report'>): string {
  return join(report, 'order.json');
}
