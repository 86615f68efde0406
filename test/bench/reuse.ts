import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReel } from '../../samples/make-reel.ts';
import { makeStills } from '../../samples/make-stills.ts';
import { run } from '../../src/cli/run.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';
import { decoded } from '../e2e/decoded.ts';
import type { BenchOptions, Outcome, Table } from './bench.ts';
import { writeFaceRestorer } from './face-restorer-graph.ts';
import { rgbOfPlate } from './picture-score.ts';
import { writeCostlySwapper } from './swapper-graph.ts';

/** Whole restores of one static shot, with reuse and without: what the article promises, and what carrying restorations spares. */
interface Case {
  /** As `--only` has it. */
  readonly name: string;
  readonly restorer: 'replace' | 'enhance' | 'swap';
  /** Most processor time over that of `--reuse off`. */
  readonly goal: number;
  /** By a network of GFPGAN's cost, or of inswapper's. The output may flicker no more than the plate. */
  readonly network?: 'face-restorer' | 'swapper';
}

const CASES: readonly Case[] = [
  { name: 'replace', restorer: 'replace', goal: 1 / 1.35 },
  { name: 'enhance', restorer: 'enhance', goal: 1 / 3 },
  { name: 'face-restorer', restorer: 'enhance', goal: 1 / 4, network: 'face-restorer' },
  { name: 'swap', restorer: 'swap', goal: 1 / 4, network: 'swapper' },
];

/** Share of GFPGAN's channels that a quick bench takes: a sixteenth of the cost, of which reuse then spares a smaller share. */
const QUICK_WIDTH = 1 / 4;

/** Frames of the shot. */
const FRAMES = 48;

interface Measured {
  readonly out: string;
  readonly report: Report;
  /** Seconds: processor time of this process and its threads (ffmpeg's apart), and on the clock. */
  readonly processor: number;
  readonly wall: number;
}

/** Measures how much of a whole restore is spared by not looking and not restoring again. */
export async function reuseBench({
  folder,
  frames = FRAMES,
  restorer,
  only,
  quick,
  say,
}: BenchOptions): Promise<Outcome> {
  const reel = join(folder, `static-${frames}`);
  const stills = join(folder, 'stills');
  say(`drawing a static shot of ${frames} frames`);
  await rm(reel, { recursive: true, force: true });
  await makeReel(reel, { only: 'static', length: frames });
  await makeStills(stills);
  const anew = join(folder, 'every-frame.json');
  const preset = {
    format: 'reelmend-preset/1',
    name: 'every-frame',
    extends: 'restore',
    enhance: { keyframeEvery: 0 },
    swap: { keyframeEvery: 0 },
  };
  await writeFile(anew, JSON.stringify(preset));

  const rows: string[][] = [];
  const broken: string[] = [];
  const facts: unknown[] = [];
  const width = quick ? QUICK_WIDTH : 1;
  const faceRestorer = await writeFaceRestorer(folder, width);
  const swapper = await writeCostlySwapper(folder, width);
  const consent = join(folder, 'consent.json');
  await writeFile(consent, JSON.stringify(CONSENT));
  const networks = {
    'face-restorer': ['--set', `enhance.model=${faceRestorer.contract}`],
    swapper: ['--set', `swap.model=${swapper.contract}`, '--authorisation', consent],
  };
  for (const { name, restorer: by, goal, network: of } of CASES) {
    if (restorer !== undefined && restorer !== by) continue;
    if (only !== undefined && !only.includes(name)) continue;
    const network = of ? networks[of] : [];
    const measure = async (label: string, flags: readonly string[]) => {
      say(`${name}, ${label}`);
      const asked = ['--restorer', by, '--reference', stills, ...network, ...flags];
      return measured(reel, join(folder, `${name}-${label}`), asked);
    };
    // The first run of a process also pays for compiling it.
    await measure('warm-up', ['--range', '1001-1008']);
    const off = await measure('off', ['--reuse', 'off']);
    const on = await measure('on', ['--reuse', 'on']);
    const ratio = on.processor / off.processor;
    const compared =
      by !== 'replace' && of !== 'face-restorer'
        ? await comparedWith(on, await measure('anew', ['--preset', anew]), reel)
        : null;
    rows.push(rowOf(name, 'off', off, off, null), rowOf(name, 'on', on, off, compared));
    facts.push({ restorer: name, ratio, wall: on.wall / off.wall, inference: on.report.inference, compared });
    const flickering = Object.values(on.report.flicker).some((of) => (of['hf2LpRatio'] ?? 0) > 1);
    if (of && flickering) broken.push(`A static shot with ${name} flickers more than the plate.`);
    if (ratio > goal) {
      broken.push(
        `A static shot with ${name} takes ${ratio.toFixed(2)} of the time without reuse; the goal is ${goal.toFixed(2)}.`,
      );
    }
  }
  const table: Table = {
    title: `A static shot of ${frames} frames restored whole, tracks not cached; a run of the face restorer takes ${faceRestorer.multiplications.toFixed(0)} thousand million multiplications, of the swapper ${swapper.multiplications.toFixed(0)}`,
    columns: [
      'restorer',
      'reuse',
      'processor s',
      'over off',
      'wall clock, over off',
      'sighting runs',
      'restorer runs: whole / part / carried',
      'PSNR to restoring every frame, mean / least',
      'HF2-LP, output / plate (restoring every frame)',
    ],
    rows,
  };
  return { tables: [table], facts, broken };
}

