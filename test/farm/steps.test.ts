import { existsSync } from 'node:fs';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { type MadeOrder, makeOrder } from '../../src/farm/order/make-order.ts';
import { orderFiles } from '../../src/farm/order/order.ts';
import { readOrderEnd } from '../../src/farm/order/order-end.ts';
import { OrderError, StepRefused } from '../../src/farm/order/order-error.ts';
import { forgetGivenUp, giveUp } from '../../src/farm/steps/failures.ts';
import type { StepDone } from '../../src/farm/steps/step.ts';
import { type Step, takeSteps, trackSteps } from '../../src/farm/steps/step.ts';
import type { StepContext } from '../../src/farm/steps/step-context.ts';
import { openStepRunner } from '../../src/farm/steps/step-runner.ts';
import { readTakeList } from '../../src/farm/steps/take-list.ts';
import { parseRestore } from '../../src/pipeline/request/parse-request.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { verifyOutput } from '../../src/pipeline/verify/verify.ts';
import { reportSchema } from '../../src/report/report.ts';
import { filesOf } from '../e2e/files-of.ts';
import { jobOf, QUIET } from '../e2e/job-of.ts';
import { restoreOnThisThread } from '../e2e/on-this-thread.ts';
import { openScratch, type Scratch } from '../e2e/scratch.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { writeShots } from '../e2e/tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** Frames of a span: every shot is longer, so that trackers share them at places that are no cuts. */
const SPAN = 5;

let scratch: Scratch;
let preset: string;
let whole: Record<string, string>;
const at = (name: string) => join(scratch.path, name);
const job = (out: string, more: Partial<RestoreRequest> = {}) =>
  jobOf(at('reel'), at(out), PORTRAIT, { preset, restorer: 'replace', device: 'cpu', ...more });

/** Three shots: the actor, nobody, the actor again; five takes. */
beforeAll(async () => {
  scratch = await openScratch('farm-steps');
  process.env['REELMEND_CACHE'] = scratch.cache;
  preset = await shortTakes(scratch.path, 8);
  await writeShots(at('reel'), [
    ['talking', 10],
    ['empty', 4],
    ['talking', 9],
  ]);
  await restoreOnThisThread(job('whole'));
  whole = await filesOf(at('whole'));
});
afterAll(() => scratch[Symbol.asyncDispose]());

const submit = (out: string, more?: Partial<RestoreRequest>) => makeOrder(parseRestore(job(out, more)), QUIET, SPAN);

const CONTEXT: StepContext = { ...QUIET, mayPublish: async () => {}, passesMissing: false };

/** The file of the reel's first frame in the take that was made of it. */
async function firstFrame(name: string): Promise<string> {
  const takes = at(`${name}.work/takes`);
  const [first = ''] = (await readdir(takes)).sort();
  const [file = ''] = (await readdir(join(takes, first), { recursive: true })).filter((path) =>
    path.endsWith('1001.dpx'),
  );
  return join(takes, first, file);
}

/** Runs steps in a process of their own, as it were: nothing is kept open from those before. */
async function run(
  { order, place }: MadeOrder,
  steps: readonly Step[],
  context: Partial<StepContext> = {},
): Promise<StepDone[]> {
  await using runner = openStepRunner();
  const done: StepDone[] = [];
  for (const step of steps)
    done.push(await runner.run({ view: { place, maps: [] }, id: order.id, step }, { ...CONTEXT, ...context }));
  return done;
}

const CAST: Step = { kind: 'cast', index: 0 };
const CONFORM: Step = { kind: 'conform', index: 0 };
const TAKES = takeSteps(5);

