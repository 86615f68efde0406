import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { backUp } from '../../src/backup/back-up.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { temporaryFolder } from './drawn-reel.ts';
import { type LyingStore, openLyingStore } from './lying-store.ts';
import { openS3Store, type S3Store, s3Target } from './s3-store.ts';

let store: S3Store;
let watched: LyingStore;
let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  store = await openS3Store();
  watched = await openLyingStore(store);
  scratch = await temporaryFolder();
});
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

/** A folder with a file that stays and one that does not. */
async function twoFiles(name: string): Promise<{ folder: string; target: string; changing: string }> {
  const folder = join(scratch.path, name);
  await mkdir(folder);
  await mkdir(join(scratch.path, `${name}-copy`));
  await writeFile(join(folder, 'stays.txt'), 'stays');
  await writeFile(join(folder, 'changes.bin'), randomBytes(12_000_000));
  return { folder, target: `file:${join(scratch.path, `${name}-copy`)}`, changing: join(folder, 'changes.bin') };
}

it('A file that is being written while it is read is left out, and named', async () => {
  const { folder, target, changing } = await twoFiles('growing');
  const grow = (): Promise<void> => appendFile(changing, randomBytes(1000));
  const growing = setInterval(grow, 1);
  const summary = await backUp({ what: [folder], to: [target], copies: 1 });
  clearInterval(growing);
  expect(summary.leftOut).toEqual([{ path: 'growing/changes.bin', why: 'it changed while it was read' }]);
  expect(summary).toMatchObject({ success: false, files: 1, targets: [{ good: true }] });
  const back = join(scratch.path, 'growing-back');
  await restoreBackup({ to: [target], folder: back });
  expect(await readdir(join(back, 'growing'))).toEqual(['stays.txt']);
});

it('A file that changes between being read and being sent is left out, and no object of its old name is stored', async () => {
  const { folder, changing } = await twoFiles('late');
  // Of the same size, and the time of last change does not matter: it is the content that is held to its hash.
  watched.lie = (method, path) => {
    if (method === 'GET' && path.includes('/objects/')) writeFileSync(changing, randomBytes(12_000_000));
    return null;
  };
  const summary = await backUp({ what: [folder], to: [s3Target(watched, 'late')], copies: 1 });
  watched.lie = () => null;
  expect(summary.leftOut).toEqual([{ path: 'late/changes.bin', why: 'it changed while it was read' }]);
  expect(summary).toMatchObject({ success: false, files: 1, targets: [{ good: true, sent: 1, kept: 0 }] });
  const again = await backUp({ what: [folder], to: [s3Target(watched, 'late')], copies: 1 });
  expect(again).toMatchObject({ success: true, files: 2, targets: [{ good: true, sent: 1, kept: 1 }] });
});

it('What is no file is left out and named; what is unfinished is not looked at', async () => {
  const { folder, target } = await twoFiles('odd');
  await symlink('nowhere', join(folder, 'dangling'));
  await symlink('..', join(folder, 'up'));
  await symlink('stays.txt', join(folder, 'link.txt'));
  await writeFile(join(folder, '.tmp-1-01234567-take'), 'unfinished');
  const summary = await backUp({ what: [folder], to: [target], copies: 1 });
  expect(summary).toMatchObject({ success: false, files: 3 });
  expect(summary.leftOut).toEqual([
    { path: 'odd/dangling', why: 'it has gone, or leads nowhere' },
    { path: 'odd/up', why: 'it is a link to a folder' },
  ]);
  const back = join(scratch.path, 'odd-back');
  await restoreBackup({ to: [target], folder: back });
  expect(await readFile(join(back, 'odd', 'link.txt'), 'utf8')).toBe('stays');
});

it('Files of several folders keep their places below the folder that all lie in', async () => {
  const { folder, target } = await twoFiles('several');
  const other = join(scratch.path, 'presets', 'mine.json');
  await mkdir(join(scratch.path, 'presets'));
  await writeFile(other, '{}');
  await rm(join(folder, 'changes.bin'));
  await backUp({ what: [folder], with: [other], to: [target], copies: 1 });
  const back = join(scratch.path, 'several-back');
  await restoreBackup({ to: [target], folder: back });
  expect((await readdir(back, { recursive: true })).sort()).toEqual([
    'presets',
    'presets/mine.json',
    'several',
    'several/stays.txt',
  ]);
});
