import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { backUp } from '../../src/backup/back-up.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import type { RunEvent } from '../../src/log/run-event.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const to = (...names: string[]) => names.map((name) => `file:${at(name)}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-backup-events-'));
  // A target's folder is there before: what is not may be a disk that is not mounted.
  for (const name of ['a', 'b', 'c']) await mkdir(at(name));
  await writeFile(at('reel.mkv'), 'a reel');
  await writeFile(at('no-folder'), 'a file where a folder was expected');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a run tells, shortened to what is asserted. */
async function told(run: (onEvent: (event: RunEvent) => void) => Promise<unknown>): Promise<string[]> {
  const events: string[] = [];
  await run(({ code, labels = {}, counts = {} }) => {
    events.push(
      [code, labels.target?.toString().split('/').at(-1), counts.copies].filter((one) => one !== undefined).join(' '),
    );
  });
  return events;
}

it('a backup tells of each target, and how many copies are good', async () => {
  const what = [at('reel.mkv')];
  expect(await told((onEvent) => backUp({ what, to: to('a', 'b', 'no-folder') }, { onEvent }))).toEqual([
    'BACKUP_COPIED a',
    'BACKUP_COPIED b',
    'E_BACKUP_TARGET no-folder',
    'E_BACKUP_SHORT 2',
  ]);
  expect(await told((onEvent) => backUp({ what, to: to('a', 'b', 'c') }, { onEvent }))).toEqual([
    'BACKUP_COPIED a',
    'BACKUP_COPIED b',
    'BACKUP_COPIED c',
    'BACKUP_DONE 3',
  ]);
});

it('a verification tells of each file that is not what it was, and where', async () => {
  const [group = ''] = await readdir(at('b/objects'));
  const [object = ''] = await readdir(at(`b/objects/${group}`));
  await writeFile(at(`b/objects/${group}/${object}`), 'a reeL');
  expect(await told((onEvent) => verifyBackup({ to: to('a', 'b', 'c') }, { onEvent }))).toEqual([
    'E_BACKUP_DAMAGED b',
    'E_BACKUP_SHORT 2',
  ]);
  expect(await told((onEvent) => restoreBackup({ to: to('b', 'c'), folder: at('back') }, { onEvent }))).toEqual([
    'BACKUP_RESTORED',
  ]);
});
