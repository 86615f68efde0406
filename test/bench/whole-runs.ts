import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReel } from '../../samples/make-reel.ts';
import { makeStills } from '../../samples/make-stills.ts';
import { quantile } from '../../src/motion/quantile.ts';
import { COMMAND } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { endedChildren } from './processes.ts';

const FULL = { width: 1920, height: 1080 } as const;
/** Frames of the movie; of the two reels a tenth, since each of their frames has a face. */
const FRAMES = 240;
const RUNS = 3;
const FIRST = 1001;

/** A run of the command, and what ffmpeg alone takes for what it does beside faces. */
interface Case {
  readonly name: string;
  readonly frames: number;
  readonly args: readonly string[];
  readonly plain?: readonly string[];
  /** Most processor time over `plain`. */
  readonly goal?: number;
}

/**
 * Processor time of whole runs from the command's start to its end, its threads and ffmpeg's processes with it, beside ffmpeg alone and
 * beside another built checkout (`--beside <folder>`), all of them in turn. `--only` names cases; `--frames` is the movie's length.
 */
export async function wholeRunsBench(options: BenchOptions): Promise<Outcome> {
  const { folder, frames = FRAMES, runs = RUNS, only, beside, say } = options;
  await rm(folder, { recursive: true, force: true });
  await makeCache(join(folder, 'cache'));
  say('making a movie and two reels');
  const cases = (await madeCases(folder, frames)).filter(({ name }) => only === undefined || only.includes(name));
  const before = beside === undefined ? undefined : join(beside, 'dist', 'src', 'cli', 'main.js');

  const rows: (string | number)[][] = [];
  const facts: unknown[] = [];
  const broken: string[] = [];
  for (const { name, frames: count, args, plain, goal } of cases) {
    const taken: { now: number[]; before: number[]; plain: number[] } = { now: [], before: [], plain: [] };
    for (let k = 0; k < runs; k++) {
      say(`${name}, ${k + 1} of ${runs}`);
      const place = join(folder, 'out');
      const command = (main: string) => [process.execPath, main, ...args.map((arg) => arg.replace('OUT', place))];
      if (before !== undefined) taken.before.push(await processorOf(command(before), folder));
      taken.now.push(await processorOf(command(COMMAND), folder));
      if (plain) taken.plain.push(await processorOf(plain, folder));
    }
    const [now, then, alone] = [taken.now, taken.before, taken.plain].map((all) =>
      quantile(Float32Array.from(all), 0.5),
    ) as number[];
    const over = (other: number | undefined) => (other ? ((now as number) / other).toFixed(2) : '');
    rows.push([name, count, (now as number).toFixed(1), over(then), over(alone), goal ?? '']);
    facts.push({ name, frames: count, ...taken });
    if (goal !== undefined && (now as number) / (alone as number) > goal) {
      broken.push(`${name} takes ${over(alone)} of ffmpeg's processor time; the goal is ${goal}.`);
    }
  }
  const columns = ['run', 'frames', 'processor, s', 'over the other checkout', 'over ffmpeg alone', 'goal'];
  return { tables: [{ title: `Whole runs, median of ${runs}`, columns, rows }], facts, broken };
}

async function madeCases(folder: string, frames: number): Promise<Case[]> {
  const at = (name: string) => join(folder, name);
  const faces = Math.max(1, Math.round(frames / 10));
  const size = `${FULL.width}x${FULL.height}`;
  const drawn = `testsrc2=s=${size}:r=24:d=${frames / 24},noise=alls=4:allf=t`;
  const coded = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
  await processorOf(['ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', drawn, ...coded, at('movie.mp4')], folder);
  await makeReel(at('sample'));
  await makeReel(at('dpx'), { ...FULL, only: 'talking', length: faces });
  await makeStills(at('stills'));
  const always = ['--no-cache', '--quiet', '--device', 'cpu'];
  const part = ['--range', `${FIRST}-${FIRST + 2 * faces - 1}`];
  const read = ['ffmpeg', '-v', 'error', '-i', at('movie.mp4')];
  const lossless = ['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slicecrc', '1', '-slices', '16'];
  return [
    {
      name: 'sample-reel',
      frames: 2 * faces,
      args: [
        'restore',
        at('sample'),
        '--out',
        'OUT',
        '--reference',
        at('stills'),
        '--mattes',
        'OUT.mattes',
        ...part,
        ...always,
      ],
    },
    {
      name: 'dpx',
      frames: faces,
      args: ['restore', at('dpx'), '--out', 'OUT', '--reference', at('stills'), ...always],
    },
    {
      name: 'faceless',
      frames,
      args: ['restore', at('movie.mp4'), '--out', 'OUT.mkv', ...always],
      plain: [...read, ...lossless, '-y', at('out.plain.mkv')],
      goal: 1.3,
    },
    {
      name: 'tracking',
      frames,
      args: ['inspect', at('movie.mp4'), ...always],
      plain: [...read, '-f', 'null', '-'],
      goal: 2.5,
    },
  ];
}

/** Seconds of processor time of a command and all that it starts; what an earlier run left at `out` is removed first. */
async function processorOf([program, ...args]: readonly string[], folder: string): Promise<number> {
  for (const left of ['out', 'out.mkv', 'out.mattes', 'out.report', 'out.mkv.report', 'out.plain.mkv']) {
    await rm(join(folder, left), { recursive: true, force: true });
  }
  const started = await endedChildren();
  const child = spawn(program as string, args, {
    env: { ...process.env, REELMEND_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`"${program} ${args.join(' ')}" ended with ${code}: ${said.join('')}`);
  return (await endedChildren()) - started;
}
