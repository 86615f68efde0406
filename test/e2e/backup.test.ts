import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foldersIn, picture } from '../backup/drawn-reel.ts';
import { openS3Store, type S3Store, s3Target } from '../backup/s3-store.ts';
import { COMMAND, reelmend, reelmendOrThrow } from './command.ts';
import { reelmendHere } from './command-here.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

let store: S3Store;
let scratch: Scratch;
beforeAll(async () => {
  store = await openS3Store();
  scratch = await openScratch('backup');
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

/** Flags for two folders and a bucket, empty. */
async function flagsFor(name: string): Promise<{ folders: Record<'nas' | 'usb', string>; to: string[] }> {
  const above = join(scratch.path, name);
  await mkdir(above);
  const folders = await foldersIn(above, ['nas', 'usb']);
  return {
    folders,
    to: [`file:${folders.nas}`, `file:${folders.usb}`, s3Target(store, name)].flatMap((at) => ['--to', at]),
  };
}

it('A restored reel is backed up with its report, mattes and the records of its takes, and comes back bit for bit', async () => {
  const { to } = await flagsFor('whole');
  const above = join(scratch.path, 'films');
  await makeTinyReel(join(scratch.path, 'scan'), 3, 2);
  const [out, mattes] = [join(above, 'restored'), join(above, 'mattes')];
  const flags = ['--restorer', 'repair', '--mattes', mattes, '--keep-work', '--quiet'];
  await mkdir(above);
  expect(
    (await reelmendHere(['restore', join(scratch.path, 'scan'), '--out', out, ...flags], scratch.cache)).code,
  ).toBe(0);
  const { code, stderr } = await reelmend(['backup', out, ...to, '--quiet'], scratch.cache);
  expect([code, stderr.replace(/^Note: .*\n/gm, '')]).toEqual([0, '']);

  const back = join(scratch.path, 'back');
  await reelmendOrThrow(['backup', 'restore', back, ...to.slice(4)], scratch.cache);
  const files = (lines: readonly string[]) => lines.filter((line) => !line.endsWith(' folder'));
  for (const part of ['restored', 'restored.report', 'mattes']) {
    const expected = await picture(join(above, part));
    expect(files(expected).length).toBeGreaterThan(1);
    expect(await picture(join(back, part))).toEqual(expected);
  }
  const takes = await readdir(join(back, 'restored.work', 'takes'));
  expect(takes.length).toBeGreaterThan(0);
  for (const take of takes)
    expect(await readdir(join(back, 'restored.work', 'takes', take))).toEqual(['faces.json', 'take.json']);
});

const UNFINISHED = /[/\\]\.tmp-[^/\\]+$/;

/** Paths of files below a folder, whole or not. */
async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

it('A backup that is killed at any moment shows no half copy, and goes on where it was', async () => {
  const film = join(scratch.path, 'film');
  await mkdir(film);
  const frames = 40;
  for (let k = 0; k < frames; k++) await writeFile(join(film, `scan.${k}.dpx`), randomBytes(200_000));
  await writeFile(join(film, 'sound.wav'), randomBytes(20_000_000));
  const { folders, to } = await flagsFor('killed');
  let kills = 0;
  let killed: number | undefined;
  for (const wanted of [1, 5, 12, 20, 30]) {
    const child = spawn(process.execPath, [COMMAND, 'backup', film, ...to, '--quiet'], { stdio: 'ignore' });
    const ended = once(child, 'close');
    while (child.exitCode === null && (await filesIn(folders.nas)).length < wanted) await sleep(2);
    if (child.exitCode === null && child.kill('SIGKILL')) kills += 1;
    await ended;
    killed = child.pid;
    // A manifest is written last: whoever finds one finds all that it names.
    const found = await reelmendHere(['backup', 'list', ...to], scratch.cache);
    expect(found.stdout).toBe('The targets hold no backups.\n');
  }
  expect(kills).toBe(5);
  const again = await reelmendHere(['backup', film, ...to, '--quiet'], scratch.cache);
  expect(again.code).toBe(0);
  expect(Number(/ good +(\d+) /.exec(again.stdout)?.[1])).toBeLessThan(frames);
  const verified = await reelmendHere(['backup', 'verify', ...to, '--quiet'], scratch.cache);
  expect(verified.code).toBe(0);
  const back = join(scratch.path, 'killed-back');
  expect((await reelmendHere(['backup', 'restore', back, ...to.slice(0, 2), '--quiet'], scratch.cache)).code).toBe(0);
  expect(await picture(join(back, 'film'))).toEqual(await picture(film));

  // What the killed runs left unfinished goes when nobody can be at work on it any more.
  await writeFile(join(folders.nas, 'manifests', `.tmp-${killed}-0badcafe-half.json`), 'half');
  const left = await filesIn(folders.nas);
  const longAgo = Date.now() / 1000 - 7200;
  for (const path of left) await utimes(path, longAgo, longAgo);
  expect((await reelmendHere(['backup', film, ...to, '--quiet'], scratch.cache)).code).toBe(0);
  expect((await filesIn(folders.nas)).filter((path) => UNFINISHED.test(path))).toEqual([]);
});
