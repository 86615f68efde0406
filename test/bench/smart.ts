import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lengthOf } from '../../src/film/range.ts';
import type { MovieReel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { plates } from '../../src/media/read/decode.ts';
import { openMovie } from '../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../src/media/write/movie/movie-target.ts';
import type { Target } from '../../src/media/write/target.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { COMMAND } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { loadLine, medianOf, ratioOf, secondsOf, secondsOfCommand } from './timed-command.ts';

const FRAMES = 120;
const RUNS = 5;
/** A take in five is touched. */
const TAKES = 5;

interface Case {
  readonly name: string;
  readonly codec: string;
  readonly extension: string;
  readonly encode: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'prores',
    codec: 'prores',
    extension: '.mov',
    encode: ['-c:v', 'prores_ks', '-profile:v', 'hq', '-vendor', 'apl0', '-pix_fmt', 'yuv422p10le'],
  },
  {
    name: 'dnxhr',
    codec: 'dnxhr',
    extension: '.mov',
    encode: ['-c:v', 'dnxhd', '-profile:v', 'dnxhr_hq', '-pix_fmt', 'yuv422p'],
  },
  {
    name: 'ffv1',
    codec: 'ffv1',
    extension: '.mkv',
    encode: ['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slicecrc', '1', '-slices', '16', '-pix_fmt', 'yuv420p'],
  },
];

/**
 * What it spares to make untouched takes of the source's own packets: writing and joining the takes of a Full HD movie with nothing and
 * with a fifth of its frames touched, over writing all of them anew; and whole runs without a face over those of another built checkout
 * (`--beside <folder>`). `--only` names codecs.
 */
export async function smartBench(options: BenchOptions): Promise<Outcome> {
  const { folder, frames = FRAMES, runs = RUNS, only, beside, say } = options;
  await rm(folder, { recursive: true, force: true });
  await makeCache(join(folder, 'cache'));
  const ffmpeg = await findFfmpeg();
  const rows: (string | number)[][] = [];
  const facts: unknown[] = [];
  const broken: string[] = [];
  for (const one of CASES.filter(({ name }) => only === undefined || only.includes(name))) {
    const path = join(folder, `${one.name}${one.extension}`);
    say(`making ${path}`);
    const drawn = `testsrc2=s=1920x1080:r=24:d=${frames / 24},noise=alls=4:allf=t`;
    await secondsOfCommand(['ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', drawn, ...one.encode, path], folder);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const taken = { full: [] as number[], fifth: [] as number[], none: [] as number[] };
    const whole = { now: [] as number[], before: [] as number[] };
    for (let k = 0; k < runs; k++) {
      say(`${one.name}, ${k + 1} of ${runs}`);
      taken.full.push(await secondsOf(() => written(withoutPackets(reel), 0, one, folder)));
      taken.fifth.push(await secondsOf(() => written(reel, 1, one, folder)));
      taken.none.push(await secondsOf(() => written(reel, 0, one, folder)));
      if (beside === undefined) continue;
      const main = join(beside, 'dist', 'src', 'cli', 'main.js');
      whole.before.push(await wholeRun(main, path, one, folder));
      whole.now.push(await wholeRun(COMMAND, path, one, folder));
    }
    const [none, fifth] = [ratioOf(taken.none, taken.full), ratioOf(taken.fifth, taken.full)];
    const run = beside === undefined ? '' : ratioOf(whole.now, whole.before).toFixed(2);
    rows.push([one.name, frames, medianOf(taken.full).toFixed(1), none.toFixed(2), fifth.toFixed(2), run]);
    facts.push({ name: one.name, frames, ...taken, whole });
    if (none > GOALS.none) broken.push(`${one.name}, nothing touched: ${none.toFixed(2)}; the goal is ${GOALS.none}.`);
    if (fifth > GOALS.fifth) {
      broken.push(`${one.name}, a fifth touched: ${fifth.toFixed(2)}; the goal is ${GOALS.fifth}.`);
    }
  }
  const columns = ['codec', 'frames', 'all anew, s', 'nothing touched', 'a fifth touched', 'whole run, over before'];
  const title = `Own packets, median ratios of ${runs} runs in turn; ${loadLine()}`;
  return { tables: [{ title, columns, rows }], facts, broken };
}

/** Over all anew. */
const GOALS = { none: 0.5, fifth: 0.4 };

function withoutPackets({ wholePackets: _, ...reel }: MovieReel): MovieReel {
  return reel;
}

/** Writes the takes of a movie and joins them; the plates of so many takes come through this process, as restored ones do. */
async function written(reel: MovieReel, touched: number, { codec, extension }: Case, folder: string): Promise<void> {
  const ffmpeg = await findFfmpeg();
  const work = join(folder, 'work');
  const out = join(folder, `out${extension}`);
  await rm(work, { recursive: true, force: true });
  await rm(out, { force: true });
  await mkdir(work);
  const target = await openMovieTarget(reel, { out, codec }, ffmpeg);
  const { signal } = new AbortController();
  const place = { folder: work, signal, note: () => {} };
  const segments = [];
  for (let k = 0; k < TAKES; k++) {
    const take = { in: Math.round((k * reel.frames) / TAKES), out: Math.round(((k + 1) * reel.frames) / TAKES) };
    segments.push(k < touched ? await passed(reel, take, target, place) : await target.copyTake(take, place));
  }
  const [output] = await target.conform(segments, { signal, replace: false, keep: false });
  if (output?.frames !== reel.frames) throw new Error(`${out}: ${output?.frames} frames.`);
}

async function passed(
  reel: MovieReel,
  take: { in: number; out: number },
  target: Target,
  place: Parameters<Target['openTake']>[1],
) {
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  await using writer = await target.openTake(take, place);
  let count = 0;
  for await (const { plate, loan } of plates(reel, take, { pool, ffmpeg: await findFfmpeg(), signal: place.signal })) {
    await writer.write(plate, null);
    loan.release();
    count += 1;
  }
  if (count !== lengthOf(take)) throw new Error(`${count} plates.`);
  return await writer.finish();
}

async function wholeRun(main: string, path: string, { codec, extension }: Case, folder: string): Promise<number> {
  const out = join(folder, `run${extension}`);
  await rm(out, { force: true });
  await rm(`${out}.report`, { recursive: true, force: true });
  const args = ['restore', path, '--out', out, '--codec', codec, '--no-cache', '--quiet', '--device', 'cpu'];
  return secondsOfCommand([process.execPath, main, ...args], join(folder, 'cache'));
}
