import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReel } from '../../samples/make-reel.ts';
import { makeStills } from '../../samples/make-stills.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';
import { reelmend, reelmendOrThrow } from '../e2e/command.ts';
import { sampleDifference } from '../e2e/sample-difference.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';

const SIZE = { width: 1920, height: 1080 } as const;
const FRAMES = 128;
const FIRST = 1001;
/** The shorter range is this share of the reel: what both runs need to begin drops out of the difference. */
const SHORTER = 3;

/**
 * A whole restore of a DPX reel with one face, by the processor and by a device: how long rendering takes, how many faces a second are
 * rendered once it has begun, and by how much the outputs differ. Tracks are known to all but the first run.
 *
 * `--only gpu:<name>` names the device; default: any graphics adapter. `--frames` is the reel's length.
 */
export async function deviceBench({ folder, frames = FRAMES, restorer, only, say }: BenchOptions): Promise<Outcome> {
  const device = only?.[0] ?? 'gpu';
  const at = (name: string) => join(folder, name);
  await rm(folder, { recursive: true, force: true });
  await makeCache(at('cache'));
  say(`making ${frames} frames of ${SIZE.width} × ${SIZE.height}`);
  await makeReel(at('reel'), { ...SIZE, only: 'talking', length: frames });
  await makeStills(at('stills'));
  const run = async (out: string, on: string, range: readonly string[] = []): Promise<Report> => {
    say(`restoring on ${on}${range.length > 0 ? `, ${range.join(' ')}` : ''}`);
    const more = [...(restorer === undefined ? [] : ['--restorer', restorer]), ...range, '--quiet'];
    const places = ['--out', at(out), '--reference', at('stills'), '--device', on];
    await reelmendOrThrow(['restore', at('reel'), ...places, ...more], at('cache'));
    return reportSchema.parse(JSON.parse(await readFile(at(`${out}.report/report.json`), 'utf8')));
  };

  const trial = await reelmend(
    ['restore', at('reel'), '--out', at('trial'), '--device', device, '--range', `${FIRST}`],
    at('cache'),
  );
  if (trial.code !== 0) {
    const refused = trial.stderr.trim().split('\n').at(-1) ?? '';
    const table = { title: 'Nothing to compare', columns: ['device', 'why'], rows: [[device, refused]] };
    return { tables: [table], facts: { device, refused }, broken: [] };
  }
  const shorter = Math.ceil(frames / SHORTER);
  const part = ['--range', `${FIRST}-${FIRST + shorter - 1}`];
  const rows: (string | number)[][] = [];
  const facts: Record<string, unknown> = {};
  for (const on of ['cpu', device]) {
    // The first run tracks, too, which is a stage of its own.
    const whole = await run(`whole-${on}`, on);
    const begun = await run(`part-${on}`, on, part);
    const [long, short] = [whole, begun].map(({ seconds }) => seconds['rendering'] ?? Number.NaN) as [number, number];
    const rate = (frames - shorter) / (long - short);
    rows.push([whole.device.name, frames, long, short, rate, long - frames / rate]);
    facts[on] = { device: whole.device, seconds: whole.seconds, part: begun.seconds, rate };
  }
  say('comparing both outputs');
  const difference = await sampleDifference(at('whole-cpu'), at(`whole-${device}`));
  await Promise.all(['reel', 'whole-cpu', `whole-${device}`].map((name) => rm(at(name), { recursive: true })));
  return {
    tables: [
      {
        title: `A reel of ${SIZE.width} × ${SIZE.height} with one face, from DPX to DPX: seconds of rendering`,
        columns: ['rendered on', 'frames', 'all', `${shorter} of them`, 'faces a second, once begun', 'to begin'],
        rows,
      },
      {
        title: 'Samples of both outputs',
        columns: ['compared', 'differ', 'by at most, codes'],
        rows: [[difference.samples, difference.different, difference.most]],
      },
    ],
    facts: { ...facts, difference },
    broken: [],
  };
}
