import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freeBytes } from './durable.ts';
import { sweepHolds } from './hot-holds.ts';

/** What is told of a hot folder: copies that were removed to make room for others, or one that was damaged and is made anew. */
export type HotNews =
  | { readonly code: 'HOT_EVICTED'; readonly counts: { readonly files: number; readonly bytes: number } }
  | { readonly code: 'E_HOT_DAMAGED'; readonly reason: string };

/** The folders of a hot folder. */
export interface HotPlaces {
  /** Finished copies, each called by its SHA-256. */
  readonly copies: string;
  /** Copies that are being made. */
  readonly drafts: string;
  /** A folder a hold, in which copies in use have a second name. */
  readonly holds: string;
}

interface FoundFile {
  readonly path: string;
  readonly size: number;
  /** Tells that two names are one file. */
  readonly id: string;
  readonly names: number;
  readonly usedMs: number;
}

/**
 * Removes the copies that were not used for longest, but none in use, until there is room for `needed` more bytes: within `most`, and on
 * the disk.
 *
 * @returns bytes that are still missing then; 0 where there is room
 */
export async function makeHotRoom(
  folder: string,
  places: HotPlaces,
  {
    needed,
    most,
    onNews,
  }: { readonly needed: number; readonly most: number; readonly onNews: (news: HotNews) => void },
): Promise<number> {
  await sweepHolds(places.holds);
  const copies = await filesIn(places.copies);
  const others = [...(await filesIn(places.drafts)), ...(await filesIn(places.holds))];
  const sizes = new Map([...copies, ...others].map(({ id, size }) => [id, size]));
  let used = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const limit = Math.min(most, used + (await freeBytes(folder)));
  const removed = { files: 0, bytes: 0 };
  for (const { path, size, names } of copies.sort((a, b) => a.usedMs - b.usedMs)) {
    if (used + needed <= limit) break;
    // A hold is another name of the file.
    if (names > 1) continue;
    await rm(path, { force: true });
    used -= size;
    removed.files += 1;
    removed.bytes += size;
  }
  if (removed.files > 0) onNews({ code: 'HOT_EVICTED', counts: removed });
  return Math.max(0, used + needed - limit);
}

async function filesIn(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    if (!entry.isFile()) return [];
    const path = join(entry.parentPath, entry.name);
    // Another process may have removed it.
    const facts = await stat(path).catch(() => null);
    if (!facts) return [];
    const { size, dev, ino, nlink, atimeMs } = facts;
    return [{ path, size, id: `${dev} ${ino}`, names: nlink, usedMs: atimeMs }];
  });
  return (await Promise.all(found)).flat();
}
