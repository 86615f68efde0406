import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { publishFile } from '../../disk/publish-file.ts';
import type { RunPlan } from '../../pipeline/work/plan-run.ts';
import { type Order, orderFiles } from '../order/order.ts';

/** The takes of an order as its casting cut them: what each is known by beside the device that it is rendered on. */
const takeListSchema = z.array(
  z.object({ in: z.int().nonnegative(), out: z.int().nonnegative(), touched: z.boolean(), content: z.string() }),
);
export type TakeList = z.infer<typeof takeListSchema>;

type Named = Pick<Order, 'id'>;

/** Where the analysis of an order lies. */
export function analysisPath(work: string, { id }: Named): string {
  return join(orderFiles(work).own(id), 'analysis.reelmend');
}

/** Null where the casting is not done. */
export async function readTakeList(work: string, order: Named): Promise<TakeList | null> {
  const text = await readFile(listPath(work, order), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = takeListSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

/** Written when the analysis is: where it is, the casting is done. */
export async function writeTakeList(work: string, order: Named, { takes }: Pick<RunPlan, 'takes'>): Promise<TakeList> {
  const list = takes.map(({ in: from, out, touched, content }) => ({ in: from, out, touched, content }));
  await publishFile(listPath(work, order), JSON.stringify(list));
  return list;
}

function listPath(work: string, { id }: Named): string {
  return join(orderFiles(work).own(id), 'takes.json');
}
