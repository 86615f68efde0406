import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMAND } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { loadLine, medianOf, ratioOf, secondsOfCommand } from './timed-command.ts';

const FRAMES = 240;
const RUNS = 5;

interface Case {
  readonly name: string;
  readonly out: string;
  readonly codec: string;
  /** What ffmpeg alone is asked for: the options of the product's own encodes. */
  readonly encode: readonly string[];
  /** Most wall time over ffmpeg alone. */
  readonly goal: number;
}

const SLOW = 1.15;
const FAST = 1.4;

/** Two encoders that take longer than all else, and two that do not. */
const CASES: readonly Case[] = [
  {
    name: 'prores',
    out: '.mov',
    codec: 'prores',
    encode: ['-c:v', 'prores_ks', '-profile:v', 'hq', '-vendor', 'apl0', '-pix_fmt', 'yuv422p10le'],
    goal: SLOW,
  },
  {
    name: 'h264',
    out: '.mp4',
    codec: 'h264',
    encode: ['-c:v', 'libx264', '-crf', '12', '-preset', 'medium'],
    goal: SLOW,
  },
  {
    name: 'dnxhr',
    out: '.mov',
    codec: 'dnxhr',
    encode: ['-c:v', 'dnxhd', '-profile:v', 'dnxhr_hq', '-pix_fmt', 'yuv422p'],
    goal: FAST,
  },
  {
    name: 'ffv1',
    out: '.mkv',
    codec: 'ffv1',
    encode: ['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slicecrc', '1', '-slices', '16'],
    goal: FAST,
  },
];

/**
 * Wall time of a whole run over a Full HD movie (H.264) in which nobody is restored, over plain ffmpeg's to the same codec, with kept
 * tracks and without, run in turn. `--only` names codecs.
 */
export async function untouchedMovieBench(options: BenchOptions): Promise<Outcome> {
  const { folder, frames = FRAMES, runs = RUNS, only, say } = options;
  await rm(folder, { recursive: true, force: true });
  const cache = join(folder, 'cache');
  await makeCache(cache);
  const movie = join(folder, 'movie.mp4');
  say('making a movie');
  const drawn = `testsrc2=s=1920x1080:r=24:d=${frames / 24},noise=alls=4:allf=t`;
  const coded = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
  await secondsOfCommand(['ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', drawn, ...coded, movie], cache);
  const restored = async ({ codec, out }: Case, ...more: readonly string[]): Promise<number> => {
    const path = join(folder, `out${out}`);
    await rm(path, { force: true });
    await rm(`${path}.report`, { recursive: true, force: true });
    const args = ['restore', movie, '--out', path, '--codec', codec, '--quiet', '--device', 'cpu', ...more];
    return secondsOfCommand([process.execPath, COMMAND, ...args], cache);
  };

  const rows: (string | number)[][] = [];
  const facts: unknown[] = [];
  const broken: string[] = [];
  const cases = CASES.filter(({ name }) => only === undefined || only.includes(name));
  say('looking for faces once, for the tracks to keep');
  await restored(cases.at(-1) as Case);
  for (const one of cases) {
    const taken = { plain: [] as number[], kept: [] as number[], fresh: [] as number[] };
    for (let k = 0; k < runs; k++) {
      say(`${one.name}, ${k + 1} of ${runs}`);
      const plain = ['ffmpeg', '-v', 'error', '-nostdin', '-y', '-i', movie, ...one.encode];
      taken.plain.push(await secondsOfCommand([...plain, join(folder, `plain${one.out}`)], cache));
      taken.kept.push(await restored(one));
      taken.fresh.push(await restored(one, '--no-cache'));
    }
    const [kept, fresh] = [ratioOf(taken.kept, taken.plain), ratioOf(taken.fresh, taken.plain)];
    rows.push([one.name, frames, medianOf(taken.plain).toFixed(1), kept.toFixed(2), fresh.toFixed(2)]);
    facts.push({ name: one.name, frames, ...taken });
    const ratios = [
      ['tracks kept', kept],
      ['no tracks', fresh],
    ] as const;
    for (const [tracks, ratio] of ratios) {
      if (ratio > one.goal) broken.push(`${one.name}, ${tracks}: ${ratio.toFixed(2)}; the goal is ${one.goal}.`);
    }
  }
  const columns = ['codec', 'frames', 'ffmpeg alone, s', 'tracks kept', 'no tracks'];
  const title = `A movie without a restored face, median ratios of ${runs} runs in turn; ${loadLine()}`;
  return { tables: [{ title, columns, rows }], facts, broken };
}