describe('the steps of an order', () => {
  let made: MadeOrder;
  beforeAll(async () => {
    made = await submit('steps');
  });

  it('are refused before those that they need are done', async () => {
    await expect(run(made, [CAST])).rejects.toThrow(
      new StepRefused('Step track-0 is not done yet, and the casting needs all of them. Run it, or try again later.'),
    );
    await expect(run(made, [TAKES[0] as Step])).rejects.toThrow(
      new StepRefused('The casting of the order is not done yet. Run the step cast, or try again later.'),
    );
  });

  it('track the spans of the reel, in any order', async () => {
    expect(made.order.spans.map(({ own }) => own)).toEqual([
      { in: 0, out: 5 },
      { in: 5, out: 10 },
      { in: 10, out: 15 },
      { in: 15, out: 20 },
      { in: 20, out: 23 },
    ]);
    const done = await run(made, trackSteps(made.order).reverse());
    expect(done.map(({ already }) => already)).toEqual([false, false, false, false, false]);
    expect(done.map(({ frames }) => frames)).toEqual([3, 5, 5, 5, 5]);
  });

  it('cut the reel into takes', async () => {
    expect(await run(made, [CAST])).toMatchObject([{ already: false, takes: 5, frames: 23 }]);
    expect(await run(made, [CAST])).toMatchObject([{ already: true, takes: 5 }]);
  });

  it('leave no output before every take is there, and then the one that a single run makes', async () => {
    await run(made, TAKES.slice(1));
    await expect(run(made, [CONFORM])).rejects.toThrow(
      new StepRefused('Step take-0 is not done yet, and the output needs all of them. Run it, or try again later.'),
    );
    expect(existsSync(at('steps'))).toBe(false);
    expect(await run(made, [TAKES[0] as Step, TAKES[0] as Step])).toMatchObject([
      { already: false },
      { already: true },
    ]);
    expect(await run(made, [CONFORM])).toMatchObject([{ already: false, exit: 0, frames: 23 }]);
    expect(await filesOf(at('steps'))).toEqual(whole);
    expect(existsSync(at('steps.work'))).toBe(false);
  });

  it('render anew at the joining what was written to since it was rendered', async () => {
    const damaged = await submit('damaged');
    await run(damaged, [...trackSteps(damaged.order), CAST, ...TAKES]);
    const file = await firstFrame('damaged');
    const bytes = await readFile(file);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    await writeFile(file, bytes);
    expect(await run(damaged, [CONFORM])).toMatchObject([{ already: false, exit: 0 }]);
    expect(await filesOf(at('damaged'))).toEqual(whole);
  });

  it('take what has rotted on the disk for what was written, which verifying the output finds', async () => {
    const rotten = await submit('rotten');
    await run(rotten, [...trackSteps(rotten.order), CAST, ...TAKES]);
    const file = await firstFrame('rotten');
    const { atime, mtime } = await stat(file);
    const bytes = await readFile(file);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await utimes(file, atime, mtime);
    await run(rotten, [CONFORM]);
    expect(await verifyOutput({ out: at('rotten') }, QUIET.signal)).toMatchObject({
      faults: ['Frame 1001 ("scan.1001.dpx") is not the frame that was written: its file was changed.'],
    });
  });

  it('are done when the order has ended', async () => {
    const done = await run(made, [...trackSteps(made.order), CAST, ...TAKES, CONFORM]);
    expect(done.every(({ already }) => already)).toBe(true);
    expect(done.at(-1)).toMatchObject({ exit: 0 });
  });

  it('are not made again by the same submission', async () => {
    const again = await submit('steps');
    expect(again.order.id).toBe(made.order.id);
    expect(again.end).toEqual({ exit: 0, passed: [], untracked: [] });
    expect(existsSync(at('steps.work'))).toBe(false);
  });

  it('report what a single run does', async () => {
    const of = async (name: string) =>
      reportSchema.parse(JSON.parse(await readFile(at(`${name}.report/report.json`), 'utf8')));
    const [farm, one] = [await of('steps'), await of('whole')];
    expect(farm.frames).toEqual(one.frames);
    expect(farm.faces).toEqual(one.faces);
    expect(farm.inference).toEqual(one.inference);
    expect(farm.job).toBe(one.job);
  });
});

