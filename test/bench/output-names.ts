import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What became of an output's names while others wrote it, as the system tells of its folders. */
export interface OutputNames extends Disposable {
  /** Takes that have their final name. */
  published(): number;
  /** Takes whose final name appeared more than once, or went. */
  twice(): number;
  /** Drafts of takes that were begun after the take had its final name. */
  begunAfter(): number;
  /** Drafts of takes that were begun. */
  begun(): number;
  /** How often the output's name appeared or went. */
  output(): number;
}

/** A take's folder, alone or in the name of a draft of it. */
const TAKE = /\d{8}-[0-9a-f]{16}/;

/** Watches an output that is not begun yet; its work folder is made for that. */
export async function watchOutput(out: string): Promise<OutputNames> {
  const takes = join(`${out}.work`, 'takes');
  await mkdir(takes, { recursive: true });
  const finals = new Map<string, number>();
  const drafts = new Set<string>();
  let [after, output] = [0, 0];
  const inTakes = watch(takes, (event, name) => {
    const take = TAKE.exec(name ?? '')?.[0];
    if (event !== 'rename' || name === null || take === undefined) return;
    if (name === take) finals.set(take, (finals.get(take) ?? 0) + 1);
    else if (!drafts.has(name)) {
      drafts.add(name);
      if (finals.has(take)) after += 1;
    }
  });
  const beside = watch(dirname(out), (event, name) => {
    if (event === 'rename' && name === basename(out)) output += 1;
  });
  return {
    published: () => finals.size,
    twice: () => [...finals.values()].filter((count) => count !== 1).length,
    begunAfter: () => after,
    begun: () => drafts.size,
    output: () => output,
    [Symbol.dispose]() {
      inTakes.close();
      beside.close();
    },
  };
}
