import { existsSync } from 'node:fs';
import { readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../../disk/durable.ts';
import { lockFolder } from '../../disk/lock.ts';
import { OutputError } from '../../disk/output-error.ts';

/**
 * The folder of a run's masters, and its work folder beside it. One process at a time holds both. When it lets go, nothing unfinished
 * is left, and nothing at all where no master was delivered.
 */
export interface MastersFolder extends AsyncDisposable {
  /** On the disk of the masters, and empty of what earlier runs left unfinished. */
  readonly work: string;
  /** To be called before a master gets its name: its manifest is due from then on, in whichever run comes to it. */
  delivering(): Promise<void>;
  /** True where masters were delivered, by this run or an earlier one, since the last manifest. */
  manifestDue(): boolean;
  /** To be called when no manifest is due any more. */
  settled(): Promise<void>;
}

/** In the work folder: it is one of masters. */
const MARK = 'masters';
const MANIFEST_DUE = 'manifest-due';

/** @throws OutputError where another run holds it, or its work folder holds something else. */
export async function openMastersFolder(out: string): Promise<MastersFolder> {
  const work = `${out}.work`;
  const due = join(work, MANIFEST_DUE);
  await makeFolder(work);
  const lock = await lockFolder(work);
  const isNew = !existsSync(out);
  const folder: MastersFolder = {
    work,
    delivering: () => writeFile(due, ''),
    manifestDue: () => existsSync(due),
    settled: () => rm(due, { force: true }),
    async [Symbol.asyncDispose]() {
      if (existsSync(due)) await sweep(work);
      else await rm(work, { recursive: true, force: true });
      // What holds a master is not empty, and stays.
      if (isNew) await rmdir(out).catch(() => {});
      await lock[Symbol.asyncDispose]();
    },
  };
  try {
    await assertOurs(work);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
  try {
    await sweep(work);
    await writeFile(join(work, MARK), '');
    await makeFolder(out);
    return folder;
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whatever is in the folder of masters goes, so it must not be one in which a restored reel is rendered. */
async function assertOurs(work: string): Promise<void> {
  const names = await withoutLock(work);
  const [first] = names;
  if (first === undefined || names.includes(MARK)) return;
  throw new OutputError(
    work,
    `"${work}" holds "${first}", which is no work on masters and would be lost. Choose another --out than "${basename(work, '.work')}", or move "${work}" elsewhere.`,
  );
}

/** Removes what a run has left unfinished. */
async function sweep(work: string): Promise<void> {
  for (const name of await withoutLock(work)) {
    if (name !== MARK && name !== MANIFEST_DUE) await rm(join(work, name), { recursive: true, force: true });
  }
}

async function withoutLock(work: string): Promise<string[]> {
  return (await readdir(work)).filter((name) => !/^\.?lock\.json/.test(name)).sort();
}