describe('an order', () => {
  it('is the same for ten submissions at once', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => submit('ten')));
    expect(new Set(made.map(({ order }) => order.id)).size).toBe(1);
    const token = await readFile(join(orderFiles(at('ten.work')).folder, 'token'), 'utf8');
    expect(made.map(({ order }) => order.token)).toEqual(made.map(() => token.trim()));
  });

  it('is another one with other settings, and uses the tracks of the first', async () => {
    const first = await submit('changed');
    await run(first, trackSteps(first.order));
    const second = await submit('changed', { settings: { 'takes.frames': 9 } });
    expect(second.order.id).not.toBe(first.order.id);
    const done = await run(second, trackSteps(second.order));
    expect(done.every(({ already }) => already)).toBe(true);
    await expect(run(first, [CAST])).rejects.toThrow(OrderError);
  });

  it('holds the small files that its job names, whatever becomes of them', async () => {
    const own = await shortTakes(scratch.path, 10);
    const { order, place } = await submit('given', { preset: own });
    expect(order.job.preset.startsWith(orderFiles(place.work).given)).toBe(true);
    expect(order.job.references[0]?.paths[0]?.startsWith(orderFiles(place.work).given)).toBe(true);
    await writeFile(own, '{}');
    expect(await run({ ...(await submit('given-2')), order, place }, trackSteps(order).slice(0, 1))).toHaveLength(1);
  });

  it('is refused by a program that makes other pixels', async () => {
    const { order, place } = await submit('version');
    const path = orderFiles(place.work).order;
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"ffmpeg": "[^"]*"/, '"ffmpeg": "0.1"'));
    const { program, render, tracking, ffmpeg, runtime } = order.versions;
    const of = (version: string) =>
      `Reelmend ${program} (pixels ${render}, tracks ${tracking}) with ffmpeg ${version} and onnxruntime ${runtime}`;
    await expect(run({ ...(await submit('version-2')), order, place }, trackSteps(order).slice(0, 1))).rejects.toThrow(
      new StepRefused(
        `The order is for ${of('0.1')}; this machine has ${of(ffmpeg)}, which may make other pixels. Install the same on it, or submit the reel again from a machine that has what the others have.`,
      ),
    );
  });

  it('is refused where its reel is another one', async () => {
    await writeShots(at('other'), [['talking', 4]]);
    const made = await makeOrder(parseRestore({ ...job('wrong'), reel: at('other') }), QUIET);
    const [name = ''] = await readdir(at('other'));
    await utimes(join(at('other'), name), 1e9, 1e9);
    const refusal = run(made, trackSteps(made.order));
    await expect(refusal).rejects.toThrow(StepRefused);
    await expect(refusal).rejects.toThrow(`The order's reel "${at('other')}" has the print ${made.order.print}; `);
  });
});

describe('an order whose output a plain restore was quicker to make', () => {
  it('finds its takes, and ends', async () => {
    const made = await submit('quicker');
    await run(made, [...trackSteps(made.order), CAST, TAKES[0] as Step]);
    await restoreOnThisThread(job('quicker'));
    const done = await run(made, [...TAKES, CONFORM]);
    expect(done.slice(0, -1).every(({ already }) => already)).toBe(true);
    expect(done.at(-1)).toMatchObject({ already: false, exit: 0 });
    expect(await filesOf(at('quicker'))).toEqual(whole);
    expect(existsSync(at('quicker.work'))).toBe(false);
  });
});

describe('a take that is given up', () => {
  let made: MadeOrder;
  beforeAll(async () => {
    made = await submit('given-up');
    await run(made, [...trackSteps(made.order), CAST, ...TAKES.slice(1)]);
    await giveUp(made.place.work, made.order, TAKES[0] as Step, { attempts: 3, reason: 'its process crashed.' });
  });

  it('is passed through and named, and the order ends with exit code 3', async () => {
    const passed = { take: 0, in: 0, out: 5, reason: 'its process crashed.' };
    expect(await run(made, [CONFORM])).toMatchObject([{ exit: 3 }]);
    expect(await readOrderEnd(made.place, made.order)).toEqual({ exit: 3, passed: [passed], untracked: [] });
    const [source, output] = [await filesOf(at('reel')), await filesOf(at('given-up'))];
    const names = Object.keys(whole);
    expect(names.map((name) => [source, whole].map((of) => of[name] === output[name]))).toEqual(
      names.map((_, k) => (k < 5 ? [true, false] : [k >= 10 && k < 14, true])),
    );
    const { notes } = reportSchema.parse(JSON.parse(await readFile(at('given-up.report/report.json'), 'utf8')));
    expect(notes).toContain(
      'Take 0 (5 frames from frame 0 of the reel, counted from 0) was passed through untouched: its process crashed.',
    );
  });

  it('takes its place when it is rendered after all', async () => {
    await forgetGivenUp(made.place.work, made.order);
    expect(await run(made, [TAKES[0] as Step, CONFORM])).toMatchObject([
      { already: false },
      { already: false, exit: 0 },
    ]);
    expect(await filesOf(at('given-up'))).toEqual(whole);
  });
});

