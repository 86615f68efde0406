import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReel } from '../../samples/make-reel.ts';
import { makeStills } from '../../samples/make-stills.ts';
import { quantile } from '../../src/motion/quantile.ts';
import { COMMAND } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';

const FULL = { width: 1920, height: 1080 } as const;
const FRAMES = 48;
const RUNS = 3;
const FIRST = 1001;
/** Seconds to the first picture, and the share of what restoring the same frames takes. */
const GOALS = { first: 5, share: 0.5 } as const;
/** Milliseconds between two looks for the first picture. */
const LOOK = 20;

/**
 * Wall-clock seconds of previews of a 1080p reel with kept tracks, to the first picture and to the end, beside runs that restore the same
 * frames with the faces that the preview kept, and without; in turn, each as the command runs.
 */
export async function previewBench({ folder, frames = FRAMES, runs = RUNS, say }: BenchOptions): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  await makeCache(join(folder, 'cache'));
  say('making a reel, and tracking it');
  const reel = join(folder, 'reel');
  const stills = join(folder, 'stills');
  await makeReel(reel, { ...FULL, only: 'talking', length: frames });
  await makeStills(stills);
  const asked = [
    reel,
    '--reference',
    stills,
    '--device',
    'cpu',
    '--quiet',
    '--range',
    `${FIRST}-${FIRST + frames - 1}`,
  ];
  await secondsOf(['inspect', reel, '--find', stills, '--device', 'cpu', '--quiet'], folder);

  const taken = { first: [] as number[], all: [] as number[], after: [] as number[], restored: [] as number[] };
  const [shown, restored] = [join(folder, 'shown'), join(folder, 'restored')];
  for (let k = 0; k < runs; k++) {
    say(`${k + 1} of ${runs}`);
    const forget = async (...left: string[]) => {
      for (const path of left) await rm(path, { recursive: true, force: true });
    };
    const restore = async () => {
      await forget(restored, `${restored}.report`);
      return (await secondsOf(['restore', ...asked, '--out', restored], folder)).all;
    };
    const kept = join(folder, 'cache', 'faces');
    await forget(shown, kept);
    const { first, all } = await secondsOf(['preview', ...asked, '--out', shown], folder, () => hasPicture(shown));
    taken.first.push(first ?? Number.NaN);
    taken.all.push(all);
    taken.after.push(await restore());
    await forget(kept);
    taken.restored.push(await restore());
  }
  const median = (all: readonly number[]) => quantile(Float32Array.from(all), 0.5);
  const first = median(taken.first);
  const all = median(taken.all);
  const whole = median(taken.restored);
  const after = median(taken.after);
  const share = all / whole;
  const row = {
    frames,
    'first picture, s': first.toFixed(1),
    'all, s': all.toFixed(1),
    'a frame, s': (all / frames).toFixed(2),
    'restoring them, s': whole.toFixed(1),
    'over restoring': share.toFixed(2),
    'restoring after it, s': after.toFixed(1),
    'over restoring alone': (after / whole).toFixed(2),
  };
  return {
    tables: [
      { title: `Preview of a 1080p reel, median of ${runs}`, columns: Object.keys(row), rows: [Object.values(row)] },
    ],
    facts: [{ frames, ...taken }],
    broken: [
      ...(first > GOALS.first
        ? [`The first picture comes after ${first.toFixed(1)} s; the goal is ${GOALS.first}.`]
        : []),
      ...(share > GOALS.share
        ? [`A preview takes ${share.toFixed(2)} of restoring the same frames; the goal is ${GOALS.share}.`]
        : []),
    ],
  };
}

function hasPicture(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('-after.jpg'));
}

/** Seconds of a command, and from its start until `isThere` is first true. */
async function secondsOf(
  args: readonly string[],
  folder: string,
  isThere: () => boolean = () => false,
): Promise<{ readonly first: number | null; readonly all: number }> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, REELMEND_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  let first: number | null = null;
  const looking = setInterval(() => {
    if (first === null && isThere()) first = since();
  }, LOOK);
  const [code] = await once(child, 'close');
  clearInterval(looking);
  if (code !== 0) throw new Error(`"reelmend ${args.join(' ')}" ended with ${code}: ${said.join('')}`);
  return { first, all: since() };
}
