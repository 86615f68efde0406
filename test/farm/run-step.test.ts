import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { makeOrder } from '../../src/farm/order/make-order.ts';
import { orderFiles } from '../../src/farm/order/order.ts';
import { parseRestore } from '../../src/pipeline/request/parse-request.ts';
import { type CommandEnd, reelmend } from '../e2e/command.ts';
import { filesOf } from '../e2e/files-of.ts';
import { jobOf, QUIET } from '../e2e/job-of.ts';
import { restoreOnThisThread } from '../e2e/on-this-thread.ts';
import { openScratch, type Scratch } from '../e2e/scratch.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { makeTinyReel } from '../e2e/tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');

let scratch: Scratch;
let job: string;
let preset: string;
const at = (name: string) => join(scratch.path, name);
const runStep = (...args: string[]): Promise<CommandEnd> =>
  reelmend(['run-step', '--job', job, '--quiet', ...args], scratch.cache);

beforeAll(async () => {
  scratch = await openScratch('run-step');
  process.env['REELMEND_CACHE'] = scratch.cache;
  await makeTinyReel(at('reel'), 10, 3);
  preset = await shortTakes(scratch.path, 8);
  const request = (out: string) => jobOf(at('reel'), at(out), PORTRAIT, { preset, restorer: 'replace', device: 'cpu' });
  await restoreOnThisThread(request('whole'));
  const { place } = await makeOrder(parseRestore(request('out')), QUIET);
  job = join(place.work, 'farm', 'order.json');
});
afterAll(() => scratch[Symbol.asyncDispose]());

it('tells an engine to try again where something is not done yet', async () => {
  expect(await runStep('--step', 'take', '--index', '0')).toMatchObject({
    code: 75,
    stderr: 'reelmend: The casting of the order is not done yet. Run the step cast, or try again later.\n',
  });
});

it('does every step of an order, each in a process of its own, and makes what a single run makes', async () => {
  expect((await runStep('--step', 'track', '--index', '0')).stdout).toMatch(/^track-0 {2}13 frames, [\d.]+ s\n$/);
  expect((await runStep('--step', 'cast')).stdout).toMatch(/^cast-0 {2}13 frames, 3 takes, [\d.]+ s\n$/);
  const parts = await Promise.all(['0', '1'].map((index) => runStep('--step', 'take', '--index', index, '--of', '2')));
  expect(parts[0]?.stdout).toMatch(/^take-0 {2}5 frames, cpu, [\d.]+ s\ntake-2 {2}3 frames, copy, [\d.]+ s\n$/);
  expect(parts[1]?.stdout).toMatch(/^take-1 {2}5 frames, cpu, [\d.]+ s\n$/);
  expect((await runStep('--step', 'take', '--index', '1')).stdout).toBe('take-1  done before\n');
  expect(await runStep('--step', 'conform')).toMatchObject({ code: 0 });
  expect(await filesOf(at('out'))).toEqual(await filesOf(at('whole')));
  // Its folder is gone now; an engine may not know that.
  expect(await runStep('--step', 'take', '--index', '1', '--of', '2')).toMatchObject({
    code: 0,
    stdout: 'take-1  done before\n',
  });
  expect(await runStep('--step', 'conform')).toMatchObject({ code: 0, stdout: 'conform-0  done before\n' });
});

it('does the other takes of its part where one fails', async () => {
  const request = jobOf(at('reel'), at('blocked'), PORTRAIT, { preset, restorer: 'replace', device: 'cpu' });
  const { place } = await makeOrder(parseRestore(request), QUIET);
  job = join(place.work, 'farm', 'order.json');
  for (const step of ['track', 'cast']) expect((await runStep('--step', step)).code).toBe(0);
  expect((await runStep('--step', 'take', '--index', '1')).code).toBe(0);
  const [take = ''] = await readdir(join(place.work, 'takes'));
  await rm(join(place.work, 'takes', take), { recursive: true });
  await writeFile(join(place.work, 'takes', take), 'in the way of the take');

  const { code, stdout, stderr } = await runStep('--step', 'take', '--index', '0', '--of', '1');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^take-0 {2}5 frames, .+\ntake-2 {2}3 frames, .+\n$/);
  expect(stderr).toMatch(/^Step take-1 failed\.\nreelmend: .*takes.*\n$/);
});