describe('a span that is given up', () => {
  let made: MadeOrder;
  beforeAll(async () => {
    made = await submit('no-span');
  });

  it('passes its frames through, the others are restored, and the order ends with exit code 3', async () => {
    const [first, ...others] = trackSteps(made.order);
    await run(made, others);
    await giveUp(made.place.work, made.order, first as Step, { attempts: 3, reason: 'its process crashed.' });
    await run(made, [CAST]);
    const list = (await readTakeList(made.place.work, made.order)) ?? [];
    expect(list.filter(({ touched }) => touched).map(({ in: from, out }) => [from, out])).toEqual([
      [14, 19],
      [19, 23],
    ]);
    expect((await run(made, [...takeSteps(list.length), CONFORM])).at(-1)).toMatchObject({ already: false, exit: 3 });
    expect(await readOrderEnd(made.place, made.order)).toEqual({ exit: 3, passed: [], untracked: ['track-0'] });
    const output = await filesOf(at('no-span'));
    const source = await filesOf(at('reel'));
    const names = Object.keys(whole);
    expect(names.every((name, k) => output[name] === (k < 14 ? source : whole)[name])).toBe(true);
  });

  it('takes its place when its faces are found after all, by whoever had the order open before', async () => {
    await using slot = openStepRunner();
    const view = { place: made.place, maps: [] };
    const again = (step: Step) => slot.run({ view, id: made.order.id, step }, CONTEXT);
    await again(TAKES[1] as Step);
    await forgetGivenUp(made.place.work, made.order);
    await run(made, [...trackSteps(made.order), CAST]);
    for (const step of TAKES) await again(step);
    expect(await again(CONFORM)).toMatchObject({ already: false, exit: 0 });
    expect(await filesOf(at('no-span'))).toEqual(whole);
  });
});

describe('a step that was given to another', () => {
  it('writes no report, and removes nothing, where that was while the output got its name', async () => {
    const made = await submit('late');
    await run(made, [...trackSteps(made.order), CAST, ...TAKES]);
    let asked = 0;
    // The first time before the output gets its name.
    const mayPublish = async () => {
      asked += 1;
      if (asked > 1) throw new StepRefused('The lease is lost.');
    };
    await expect(run(made, [CONFORM], { mayPublish })).rejects.toThrow('The lease is lost.');
    expect(existsSync(at('late'))).toBe(true);
    expect(existsSync(at('late.report/report.json'))).toBe(false);
    expect(await readOrderEnd(made.place, made.order)).toBe(null);
    expect(await run(made, [CONFORM])).toMatchObject([{ already: false, exit: 0 }]);
    expect(await filesOf(at('late'))).toEqual(whole);
    expect(existsSync(at('late.work'))).toBe(false);
  });

  it('publishes nothing', async () => {
    const made = await submit('lost');
    const lost = { mayPublish: () => Promise.reject(new StepRefused('The lease is lost.')) };
    await expect(run(made, [trackSteps(made.order)[0] as Step], lost)).rejects.toThrow('The lease is lost.');
    expect(existsSync(orderFiles(made.place.work).spans)).toBe(false);
    await run(made, [...trackSteps(made.order), CAST]);
    await expect(run(made, [TAKES[0] as Step], lost)).rejects.toThrow('The lease is lost.');
    expect(await readdir(at('lost.work/takes'))).toEqual([]);
    await run(made, TAKES);
    await expect(run(made, [CONFORM], lost)).rejects.toThrow('The lease is lost.');
    expect(existsSync(at('lost'))).toBe(false);
  });

  it('finds the take of the other where both have rendered it, and leaves nothing of its own', async () => {
    const made = await submit('twice');
    await run(made, [...trackSteps(made.order), CAST]);
    const [one, two] = await Promise.all([run(made, [TAKES[0] as Step]), run(made, [TAKES[0] as Step])]);
    expect([one[0]?.already, two[0]?.already]).toEqual([false, false]);
    expect(await readdir(at('twice.work/takes'))).toHaveLength(1);
  });
});
