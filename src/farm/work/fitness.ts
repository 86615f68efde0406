import { freeBytes } from '../../disk/durable.ts';
import { formatBytes } from '../../disk/format-bytes.ts';
import type { HotFolder } from '../../disk/hot-folder.ts';
import { memoryToPlanWith } from '../../pipeline/work/machine-memory.ts';

/** What a step needs of the machine that takes it, bytes; what is absent is not asked for. */
export interface StepNeeds {
  /** On the disk of a folder, which need not exist yet: an output, a work folder. */
  readonly disk?: readonly { readonly folder: string; readonly bytes: number }[];
  /** In the hot folder, beside what is in use there. */
  readonly hot?: { readonly folder: HotFolder; readonly bytes: number };
  /** Memory, with what a worker's other slots hold meanwhile. */
  readonly memory?: number;
}

/**
 * Why this machine should leave a step to another, or to later, as a sentence; null where it is fit for it.
 *
 * @param memory bytes that can be planned with
 */
export async function unfitFor(needs: StepNeeds, memory: number = memoryToPlanWith()): Promise<string | null> {
  const faults: string[] = [];
  for (const { folder, bytes } of needs.disk ?? []) {
    const free = await freeBytes(folder);
    if (free < bytes) faults.push(`${lacks(bytes, free)} are free on the disk of "${folder}": free some space there`);
  }
  if (needs.hot) {
    const { folder, bytes } = needs.hot;
    const missing = await folder.missing(bytes);
    if (missing > 0) {
      faults.push(
        `${lacks(bytes, bytes - missing)} can be had in the hot folder "${folder.folder}": raise --hot-size, or free some space on its disk`,
      );
    }
  }
  if ((needs.memory ?? 0) > memory) {
    faults.push(
      `${lacks(needs.memory ?? 0, memory)} of memory can be planned with: run fewer slots, or close other programs`,
    );
  }
  return faults.length === 0 ? null : `This machine has no room for the step now. ${faults.map(sentence).join(' ')}`;
}

function lacks(needed: number, there: number): string {
  return `about ${formatBytes(needed)} are needed, and ${formatBytes(Math.max(0, there))}`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