it('does the other takes of its part first where one has crashed it', async () => {
  const request = jobOf(at('reel'), at('crashed'), PORTRAIT, { preset, restorer: 'replace', device: 'cpu' });
  const { order, place } = await makeOrder(parseRestore(request), QUIET);
  job = join(place.work, 'farm', 'order.json');
  for (const step of ['track', 'cast']) expect((await runStep('--step', step)).code).toBe(0);
  // A process that ends as soon as it has begun the take in the middle.
  const crash = at('crash.mjs');
  const mark = join(orderFiles(place.work).own(order.id), 'begun', 'take-1');
  await writeFile(
    crash,
    `import { statSync } from 'node:fs';
    const began = Date.now();
    const isBegun = () => (statSync(${JSON.stringify(mark)}, { throwIfNoEntry: false })?.mtimeMs ?? 0) > began;
    setInterval(() => isBegun() && process.kill(process.pid, 'SIGKILL'), 1).unref();`,
  );
  const part = ['run-step', '--job', job, '--quiet', '--step', 'take', '--index', '0', '--of', '1'];
  const crashed = () => reelmend(part, scratch.cache, { NODE_OPTIONS: `--import=${crash}` });
  expect((await crashed()).code).toBeNull();
  expect((await readdir(join(place.work, 'takes'))).length).toBe(1);
  expect((await crashed()).code).toBeNull();
  expect((await readdir(join(place.work, 'takes'))).length).toBe(2);
  expect((await runStep('--step', 'take', '--index', '2')).stdout).toBe('take-2  done before\n');
});

it('finds what another machine sees elsewhere', async () => {
  const report = at('there/reports/out');
  const request = jobOf(at('reel'), at('there/out'), PORTRAIT, { restorer: 'replace', device: 'cpu', report });
  await mkdir(at('there'));
  await makeOrder(parseRestore(request), QUIET);
  await rename(at('there'), at('here'));
  job = at('here/out.work/farm/order.json');
  const steps = [['track'], ['cast'], ['take', '--of', '1'], ['conform']];
  for (const [step = '', ...more] of steps) {
    const { code, stderr } = await runStep('--step', step, ...more, '--map', `${at('there')}=${at('here')}`);
    expect([step, code, stderr]).toEqual([step, 0, '']);
  }
  expect(await filesOf(at('here/out'))).toEqual(await filesOf(at('whole')));
  // Its folder is gone, and its report is where that said.
  expect(await runStep('--step', 'take', '--index', '1')).toMatchObject({ code: 0, stdout: 'take-1  done before\n' });
  expect(await runStep('--step', 'conform')).toMatchObject({
    code: 0,
    stdout: 'conform-0  done before\n',
    stderr: `Note: The order has ended and its output "${at('here/out')}" is there; the report, which was written elsewhere, says how.\n`,
  });
});

it('is not planned with a wrong preset, which is named by the path that was given', async () => {
  await writeFile(
    at('wrong.json'),
    JSON.stringify({ format: 'reelmend-preset/1', name: 'wrong', track: { sweep: -1 } }),
  );
  const request = jobOf(at('reel'), at('wrong'), PORTRAIT, { preset: at('wrong.json') });
  await expect(makeOrder(parseRestore(request), QUIET)).rejects.toThrow(`Preset "${at('wrong.json')}": `);
});

it('tells an engine that an input is damaged, and that trying again does not help', async () => {
  const request = jobOf(at('reel'), at('bad'), PORTRAIT, { restorer: 'replace', device: 'cpu' });
  const { order, place } = await makeOrder(parseRestore(request), QUIET);
  job = join(place.work, 'farm', 'order.json');
  const still = order.job.references[0]?.paths[0] ?? '';
  await writeFile(still, 'no picture');
  expect(await runStep('--step', 'track', '--index', '0')).toMatchObject({ code: 0 });
  const { code, stderr } = await runStep('--step', 'cast');
  expect(code).toBe(65);
  expect(stderr).toContain(`reelmend: --reference "${still}"`);
});

it('refuses what is no order, and parts that there are not', async () => {
  job = at('preset.json');
  expect(await runStep('--step', 'cast')).toMatchObject({
    code: 2,
    stderr: `reelmend: --job "${job}" is no order. Give the file order.json in the folder "farm" of a work folder, as "reelmend submit" tells it.\n`,
  });
  expect(await runStep('--step', 'take', '--index', '3', '--of', '3')).toMatchObject({
    code: 2,
    stderr: 'reelmend: --index 3 --of 3: the parts are numbered from 0 to 2.\n',
  });
});
