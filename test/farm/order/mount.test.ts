import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPrint } from '../../../src/farm/order/check-print.ts';
import { checkToken, writeToken } from '../../../src/farm/order/mount-token.ts';
import { StepRefused } from '../../../src/farm/order/order-error.ts';
import type { Reel } from '../../../src/film/reel.ts';
import { findFfmpeg } from '../../../src/media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../../src/media/read/probe-reel.ts';
import { reelPrint } from '../../../src/pipeline/analysis/reel-print.ts';

/** Two mounts with folders and files of the same names, sizes and times: reels of other pictures. */
let mounts: string;
let reel: Reel;

const mount = (name: string) => join(mounts, name);
const mapTo = (name: string) => [{ from: mount('submits'), to: mount(name) }];

beforeAll(async () => {
  mounts = await mkdtemp(join(tmpdir(), 'reelmend-mount-'));
  for (const [name, source] of [
    ['submits', 'testsrc=s=64x48:r=24'],
    ['other', 'testsrc=s=64x48:r=24,negate'],
  ] as const) {
    await mkdir(join(mount(name), 'reel'), { recursive: true });
    const args = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '3', '-pix_fmt', 'rgb24'];
    execFileSync('ffmpeg', [...args, join(mount(name), 'reel', 'a.%04d.dpx')]);
    for (const file of await readdir(join(mount(name), 'reel'))) {
      await utimes(join(mount(name), 'reel', file), 1_000_000_000, 1_000_000_000);
    }
  }
  await cp(mount('submits'), mount('same'), { recursive: true, preserveTimestamps: true });
  reel = await probeReel(join(mount('submits'), 'reel'), { transfer: 'auto' }, await findFfmpeg());
});
afterAll(() => rm(mounts, { recursive: true, force: true }));

const caught = (work: Promise<unknown>): Promise<StepRefused> =>
  work.then(
    () => expect.fail('Nothing was thrown.'),
    (error) => error,
  );

describe('the token of a folder', () => {
  it('is one, however many ask for it at once, and stays', async () => {
    const folder = join(mount('submits'), 'at-once');
    const tokens = await Promise.all(Array.from({ length: 10 }, () => writeToken(folder)));
    expect(new Set([...tokens, await writeToken(folder)]).size).toBe(1);
    expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await readdir(folder)).toEqual(['token']);
  });

  it('proves the folder where it is mounted elsewhere', async () => {
    const folder = join(mount('submits'), 'farm');
    const token = await writeToken(folder);
    await cp(folder, join(mount('same'), 'farm'), { recursive: true });
    expect(await checkToken(folder, token, [])).toBe(folder);
    expect(await checkToken(folder, token, mapTo('same'))).toBe(join(mount('same'), 'farm'));
  });

  it('tells another folder of the same name, and says which map led there', async () => {
    const folder = join(mount('submits'), 'farm');
    const token = await writeToken(folder);
    const other = await writeToken(join(mount('other'), 'farm'));
    const error = await caught(checkToken(folder, token, mapTo('other')));
    expect(error).toBeInstanceOf(StepRefused);
    expect(error.message).toBe(
      `The order's folder "${folder}" is known by the token ${token} in its file "token"; by --map ${mount('submits')}=${mount('other')} it is "${join(mount('other'), 'farm')}" here, and the token there is ${other}: it is another folder. Mount at "${mount('other')}" what the machine that submitted has at "${mount('submits')}", or correct --map.`,
    );
    // What it advises.
    await rename(mount('other'), mount('aside'));
    await cp(mount('submits'), mount('other'), { recursive: true });
    expect(await checkToken(folder, token, mapTo('other'))).toBe(join(mount('other'), 'farm'));
    await rm(mount('other'), { recursive: true });
    await rename(mount('aside'), mount('other'));
  });

  it('is missed where nothing is mounted', async () => {
    const { message } = await caught(checkToken('/mnt/nas/out.work/farm', '0'.repeat(32), []));
    expect(message).toBe(
      `The order's folder "/mnt/nas/out.work/farm" is known by the token ${'0'.repeat(32)} in its file "token"; it is in no folder of a --map here, and no such file is there. Mount it at the same place, or start the worker with --map and a folder above it, as that machine sees it and as this one does.`,
    );
    await mkdir(join(mount('same'), 'out.work', 'farm'), { recursive: true });
    await writeFile(join(mount('same'), 'out.work', 'farm', 'token'), `${'0'.repeat(32)}\n`);
    const maps = [{ from: '/mnt/nas', to: mount('same') }];
    expect(await checkToken('/mnt/nas/out.work/farm', '0'.repeat(32), maps)).toBe(
      join(mount('same'), 'out.work', 'farm'),
    );
  });
});

describe('the print of an order’s reel', () => {
  it.each([false, true])('proves the reel where it is mounted elsewhere (every byte: %s)', async (verify) => {
    const print = await reelPrint(reel, { verify });
    const here = await checkPrint({ reel, print }, mapTo('same'));
    expect(here).toMatchObject({ path: join(mount('same'), 'reel') });
    expect(here.kind === 'folder' && here.files[2]).toBe(join(mount('same'), 'reel', 'a.0003.dpx'));
  });

  it.each([false, true])('tells a reel of other pictures with the same names, sizes and times (%s)', async (verify) => {
    const print = await reelPrint(reel, { verify });
    const error = await caught(checkPrint({ reel, print }, mapTo('other')));
    expect(error).toBeInstanceOf(StepRefused);
    const other = await reelPrint(
      await probeReel(join(mount('other'), 'reel'), { transfer: 'auto' }, await findFfmpeg()),
      {
        verify,
      },
    );
    expect(error.message).toBe(
      `The order's reel "${reel.path}" has the print ${print}; by --map ${mount('submits')}=${mount('other')} it is "${join(mount('other'), 'reel')}" here, and what is there has the print ${other}: it is another reel. Mount at "${mount('other')}" what the machine that submitted has at "${mount('submits')}", or correct --map; where the reel itself was changed, submit it again.`,
    );
  });

  it('says that a file is missing', async () => {
    const print = await reelPrint(reel, { verify: false });
    await mkdir(mount('empty'));
    const { message } = await caught(checkPrint({ reel, print }, mapTo('empty')));
    const file = join(mount('empty'), 'reel', 'a.0001.dpx');
    expect(message).toContain(
      `it is "${join(mount('empty'), 'reel')}" here, and a file of it cannot be read: ENOENT: no such file or directory, stat '${file}'. Mount at "${mount('empty')}" what`,
    );
  });
});
