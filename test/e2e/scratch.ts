import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../src/disk/cache-folder.ts';

/** A folder for one proof, with a cache of its own; gone when it is disposed. */
export interface Scratch extends AsyncDisposable {
  readonly path: string;
  /** Empty but for the user's models: for `REELMEND_CACHE`. */
  readonly cache: string;
}

export async function openScratch(name: string): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), `reelmend-${name}-`));
  const cache = join(path, 'cache');
  await makeCache(cache);
  return { path, cache, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The user's models at the time of the first call: a test sets `REELMEND_CACHE` for what follows. */
const MODELS = join(cacheFolder(), 'models');

/** A fresh cache folder that shares nothing with others but the models, which are fetched once. */
export async function makeCache(cache: string): Promise<void> {
  await mkdir(MODELS, { recursive: true });
  await mkdir(cache, { recursive: true });
  if (!existsSync(join(cache, 'models'))) await symlink(MODELS, join(cache, 'models'));
}
