import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { backUp } from '../../src/backup/back-up.ts';
import { sha256Of } from '../../src/disk/sha256.ts';
import { drawReel, temporaryFolder } from './drawn-reel.ts';
import { type LyingStore, openLyingStore } from './lying-store.ts';
import { openS3Store, type S3Store, s3Target } from './s3-store.ts';

let store: S3Store;
let watched: LyingStore;
let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
let reel: string;
let folder: string;
/** A folder and a store, which hold the reel. */
let request: { what: string[]; to: string[]; copies: number };
beforeAll(async () => {
  store = await openS3Store();
  watched = await openLyingStore(store);
  scratch = await temporaryFolder();
  reel = join(scratch.path, 'reel');
  await drawReel(reel, { large: 500_000 });
});
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});
let tests = 0;
beforeEach(async () => {
  folder = join(scratch.path, `copy-${tests++}`);
  await mkdir(folder);
  request = { what: [reel], to: [`file:${folder}`, s3Target(watched, `copy-${tests}`)], copies: 2 };
  await backUp(request);
});

/** Per target, objects that were sent, read back, and trusted. */
async function counts(trust: number): Promise<number[][]> {
  const { targets, success } = await backUp({ ...request, trust });
  expect(success).toBe(true);
  return targets.map(({ sent, kept, trusted }) => [sent, kept, trusted]);
}

async function objectOf(name: string): Promise<string> {
  const hash = sha256Of(await readFile(join(reel, name)));
  return join(folder, 'objects', hash.slice(0, 2), hash);
}

it('Content that was read back within the days of trust is asked for its size alone', async () => {
  const before = watched.requests.length;
  expect(await counts(7)).toEqual([
    [0, 0, 6],
    [0, 0, 6],
  ]);
  const asked = watched.requests.slice(before).filter((line) => line.includes('/objects/'));
  expect(asked.map((line) => line.split(' ')[0])).toEqual(Array(6).fill('HEAD'));
});

it('Trust sees what is absent or cut short, and sends it again', async () => {
  await truncate(await objectOf('sound.mkv'), 1000);
  expect(await counts(7)).toEqual([
    [1, 0, 5],
    [0, 0, 6],
  ]);
});

it('Trust ends with its days, and all is read again', async () => {
  // A second and a half.
  const trust = 1.5 / 86_400;
  await sleep(1600);
  expect(await counts(trust)).toEqual([
    [0, 6, 0],
    [0, 6, 0],
  ]);
});

it('Trust is not passed on: a backup that trusted is no reason to trust', async () => {
  const trust = 6 / 86_400;
  await sleep(3000);
  const trusting = await backUp({ ...request, trust });
  expect(trusting.targets.map(({ trusted }) => trusted)).toEqual([6, 6]);
  await sleep(3500);
  expect(await counts(trust)).toEqual([
    [0, 6, 0],
    [0, 6, 0],
  ]);
});

it('A target that has no such backup is read in full', async () => {
  const fresh = join(scratch.path, `fresh-${tests}`);
  await mkdir(fresh);
  request = { ...request, to: [...request.to, `file:${fresh}`] };
  expect(await counts(7)).toEqual([
    [0, 0, 6],
    [0, 0, 6],
    [6, 0, 0],
  ]);
});

it('Content that is new is sent and read back under trust, too', async () => {
  await writeFile(join(reel, 'new.txt'), `new in test ${tests}`);
  expect(await counts(7)).toEqual([
    [1, 0, 6],
    [1, 0, 6],
  ]);
});
