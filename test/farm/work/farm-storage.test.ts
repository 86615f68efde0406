import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import { makeOrder } from '../../../src/farm/order/make-order.ts';
import { parseSize, storageEnvironment } from '../../../src/farm/work/farm-storage.ts';
import { fillStore } from '../../../src/model/fill-store.ts';
import { openLibrary } from '../../../src/model/library.ts';
import { parseRestore } from '../../../src/pipeline/request/parse-request.ts';
import { reelmend, reelmendOrThrow } from '../../e2e/command.ts';
import { filesOf } from '../../e2e/files-of.ts';
import { jobOf, QUIET } from '../../e2e/job-of.ts';
import { restoreOnThisThread } from '../../e2e/on-this-thread.ts';
import { openScratch, type Scratch } from '../../e2e/scratch.ts';
import { makeTinyReel } from '../../e2e/tiny-reel.ts';

let scratch: Scratch;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('farm-storage');
  process.env['REELMEND_CACHE'] = scratch.cache;
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('a size', () => {
  it.each([
    ['500M', 500 * 2 ** 20],
    ['200G', 200 * 2 ** 30],
    ['1.5 T', Number.NaN],
    ['1.5t', 1.5 * 2 ** 40],
    ['20GiB', 20 * 2 ** 30],
    ['0G', Number.NaN],
    ['200', Number.NaN],
  ])('of %s is %d bytes', (text, bytes) => {
    if (!Number.isNaN(bytes)) return expect(parseSize(text, '--hot-size')).toBe(bytes);
    expect(() => parseSize(text, '--hot-size')).toThrow(
      `--hot-size "${text}" is not a size. Write it as 500M, 200G or 1.5T.`,
    );
  });
});

describe('a slot with a store and a hot folder', () => {
  it('does every step without the internet, from an empty cache, and makes what a single run makes', async () => {
    await makeTinyReel(at('reel'), 10, 3);
    const request = (out: string) =>
      jobOf(at('reel'), at(out), join(packageFolder(), 'samples', 'portrait.png'), {
        ...{ restorer: 'replace', device: 'cpu' },
      });
    await restoreOnThisThread(request('whole'));
    const { place, networks } = await makeOrder(parseRestore(request('out')), QUIET);
    await fillStore(openLibrary(), networks, at('store'));

    const { REELMEND_CACHE: cache = '', ...storage } = storageEnvironment({
      store: at('store'),
      hot: { folder: at('hot'), bytes: 2 ** 30 },
    });
    expect(cache).toBe(join(at('hot'), 'cache'));
    const nowhere = 'http://127.0.0.1:9/';
    const nothing = { npm_config_registry: nowhere, http_proxy: nowhere, https_proxy: nowhere, HOME: at('home') };
    const job = join(place.work, 'farm', 'order.json');
    for (const step of [['track'], ['cast'], ['take', '--of', '1'], ['conform']]) {
      const args = ['run-step', '--job', job, '--quiet', '--step', ...step];
      await reelmendOrThrow(args, cache, { ...storage, ...nothing, REELMEND_MODELS: at('none') });
    }
    expect(await filesOf(at('out'))).toEqual(await filesOf(at('whole')));
    expect(await readdir(join(at('hot'), 'copies'))).toHaveLength(networks.length);
    // Networks are in the hot folder itself.
    expect(await readdir(cache)).not.toContain('models');
  });

  it('refuses a step that another may do, and says what to do, where the store lacks a network', async () => {
    const { place } = await makeOrder(
      parseRestore(jobOf(at('reel'), at('lacks'), join(packageFolder(), 'samples', 'portrait.png'), { device: 'cpu' })),
      QUIET,
    );
    const job = join(place.work, 'farm', 'order.json');
    const args = ['run-step', '--job', job, '--quiet', '--step', 'track'];
    const { code, stderr } = await reelmend(args, at('cold'), storageEnvironment({ store: at('empty') }));
    expect(stderr).toMatch(
      new RegExp(
        `^reelmend: Model "[a-z0-9-]+" is not on this machine, which fetches nothing, and the store ${at('empty')} has it not\\. Submit the reel again from a machine that has the model \\("reelmend models list" says so\\): what a reel needs is put into the store\\.\n$`,
      ),
    );
    expect(code).toBe(75);
  });
});