/** Who is swapped is the sample's own actor. */
const CONSENT = {
  format: 'reelmend-authorisation/1',
  people: [{ name: 'actor', shown: 'the sample’s actor', putIn: 'the same' }],
  allowedBy: 'the bench',
  purpose: 'to measure',
  until: '2999-12-31',
};

function rowOf(name: string, reuse: string, of: Measured, off: Measured, compared: Compared | null): string[] {
  const { detector, landmarker, recogniser, restorer: runs } = of.report.inference;
  const observation = [detector, landmarker, recogniser].flatMap((by) => Object.values(by)).reduce((a, b) => a + b, 0);
  return [
    name,
    reuse,
    of.processor.toFixed(1),
    (of.processor / off.processor).toFixed(2),
    (of.wall / off.wall).toFixed(2),
    String(observation),
    `${runs.whole} / ${runs.part} / ${runs.skipped}`,
    compared ? `${compared.mean.toFixed(1)} / ${compared.least.toFixed(1)} dB` : '',
    compared ? `${flickerOf(of.report)} (${compared.flicker})` : flickerOf(of.report),
  ];
}

/** HF2-LP of the output over the plate's, track by track. */
function flickerOf({ flicker }: Report): string {
  return Object.values(flicker)
    .map((by) => by['hf2LpRatio']?.toFixed(2) ?? '–')
    .join(', ');
}

interface Compared {
  /** Decibels inside what was changed, over the frames. */
  readonly mean: number;
  readonly least: number;
  readonly flicker: string;
}

/** Two outputs of the same tracks against each other, where either of them differs from the reel. */
async function comparedWith(on: Measured, anew: Measured, reel: string): Promise<Compared> {
  const found: number[] = [];
  const [outs, others, plates] = [decoded(on.out), decoded(anew.out), decoded(reel)];
  for await (const plate of plates) {
    const [a, b] = [(await outs.next()).value, (await others.next()).value];
    if (!a || !b) break;
    const [source, carried, restored] = [plate, a, b].map((p) => rgbOfPlate(p).rgb) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    let squares = 0;
    let count = 0;
    for (let i = 0; i < source.length; i++) {
      if (carried[i] === source[i] && restored[i] === source[i]) continue;
      squares += ((carried[i] as number) - (restored[i] as number)) ** 2;
      count += 1;
    }
    if (count > 0 && squares > 0) found.push(-10 * Math.log10(squares / count));
  }
  return {
    mean: found.reduce((sum, v) => sum + v, 0) / found.length,
    least: Math.min(...found),
    flicker: flickerOf(anew.report),
  };
}

async function measured(reel: string, out: string, flags: readonly string[]): Promise<Measured> {
  for (const left of [out, `${out}.report`, `${out}.work`]) await rm(left, { recursive: true, force: true });
  const said: string[] = [];
  const write = (text: string) => said.push(text);
  const clock = performance.now();
  const started = process.cpuUsage();
  const code = await run(['restore', reel, '--out', out, '--no-cache', '--quiet', ...flags], {
    stdout: { write },
    stderr: { write },
    signal: new AbortController().signal,
  });
  const { user, system } = process.cpuUsage(started);
  if (code !== 0) throw new Error(`The restore ended with code ${code}: ${said.join('')}`);
  const report = reportSchema.parse(JSON.parse(await readFile(join(`${out}.report`, 'report.json'), 'utf8')));
  return { out, report, processor: (user + system) / 1e6, wall: (performance.now() - clock) / 1000 };
}
