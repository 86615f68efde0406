import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncPath } from '../disk/durable.ts';
import { lockFolder } from '../disk/lock.ts';
import { OutputError, outputError } from '../disk/output-error.ts';
import type { Decision, DecisionRequest } from './api.ts';
import { decisionSchema } from './decision-schema.ts';
import { isSameMatter } from './decision-state.ts';

const FILE = 'decisions.jsonl';

/** The decisions on a reel, held by this process alone while they are open. */
export interface DecisionFile extends AsyncDisposable {
  /** All, in order: `seq` of the first is 1. */
  list(): readonly Decision[];
  /**
   * Adds one, and answers when it is on the disk. Where others have decided in the same matter after `seen`, nothing is added.
   *
   * @throws OutputError where it cannot be written; it is then not among the decisions
   */
  add(request: DecisionRequest): Promise<Added>;
}

/** `conflict`: what others decided in the meantime. */
export type Added = { readonly decision: Decision } | { readonly conflict: readonly Decision[] };

/**
 * Opens the decisions in `folder`, which is made where it is missing: a file of JSON, one decision a line, which only grows. A last line
 * that a crash cut off was acknowledged to nobody and is removed.
 *
 * @throws OutputError where another process holds them, the folder is a link, or a line that no crash cut off is no decision
 */
export async function openDecisions(folder: string): Promise<DecisionFile> {
  await makeFolder(folder);
  if ((await lstat(folder)).isSymbolicLink()) {
    throw new OutputError(
      folder,
      `Decisions: "${folder}" is a link, and decisions would be written where it leads. Put the folder itself there.`,
    );
  }
  const lock = await lockFolder(folder, undefined, heldByReview);
  const path = join(folder, FILE);
  let file: FileHandle | undefined;
  try {
    file = await openNoLink(path);
    const decisions = await readMended(file, path);
    await syncPath(folder);
    return await heldDecisions(path, file, lock, decisions);
  } catch (error) {
    await file?.close();
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function heldDecisions(
  path: string,
  file: FileHandle,
  lock: AsyncDisposable,
  decisions: Decision[],
): Promise<DecisionFile> {
  let last: Promise<unknown> = Promise.resolve();
  let size = (await file.stat()).size;
  const addNow = async ({ seen, ...asked }: DecisionRequest): Promise<Added> => {
    const conflict = decisions.filter((one) => one.seq > seen && isSameMatter(one, asked));
    if (conflict.length > 0) return { conflict };
    const decision: Decision = {
      id: randomUUID(),
      seq: decisions.length + 1,
      when: new Date().toISOString(),
      ...asked,
    };
    const line = Buffer.from(`${JSON.stringify(decision)}\n`);
    try {
      const { bytesWritten } = await file.write(line, 0, line.length, size);
      if (bytesWritten < line.length) throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' });
      await file.datasync();
    } catch (cause) {
      // Half a line may be there: the next one is written over it.
      await file.truncate(size).catch(() => {});
      throw outputError(path, cause);
    }
    size += line.length;
    decisions.push(decision);
    return { decision };
  };
  return {
    list: () => decisions,
    add(request) {
      const added = last.then(() => addNow(request));
      last = added.catch(() => {});
      return added;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await file.close();
      await lock[Symbol.asyncDispose]();
    },
  };
}

async function openNoLink(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o644);
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** The decisions in a file, whose cut-off end is removed from it. */
async function readMended(file: FileHandle, path: string): Promise<Decision[]> {
  const bytes = await file.readFile();
  const decisions: Decision[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at);
    const read = end < 0 ? 'cut off' : decisionIn(bytes.toString('utf8', at, end), decisions.length + 1);
    if (typeof read === 'string') {
      const isLast = end < 0 || bytes.subarray(end + 1).every((byte) => byte === 0);
      if (read !== 'cut off' || !isLast) throw unreadable(path, decisions.length + 1);
      await file.truncate(at);
      await file.sync();
      break;
    }
    decisions.push(read);
    at = end + 1;
  }
  return decisions;
}

/** `foreign`: whole, and another thing than decision number `seq`, as of a later version. */
function decisionIn(line: string, seq: number): Decision | 'cut off' | 'foreign' {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'cut off';
  }
  const result = decisionSchema.safeParse(value);
  return result.success && result.data.seq === seq ? result.data : 'foreign';
}

function unreadable(path: string, line: number): OutputError {
  return new OutputError(
    path,
    `Decisions "${path}": line ${line} is not decision ${line} as this version of Reelmend writes it. A later version or somebody else wrote there: use that version, restore the file from a copy, or move it away to begin anew.`,
  );
}

function heldByReview(who: string, path: string): string {
  return `Another review (${who}) holds the decisions on this reel. Decide there, or end it and ask again. If you are sure that it no longer runs, delete "${path}".`;
}
