import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { publishFile } from '../../disk/publish-file.ts';
import { type Order, orderFiles } from '../order/order.ts';
import { type Step, stepName } from './step.ts';

/** A step that nobody tries any more. */
export interface GivenUp {
  readonly step: string;
  /** How often it was begun. */
  readonly attempts: number;
  /** Of the last time, as a sentence. */
  readonly reason: string;
}

const givenUpSchema = z.object({ step: z.string(), attempts: z.int(), reason: z.string() });

/** Notes on the disk that a step is given up: what follows it goes on without it. @throws OutputError */
export async function giveUp(
  work: string,
  order: Pick<Order, 'id'>,
  step: Step,
  why: Omit<GivenUp, 'step'>,
): Promise<void> {
  const name = stepName(step);
  await publishFile(join(folderOf(work, order), `${name}.json`), JSON.stringify({ step: name, ...why }));
}

/** The steps of an order that were given up, by their names. */
export async function givenUp(work: string, order: Pick<Order, 'id'>): Promise<ReadonlyMap<string, GivenUp>> {
  const folder = folderOf(work, order);
  const found = new Map<string, GivenUp>();
  for (const name of await readdir(folder).catch((): string[] => [])) {
    if (!name.endsWith('.json') || name.startsWith('.')) continue;
    const text = await readFile(join(folder, name), 'utf8').catch(() => null);
    const parsed = text === null ? null : givenUpSchema.safeParse(JSON.parse(text));
    if (parsed?.success) found.set(parsed.data.step, parsed.data);
  }
  return found;
}

/** Lets all steps of an order be tried again. What was cast without a span that was given up is forgotten, too. */
export async function forgetGivenUp(work: string, order: Pick<Order, 'id'>): Promise<void> {
  const without = [...(await givenUp(work, order)).keys()];
  const isTracked = !without.some((step) => step.startsWith('track-'));
  await rm(isTracked ? folderOf(work, order) : orderFiles(work).own(order.id), { recursive: true, force: true });
}

function folderOf(work: string, { id }: Pick<Order, 'id'>): string {
  return join(orderFiles(work).own(id), 'given-up');
}
