import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../disk/durable.ts';
import { outputError } from '../../disk/output-error.ts';
import { type Order, orderFiles } from '../order/order.ts';
import { type Step, stepName } from './step.ts';

/** Notes on the disk that a step is begun, for `unbegunFirst`. @throws OutputError */
export async function noteBegun(work: string, order: Pick<Order, 'id'>, step: Step): Promise<void> {
  const folder = folderOf(work, order);
  const path = join(folder, stepName(step));
  await makeFolder(folder);
  await writeFile(path, '').catch((cause: unknown) => {
    throw outputError(path, cause);
  });
}

/** Steps as they are best tried: those come last that were begun before, since one of them may have ended its process. */
export async function unbegunFirst(
  work: string,
  order: Pick<Order, 'id'>,
  steps: readonly Step[],
): Promise<readonly Step[]> {
  const begun = new Set(await readdir(folderOf(work, order)).catch((): string[] => []));
  const isBegun = (step: Step) => begun.has(stepName(step));
  return [...steps.filter((step) => !isBegun(step)), ...steps.filter(isBegun)];
}

function folderOf(work: string, { id }: Pick<Order, 'id'>): string {
  return join(orderFiles(work).own(id), 'begun');
}
