import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeReel } from '../../samples/make-reel.ts';
import { makeStills } from '../../samples/make-stills.ts';
import { reportSchema } from '../../src/report/report.ts';
import { COMMAND } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { memoryOf, processesOf, RUN_MARK } from './processes.ts';

const SIZE = { width: 320, height: 180 } as const;
const SHORT = 200;
const LONG = 2000;
/** How much more memory ten times the frames may take. */
const ALLOWED = 1.1;
const POLL_MS = 200;

export interface MemoryRun {
  readonly frames: number;
  readonly seconds: number;
  /** Highest sum over all Node processes at one moment, MiB; ffmpeg's processes apart. */
  readonly own: number;
  readonly ffmpeg: number;
  /** As the run's own report says. */
  readonly reported: number;
  /** Highest `own` of each tenth of the run's time: whether it still grows at the end. */
  readonly tenths: readonly number[];
}

/** Peak memory of a restore of one shot of 200 and of 2000 frames. */
export async function memoryBench({ folder, frames: long = LONG, restorer, say }: BenchOptions): Promise<Outcome> {
  const measured: MemoryRun[] = [];
  for (const frames of [SHORT, long]) {
    say(`${frames} frames: making them`);
    const place = join(folder, String(frames));
    await rm(place, { recursive: true, force: true });
    await makeReel(join(place, 'reel'), { ...SIZE, only: 'talking', length: frames });
    await makeStills(join(place, 'stills'));
    say(`${frames} frames: restoring them`);
    measured.push(await measure(place, frames, restorer));
    await rm(place, { recursive: true, force: true });
  }
  const [short, other] = measured as [MemoryRun, MemoryRun];
  const ratio = other.own / short.own;
  return {
    tables: [
      {
        title: `Peak memory of a whole restore, one shot of ${SIZE.width}×${SIZE.height}, MiB`,
        columns: ['frames', 'own processes', `against ${SHORT} frames`, 'report says', 'ffmpeg'],
        rows: measured.map((run) => [run.frames, run.own, run.own / short.own, run.reported, run.ffmpeg]),
      },
      {
        title: 'Highest in each tenth of the time, MiB',
        columns: ['frames', ...Array.from({ length: 10 }, (_, k) => String(k + 1))],
        rows: measured.map((run) => [run.frames, ...run.tenths.map(Math.round)]),
      },
    ],
    facts: { size: SIZE, measured, ratio },
    broken:
      ratio > ALLOWED
        ? [`${long} frames took ${ratio.toFixed(2)} times the memory of ${SHORT}; at most ${ALLOWED} was promised.`]
        : [],
  };
}

async function measure(place: string, frames: number, restorer: string | undefined): Promise<MemoryRun> {
  const at = (name: string) => join(place, name);
  await makeCache(at('cache'));
  const mark = randomUUID();
  const choice = restorer === undefined ? [] : ['--restorer', restorer];
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [COMMAND, 'restore', at('reel'), '--out', at('out'), '--reference', at('stills'), '--quiet', ...choice],
    { env: { ...process.env, REELMEND_CACHE: at('cache'), [RUN_MARK]: mark }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  let code: number | null | undefined;
  const closed = once(child, 'close').then(([ended]) => {
    code = ended as number | null;
  });
  const samples: Array<{ at: number; own: number; ffmpeg: number }> = [];
  while (code === undefined) {
    let own = 0;
    let ffmpeg = 0;
    for (const { pid, program } of await processesOf(mark)) {
      const memory = await memoryOf(pid);
      if (/^ff/.test(program)) ffmpeg += memory;
      else own += memory;
    }
    samples.push({ at: performance.now() - started, own, ffmpeg });
    await Promise.race([wait(POLL_MS), closed]);
  }
  if (code !== 0) throw new Error(`The restore of ${frames} frames ended with code ${code}.`);
  const whole = performance.now() - started;
  const report = reportSchema.parse(JSON.parse(await readFile(at('out.report/report.json'), 'utf8')));
  return {
    frames,
    seconds: whole / 1000,
    own: Math.max(...samples.map((sample) => sample.own)),
    ffmpeg: Math.max(...samples.map((sample) => sample.ffmpeg)),
    reported: report.peakMemoryMiB ?? Number.NaN,
    tenths: Array.from({ length: 10 }, (_, k) =>
      Math.max(0, ...samples.filter((s) => Math.min(9, Math.floor((10 * s.at) / whole)) === k).map((s) => s.own)),
    ),
  };
}
