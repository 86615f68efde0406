import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../../src/backup/back-up.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { drawReel, picture, temporaryFolder } from './drawn-reel.ts';
import { type Lie, type LyingStore, openLyingStore } from './lying-store.ts';
import { openS3Store, type S3Store, s3Target } from './s3-store.ts';

let store: S3Store;
let lying: LyingStore;
let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
/** One object of many parts, and a small one. */
let what: string[];
beforeAll(async () => {
  store = await openS3Store();
  lying = await openLyingStore(store);
  scratch = await temporaryFolder();
  what = [join(scratch.path, 'reel.mkv'), join(scratch.path, 'notes.txt')];
  await writeFile(what[0] ?? '', randomBytes(18 * 2 ** 20));
  await writeFile(what[1] ?? '', 'two lines\nof notes\n');
});
afterAll(async () => {
  await lying[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

const isObject = (path: string) => path.includes('/objects/');

/** Backs up to a store that lies, alone; why its copy is not good. */
async function whyNot(
  prefix: string,
  lie: LyingStore['lie'],
  { timeout = 120, files = what } = {},
): Promise<string | undefined> {
  lying.lie = lie;
  const target = s3Target(lying, prefix);
  const { success, targets } = await backUp({ what: files, to: [target], copies: 1, timeout });
  expect(targets).toHaveLength(1);
  expect(success).toBe(false);
  expect(targets[0]?.good).toBe(false);
  return targets[0]?.why?.replace(target, 'TARGET');
}

describe('a target that', () => {
  it('is down is named', async () => {
    const to = ['s3://films/reel?endpoint=http://127.0.0.1:9'];
    const { success, targets } = await backUp({ what, to, copies: 1 });
    expect(success).toBe(false);
    expect(targets[0]?.why).toBe(
      `${to[0]} is down (ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9). Start it, or check its address and the network.`,
    );
  });

  it('gives back other bytes than it was sent is named', async () => {
    expect(await whyNot('flip', (method, path) => (method === 'GET' && isObject(path) ? 'flip' : null))).toMatch(
      /^TARGET corrupts: what it gives back of objects\/[0-9a-f]{2}\/[0-9a-f]{64} is not what it was sent, 2 times\. Do not trust it before you know why\.$/,
    );
  });

  it('takes what it does not keep is named', async () => {
    const lie: LyingStore['lie'] = (method, path) => (method === 'PUT' && isObject(path) ? 'forget' : null);
    expect(await whyNot('forget', lie, { files: what.slice(1) })).toMatch(
      /^TARGET forgets: it said that it has taken objects\/[0-9a-f]{2}\/[0-9a-f]{64}, and does not have it\. Do not trust it before you know why\.$/,
    );
  });

  it.each<[string, Lie, (method: string) => boolean, RegExp]>([
    [
      'has no space',
      'full',
      (method) => method !== 'GET',
      /^TARGET is full \(507 XMinioStorageFull: Storage backend has reached its minimum free drive threshold\)\. Free some space there, then run it again: what was copied stays\.$/,
    ],
    [
      'allows nothing',
      'refuse',
      () => true,
      /^TARGET refuses \(403 AccessDenied: Access Denied\)\. Check the credentials, and what they may do there\.$/,
    ],
    [
      'wants to be left alone',
      'slow down',
      () => true,
      /^TARGET is busy or broken \(503 SlowDown: Please reduce your request rate\)\. Run it again later: what was copied stays\.$/,
    ],
    [
      'is broken within',
      'fail',
      () => true,
      /^TARGET is busy or broken \(500 InternalError: We encountered an internal error\. Please try again\)\. Run it again later: what was copied stays\.$/,
    ],
    [
      'breaks off what it takes',
      'cut',
      (method) => method !== 'GET',
      /^TARGET breaks off in mid-transfer \(.+\)\. Check the network, then run it again: what was copied stays\.$/,
    ],
  ])('%s is named', async (_, lie, isLiedTo, expected) => {
    expect(await whyNot(lie.replace(' ', '-'), (method) => (isLiedTo(method) ? lie : null))).toMatch(expected);
  });

  it('breaks off what it gives is named', async () => {
    expect(await whyNot('cut-get', (method, path) => (method === 'GET' && isObject(path) ? 'cut' : null))).toMatch(
      /^TARGET breaks off in mid-transfer \(.+\)\. Check the network, then run it again: what was copied stays\.$/,
    );
  });

  it.each<[string, Lie, string]>([
    ['never answers', 'stall', 'PUT'],
    ['never answers a question', 'stall', 'GET'],
    ['never ends what it gives', 'stall midway', 'GET'],
  ])('%s is given up', async (_, lie, lied) => {
    const started = performance.now();
    const why = await whyNot(`stall-${lie}-${lied}`.replace(' ', '-'), (method) => (method === lied ? lie : null), {
      timeout: 1.5,
    });
    expect(why).toBe(
      'TARGET stalls: nothing came or went for 1.5 s. Check it and the network; --timeout allows for more.',
    );
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('breaks off once is asked again', async () => {
    const cut = new Set<string>();
    lying.lie = (method, path) => {
      if (cut.has(`${method} ${path}`) || !isObject(path)) return null;
      cut.add(`${method} ${path}`);
      return 'cut';
    };
    const { targets, success } = await backUp({ what, to: [s3Target(lying, 'cut-once')], copies: 1 });
    expect(targets[0]?.why).toBeUndefined();
    expect(success).toBe(true);
    expect(cut.size).toBeGreaterThan(2);
  });

  it('was given no bucket is named', async () => {
    const to = [`s3://stills/reel?endpoint=${store.endpoint}`];
    const { targets } = await backUp({ what, to, copies: 1 });
    expect(targets[0]?.why).toBe(`${to[0]} refuses: it has no bucket "stills". Create it, or correct the name.`);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'no credentials are found for',
      { AWS_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true' },
      'TARGET refuses: no credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
    ],
    [
      'no region is known of',
      { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      'TARGET has no region. Give it with --region, or set AWS_REGION.',
    ],
  ])('%s is told what to set', async (_, own, expected) => {
    const before = { ...process.env };
    for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) delete process.env[key];
    Object.assign(process.env, { HOME: scratch.path }, own);
    try {
      const { targets } = await backUp({ what, to: ['s3://films/reel'], copies: 1 });
      expect(targets[0]?.why?.replace('s3://films/reel', 'TARGET')).toBe(expected);
    } finally {
      for (const key of Object.keys(process.env)) delete process.env[key];
      Object.assign(process.env, before);
    }
  });

  it('is a folder that is not there is named, and is not made: its disk may not be mounted', async () => {
    const folder = join(scratch.path, 'mnt/nas');
    const { targets } = await backUp({ what, to: [`file:${folder}`], copies: 1 });
    expect(targets[0]?.why).toBe(
      `file:${folder} is down: there is no folder "${folder}". Mount its disk, or create the folder where it is new.`,
    );
  });
});

/** Mounts a small disk, where this user may; false where not. */
async function mountSmall(folder: string): Promise<boolean> {
  await mkdir(folder);
  return process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', folder]).status === 0;
}

describe('a folder on a disk', () => {
  it('that is full is named, and nothing half is left there', async ({ skip }) => {
    const folder = join(scratch.path, 'small');
    if (!(await mountSmall(folder))) skip('only root mounts disks');
    try {
      const { targets } = await backUp({ what, to: [`file:${folder}`], copies: 1 });
      expect(targets[0]?.why).toMatch(
        /^file:.+ is full: ".+\/objects\/..\/[0-9a-f]{64}" cannot be written: the disk is full\. Free some space there; the same command then goes on where it stopped\.$/,
      );
      expect((await picture(folder)).filter((line) => line.includes('.tmp-'))).toEqual([]);
    } finally {
      spawnSync('umount', [folder]);
    }
  });

  it('that is read-only is named', async ({ skip }) => {
    const folder = join(scratch.path, 'read-only');
    if (!(await mountSmall(folder))) skip('only root mounts disks');
    try {
      expect(spawnSync('mount', ['-o', 'remount,ro', folder]).status).toBe(0);
      const { targets } = await backUp({ what, to: [`file:${folder}`], copies: 1 });
      expect(targets[0]?.why).toMatch(
        /^file:.+ refuses: ".+" cannot be written: the disk is read-only\. Choose another place\.$/,
      );
    } finally {
      spawnSync('umount', [folder]);
    }
  });
});

it('A backup of which one target is down, one corrupts and one is full is no success, names each, and comes back from the good one', async () => {
  const reel = join(scratch.path, 'reel');
  await drawReel(reel);
  await mkdir(join(scratch.path, 'good'));
  await using corrupting = await openLyingStore(store);
  await using full = await openLyingStore(store);
  corrupting.lie = (method, path) => (method === 'GET' && isObject(path) ? 'flip' : null);
  full.lie = (method) => (method === 'GET' ? null : 'full');
  const to = [
    's3://films/reel?endpoint=http://127.0.0.1:9',
    s3Target(corrupting, 'corrupting'),
    s3Target(full, 'full'),
    `file:${join(scratch.path, 'good')}`,
  ];
  const { success, targets, manifest } = await backUp({ what: [reel], to });
  expect(success).toBe(false);
  const says = targets.map(({ target, why }) => why?.slice(target.length).replace(/^ ((?:is )?\w+).*/, '$1'));
  expect(says).toEqual(['is down', 'corrupts', 'is full', undefined]);
  expect(targets.map(({ good }) => good)).toEqual([false, false, false, true]);

  const folder = join(scratch.path, 'back');
  const restored = await restoreBackup({ to, folder });
  expect(restored).toMatchObject({ manifest, files: 7, lost: [] });
  expect(restored.notes).toEqual([
    `${to[0]} is down (ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9). Start it, or check its address and the network.`,
    `${to[1]} does not hold the backup ${manifest}.`,
    `${to[2]} does not hold the backup ${manifest}.`,
  ]);
  expect(await picture(join(folder, 'reel'))).toEqual(await picture(reel));
});

it('A target that stalls while a backup is restored is asked for nothing more, and the others are', async () => {
  const reel = join(scratch.path, 'reel-of-six');
  await drawReel(reel);
  await mkdir(join(scratch.path, 'steady'));
  const to = [s3Target(lying, 'stalling'), `file:${join(scratch.path, 'steady')}`];
  lying.lie = () => null;
  expect((await backUp({ what: [reel], to, copies: 2 })).success).toBe(true);
  lying.lie = (method, path) => (method === 'GET' && isObject(path) ? 'stall' : null);
  const before = lying.requests.length;
  const folder = join(scratch.path, 'back-from-steady');
  const { lost, notes } = await restoreBackup({ to, folder, timeout: 1 });
  expect([lost, notes]).toEqual([
    [],
    [`${to[0]} stalls: nothing came or went for 1 s. Check it and the network; --timeout allows for more.`],
  ]);
  expect(await picture(join(folder, 'reel-of-six'))).toEqual(await picture(reel));
  // Four objects are asked for at a time, of six.
  expect(lying.requests.slice(before).filter(isObject).length).toBe(4);
});

it('Targets that share a disk with each other, or with what they are copies of, are noted', async ({ skip }) => {
  const folder = join(scratch.path, 'disk');
  if (!(await mountSmall(folder))) skip('only root mounts disks');
  try {
    for (const name of ['a', 'b']) await mkdir(join(folder, name));
    await mkdir(join(scratch.path, 'own'));
    const to = [`file:${folder}/a`, `file:${folder}/b`, `file:${scratch.path}/own`];
    const { notes } = await backUp({ what: what.slice(1), to });
    expect(notes).toEqual([
      `file:${folder}/a and file:${folder}/b lie on one disk: where it fails, all of them are lost.`,
      `file:${scratch.path}/own lies on the disk of "${what[1]}": where it fails, all of them are lost.`,
    ]);
  } finally {
    spawnSync('umount', [folder]);
  }
});
