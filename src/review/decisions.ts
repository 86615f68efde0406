import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
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
 * @throws OutputError where another process holds them, or a line that is not the last one cannot be read
 */
export async function openDecisions(folder: string): Promise<DecisionFile> {
  await makeFolder(folder);
  const lock = await lockFolder(folder);
  const path = join(folder, FILE);
  let file: FileHandle;
  let decisions: Decision[];
  try {
    file = await openNoLink(path);
    decisions = await readMended(file, path);
    await syncPath(folder);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
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
    const decision = end < 0 ? null : parsed(bytes.toString('utf8', at, end), decisions.length + 1);
    if (!decision) {
      const isLast = end < 0 || bytes.subarray(end + 1).every((byte) => byte === 0);
      if (!isLast) throw unreadable(path, decisions.length + 1);
      await file.truncate(at);
      await file.sync();
      break;
    }
    decisions.push(decision);
    at = end + 1;
  }
  return decisions;
}

function parsed(line: string, seq: number): Decision | null {
  try {
    const result = decisionSchema.safeParse(JSON.parse(line));
    return result.success && result.data.seq === seq ? result.data : null;
  } catch {
    return null;
  }
}

function unreadable(path: string, line: number): OutputError {
  return new OutputError(
    path,
    `Decisions "${path}": line ${line} is not decision ${line}, and others follow it. Somebody else wrote there: restore the file from a copy, or move it away to begin anew.`,
  );
}
