import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { quantile } from '../../src/motion/quantile.ts';
import type { Progress } from '../../src/pipeline/job.ts';
import { masterReel } from '../../src/pipeline/master/master.ts';
import type { BenchOptions, Outcome } from './bench.ts';

const FRAMES = 48;
const RUNS = 5;
/** Time of three masters over that of the slowest of them alone. */
const GOAL = 1.6;

/** Each preset, and plain ffmpeg's options for the same. */
const MASTERS: Readonly<Record<string, readonly string[]>> = {
  'prores-422-hq': ['-c:v', 'prores_ks', '-profile:v', 'hq', '-vendor', 'apl0', '-pix_fmt', 'yuv422p10le', '-f', 'mov'],
  'dnxhr-hqx': ['-c:v', 'dnxhd', '-profile:v', 'dnxhr_hqx', '-pix_fmt', 'yuv422p10le', '-f', 'mov'],
  'review-h264': ['-c:v', 'libx264', '-crf', '18', '-preset', 'medium', '-pix_fmt', 'yuv420p', '-f', 'mp4'],
};

/** Three masters of one 1080p reel by this program, and each alone by plain ffmpeg, all in turn. `--frames` is the reel's length. */
export async function mastersBench({ folder, frames = FRAMES, runs = RUNS, say }: BenchOptions): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { ffmpeg } = await findFfmpeg();
  const reel = join(folder, 'reel.mkv');
  say('drawing a reel of 1920 × 1080, 10 bits 4:2:2, with grain');
  const picture = `testsrc2=s=1920x1080:r=24:d=${frames / 24},noise=alls=8:allf=t`;
  await run(ffmpeg, [
    '-f',
    'lavfi',
    '-i',
    picture,
    '-c:v',
    'ffv1',
    '-level',
    '3',
    '-slices',
    '16',
    '-g',
    '1',
    '-pix_fmt',
    'yuv422p10le',
    reel,
  ]);

  const names = Object.keys(MASTERS);
  const taken = {
    encoding: [] as number[],
    whole: [] as number[],
    alone: new Map(names.map((name) => [name, [] as number[]])),
  };
  for (let k = 0; k < runs; k++) {
    say(`round ${k + 1} of ${runs}`);
    const ours = await timed(reel, names, join(folder, 'ours'));
    taken.encoding.push(ours.encoding);
    taken.whole.push(ours.whole);
    for (const name of names) {
      const started = performance.now();
      await run(ffmpeg, ['-i', reel, ...(MASTERS[name] ?? []), join(folder, 'alone')]);
      taken.alone.get(name)?.push((performance.now() - started) / 1000);
    }
  }
  const median = (values: readonly number[]) => quantile(Float32Array.from(values), 0.5);
  const slowest = names.reduce((a, b) => (median(taken.alone.get(a) ?? []) > median(taken.alone.get(b) ?? []) ? a : b));
  const unit = median(taken.alone.get(slowest) ?? []);
  const sum = names.reduce((total, name) => total + median(taken.alone.get(name) ?? []), 0);
  const [encoding, whole] = [median(taken.encoding), median(taken.whole)];
  const rows = [
    ...names.map((name) => [
      `${name} alone, plain ffmpeg`,
      median(taken.alone.get(name) ?? []),
      median(taken.alone.get(name) ?? []) / unit,
    ]),
    ['the three one after another, plain ffmpeg', sum, sum / unit],
    ['the three from one decode', encoding, encoding / unit],
    ['the same, verified', whole, whole / unit],
  ];
  const broken =
    encoding / unit > GOAL
      ? [`Three masters take ${(encoding / unit).toFixed(2)} of the slowest alone (${slowest}); the goal is ${GOAL}.`]
      : [];
  return {
    tables: [
      {
        title: `${frames} frames of 1920 × 1080, medians of ${runs} in turn`,
        columns: ['what', 'seconds', `over ${slowest} alone`],
        rows,
      },
    ],
    facts: {
      frames,
      runs,
      slowest,
      encoding: taken.encoding,
      whole: taken.whole,
      alone: Object.fromEntries(taken.alone),
    },
    broken,
  };
}

/** Seconds of a run: its encoding stage, and all of it. */
async function timed(reel: string, presets: readonly string[], out: string) {
  await rm(out, { recursive: true, force: true });
  let begun = 0;
  let encoded = 0;
  const onProgress = ({ stage }: Progress) => {
    if (stage === 'mastering' && begun === 0) begun = performance.now();
    if (stage === 'verifying' && encoded === 0) encoded = performance.now();
  };
  const started = performance.now();
  const { failed } = await masterReel({ reel, presets, out, manifest: 'none' }, { onProgress });
  if (failed.length > 0) throw new Error(failed.map(({ why }) => why).join(' '));
  return { encoding: (encoded - begun) / 1000, whole: (performance.now() - started) / 1000 };
}

async function run(ffmpeg: string, args: readonly string[]): Promise<void> {
  const child = spawn(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg ${args.join(' ')} ended with code ${code}.`);
}
