import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '../../src/backup/back-up.ts';
import { listBackups } from '../../src/backup/list-backups.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { sha256Of } from '../../src/disk/sha256.ts';
import { drawReel, foldersIn, picture, temporaryFolder } from './drawn-reel.ts';

let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
let reel: string;
let to: string[];
let folders: Record<'a' | 'b' | 'c', string>;
let manifest: string;
beforeAll(async () => {
  scratch = await temporaryFolder();
  reel = join(scratch.path, 'reel');
  await drawReel(reel, { large: 2_000_000 });
});
afterAll(() => scratch[Symbol.asyncDispose]());

let tests = 0;
beforeEach(async () => {
  const above = join(scratch.path, `test-${tests++}`);
  await mkdir(above);
  folders = await foldersIn(above, ['a', 'b', 'c']);
  to = Object.values(folders).map((folder) => `file:${folder}`);
  manifest = (await backUp({ what: [reel], to })).manifest;
});

/** Where a folder holds the content of one of the reel's files. */
async function objectOf(folder: string, name: string): Promise<string> {
  const hash = sha256Of(await readFile(join(reel, name)));
  return join(folder, 'objects', hash.slice(0, 2), hash);
}

/** Turns a bit of a file. */
async function turnBit(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

const MORE = 'Back up again where the files are still there: what is good is not sent again.';

describe('verifying a backup', () => {
  it('finds every copy good that is', async () => {
    const { targets, success, files } = await verifyBackup({ to });
    expect(targets).toEqual(to.map((target) => ({ target, good: true, damaged: [], absent: [] })));
    expect({ success, files }).toEqual({ success: true, files: 7 });
  });

  it('names what is damaged, cut short, made longer and absent, and where', async () => {
    await turnBit(await objectOf(folders.a, 'sound.mkv'));
    await truncate(await objectOf(folders.a, 'frames/scan.1003.dpx'), 1000);
    await appendFile(await objectOf(folders.b, 'report/report.json'), ' ');
    await rm(await objectOf(folders.b, 'frames/scan.1001.dpx'));
    const { targets, success } = await verifyBackup({ to });
    expect(success).toBe(false);
    expect(targets).toEqual([
      {
        target: to[0],
        good: false,
        damaged: ['reel/frames/scan.1003.dpx', 'reel/sound.mkv'],
        absent: [],
        why: `${to[0]} corrupts: "reel/frames/scan.1003.dpx", "reel/sound.mkv" are not what was sent. ${MORE}`,
      },
      {
        target: to[1],
        good: false,
        damaged: ['reel/report/report.json'],
        absent: ['reel/frames/scan.1001.dpx', 'reel/frames/scan.1002.dpx'],
        why: `${to[1]} corrupts: "reel/report/report.json" is not what was sent, and lacks "reel/frames/scan.1001.dpx", "reel/frames/scan.1002.dpx". ${MORE}`,
      },
      { target: to[2], good: true, damaged: [], absent: [] },
    ]);
  });

  it('is content with as many good copies as are asked for', async () => {
    await turnBit(await objectOf(folders.a, 'sound.mkv'));
    expect((await verifyBackup({ to, copies: 2 })).success).toBe(true);
  });

  it('finds a manifest that is damaged, and one that is missing', async () => {
    await turnBit(join(folders.a, 'manifests', `${manifest}.json`));
    await rm(join(folders.b, 'manifests', `${manifest}.json`));
    const { targets } = await verifyBackup({ to });
    expect(targets.map(({ why }) => why)).toEqual([
      `${to[0]} corrupts: its manifests/${manifest}.json is damaged.`,
      `${to[1]} does not hold the backup ${manifest}.`,
      undefined,
    ]);
  });

  it('takes the backup whose id begins as asked, else the newest', async () => {
    await writeFile(join(reel, 'later.txt'), 'later');
    const later = await backUp({ what: [reel], to });
    await rm(join(reel, 'later.txt'));
    expect((await verifyBackup({ to })).manifest).toBe([manifest, later.manifest].sort().at(-1));
    expect((await verifyBackup({ to, manifest: manifest.slice(0, 22) })).manifest).toBe(manifest);
    await expect(verifyBackup({ to, manifest: '1999' })).rejects.toThrow(
      `No target holds a backup whose id begins with "1999". The newest is ${[manifest, later.manifest].sort().at(-1)}; "reelmend backup list" names all.`,
    );
  });

  it('says where there is no backup at all', async () => {
    const empty = join(scratch.path, `empty-${tests}`);
    await mkdir(empty);
    await expect(verifyBackup({ to: [`file:${empty}`, `file:${empty}/none`], copies: 1 })).rejects.toThrow(
      `No target holds a backup. Check --to. file:${empty}/none is down: there is no folder "${empty}/none". Mount its disk, or create the folder where it is new.`,
    );
  });
});

describe('backing up over damaged copies', () => {
  it('sends what is damaged and what is absent, and nothing else', async () => {
    await turnBit(await objectOf(folders.a, 'sound.mkv'));
    await rm(await objectOf(folders.b, 'report/report.json'));
    const { targets, success } = await backUp({ what: [reel], to });
    expect(success).toBe(true);
    expect(targets.map(({ sent, sentBytes, kept }) => [sent, sentBytes, kept])).toEqual([
      [1, 2_000_000, 5],
      [1, 3, 5],
      [0, 0, 6],
    ]);
    expect((await verifyBackup({ to })).success).toBe(true);
  });
});

describe('restoring a backup', () => {
  it('takes from another target what one has damaged or lacks, and says so', async () => {
    await turnBit(await objectOf(folders.a, 'sound.mkv'));
    await rm(await objectOf(folders.a, 'frames/scan.1003.dpx'));
    await rm(await objectOf(folders.b, 'frames/scan.1003.dpx'));
    const folder = join(scratch.path, `back-${tests}`);
    const { lost, notes } = await restoreBackup({ to, folder });
    expect(lost).toEqual([]);
    expect(notes).toEqual([
      `${to[0]} corrupts: 1 object is damaged there.`,
      `${to[0]} lacks content: 1 object is not there.`,
      `${to[1]} lacks content: 1 object is not there.`,
    ]);
    expect(await picture(join(folder, 'reel'))).toEqual(await picture(reel));
  });

  it('names the files that no target has, and says in the name of the folder that some are lost', async () => {
    for (const folder of Object.values(folders)) await turnBit(await objectOf(folder, 'frames/scan.1001.dpx'));
    const folder = join(scratch.path, `back-${tests}`);
    const summary = await restoreBackup({ to, folder });
    expect(summary.lost).toEqual(['reel/frames/scan.1001.dpx', 'reel/frames/scan.1002.dpx']);
    expect(summary).toMatchObject({ folder: `${folder}.incomplete`, files: 5 });
    expect(await readdir(join(folder, '..'))).not.toContain(`back-${tests}`);
    expect(await readdir(join(`${folder}.incomplete`, 'reel', 'frames'))).toEqual(['scan.1003.dpx', 'shot 2 & ö']);
  });

  it('writes over nothing', async () => {
    const folder = join(scratch.path, `back-${tests}`);
    await mkdir(folder);
    await writeFile(join(folder, 'mine.txt'), 'mine');
    await expect(restoreBackup({ to, folder })).rejects.toThrow(
      `"${folder}" exists already, and nothing is written over. Give the name of a new folder, or remove it.`,
    );
    expect(await readdir(folder)).toEqual(['mine.txt']);
  });

  it('leaves nothing behind where it is stopped', async () => {
    const above = join(scratch.path, `stopped-${tests}`);
    const stop = new AbortController();
    const restoring = restoreBackup(
      { to, folder: join(above, 'back') },
      { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) },
    );
    await expect(restoring).rejects.toThrow('enough');
    expect(await readdir(above)).toEqual([]);
  });

  it('refuses a manifest that no target holds as it was written, and names the one before it', async () => {
    await writeFile(join(reel, 'later.txt'), 'later');
    // Backups of one second are told apart by their hashes, whose order is any.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const later = await backUp({ what: [reel], to });
    await rm(join(reel, 'later.txt'));
    for (const folder of Object.values(folders)) await turnBit(join(folder, 'manifests', `${later.manifest}.json`));
    const folder = join(scratch.path, `back-${tests}`);
    await expect(restoreBackup({ to, folder })).rejects.toThrow(
      `No target holds the manifest of the backup ${later.manifest} as it was written. The one before it is ${manifest}: give it with --manifest. ${to.map((name) => `${name} corrupts: its manifests/${later.manifest}.json is damaged.`).join(' ')}`,
    );
    expect((await restoreBackup({ to, folder, manifest })).files).toBe(7);
  });
});

it('Listing backups says what each holds, and on which targets', async () => {
  await rm(join(folders.c, 'manifests', `${manifest}.json`));
  const none = join(scratch.path, 'none');
  expect(await listBackups({ to: [...to, `file:${none}`] })).toEqual({
    backups: [
      {
        manifest,
        targets: to.slice(0, 2),
        content: { from: scratch.path, files: 7, bytes: expect.any(Number) },
      },
    ],
    failed: [
      `file:${none} is down: there is no folder "${none}". Mount its disk, or create the folder where it is new.`,
    ],
  });
});
