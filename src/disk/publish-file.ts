import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, publish, sweepStale, unfinishedName, writeDurably } from './durable.ts';

/** Age in milliseconds from which an unfinished file belongs to nobody: another machine may be writing to the same folder. */
const ABANDONED = 60 * 60 * 1000;

/**
 * Writes a file so that its name never shows anything but the whole of it: beside it, flushed to the disk, then renamed over it.
 * The folder is made where it is missing. Whoever writes the same file at once is not disturbed. Leavings of the dead are swept.
 *
 * @throws OutputError
 */
export async function publishFile(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  await sweepStale(folder, { olderThan: ABANDONED });
  const draft = unfinishedName(`${path}.${randomUUID().slice(0, 8)}`);
  try {
    await writeDurably(draft, Buffer.from(content));
    await publish(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
