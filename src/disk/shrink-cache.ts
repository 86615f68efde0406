import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface CacheLimit {
  /** How the names of its files end. */
  readonly suffix: string;
  /** Bytes of all of them together. */
  readonly most: number;
  /** A folder in it whose files all stay. */
  readonly except?: string;
}

/** Removes the files that were not used for longest, by the time they were last written or touched, until those in `folder` fit. */
export async function shrinkCache(folder: string, { suffix, most, except }: CacheLimit): Promise<void> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(suffix));
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another run may have removed it.
      const facts = await stat(path).catch(() => null);
      return facts ? [{ path, size: facts.size, mtimeMs: facts.mtimeMs }] : [];
    }),
  );
  const files = found.flat().sort((a, b) => a.mtimeMs - b.mtimeMs);
  let total = files.reduce((sum, file) => sum + file.size, 0);
  for (const file of files) {
    if (total <= most) return;
    if (dirname(file.path) === except) continue;
    await rm(file.path, { force: true });
    total -= file.size;
  }
}
