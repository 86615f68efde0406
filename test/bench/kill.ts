import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomOf } from '../../samples/random.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { makeTinyReel } from '../e2e/tiny-reel.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import {
  type KillCase,
  type KillResult,
  killAndResume,
  type OutputKind,
  runWhole,
  type WholeRun,
} from './kill-case.ts';

/** Frames with the speaking actor and without, and of a take: a small reel of seven takes, so that many kills are affordable. */
const TALKING = 40;
const EMPTY = 16;
const TAKE = 8;
const RUNS = 30;
const SEED = 20260101;
/** Moments that a random one seldom meets, by the path whose appearance announces them. */
const TURNS: readonly ((kind: OutputKind) => string)[] = [
  (kind) => (kind === 'folder' ? 'out.work/joined' : 'out.mkv'),
  (kind) => (kind === 'folder' ? 'out' : 'report'),
  () => 'report/tracks.json',
  () => 'report/report.json',
];

/**
 * Kills the restore of a small sample reel with SIGKILL at moments spread over its whole length, and at its turning points, and runs the
 * same command again each time.
 */
export async function killBench({ folder, runs = RUNS, restorer, say }: BenchOptions): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  const reel = join(folder, 'reel');
  const stills = join(packageFolder(), 'samples', 'portrait.png');
  say('making the reel');
  const size = await makeTinyReel(reel, TALKING, EMPTY);
  const preset = await shortTakes(folder, TAKE);
  const job = { reel, stills, preset, ...(restorer === undefined ? {} : { restorer }) };

  const whole = {} as Record<OutputKind, WholeRun>;
  for (const kind of ['folder', 'movie'] as const) {
    say(`running without a kill, to a ${kind}`);
    whole[kind] = await runWhole(join(folder, `whole-${kind}`), kind, job);
  }
  const results: KillResult[] = [];
  for (const one of [...randomCases(runs), ...turningCases()]) {
    const result = await killAndResume(join(folder, 'run'), one, job, whole[one.kind]);
    results.push(result);
    say(
      `${results.length}: ${one.kind}, ${one.warm ? 'tracks kept' : 'from nothing'}, ${result.moment}: ${result.faults.join('; ') || 'well'}`,
    );
    await rm(join(folder, 'run'), { recursive: true, force: true });
  }
  const sum = (of: (result: KillResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const by = (stage: string) => results.filter((result) => result.stage === stage);
  return {
    tables: [
      {
        title: `${results.length} kills of a restore (${whole.folder.takes} takes), each resumed by the same command`,
        columns: [
          'killed while',
          'kills',
          'same result',
          'finished takes lost',
          'begun takes redone, most',
          'ffmpeg left',
          'damaged under a final name',
          'drafts left',
        ],
        rows: [...new Set(results.map((result) => result.stage))].map((stage) => [
          stage,
          by(stage).length,
          by(stage).filter((result) => result.same).length,
          by(stage).reduce((total, result) => total + result.lost, 0),
          Math.max(...by(stage).map((result) => result.redone)),
          by(stage).reduce((total, result) => total + result.left, 0),
          by(stage).reduce((total, result) => total + result.damaged.length, 0),
          by(stage).reduce((total, result) => total + result.drafts.length, 0),
        ]),
      },
    ],
    facts: { reel: size, take: TAKE, seed: SEED, whole, results, same: sum(({ same }) => (same ? 1 : 0)) },
    broken: results.flatMap(({ faults, moment, case: { kind } }) =>
      faults.map((fault) => `${kind}, ${moment}: ${fault}`),
    ),
  };
}

/** Alternately to a folder and a movie, from nothing and with tracks kept; in each of the four, moments from the first to the last. */
function randomCases(runs: number): KillCase[] {
  const random = randomOf(SEED);
  const kinds = [
    { kind: 'folder', warm: false },
    { kind: 'movie', warm: false },
    { kind: 'folder', warm: true },
    { kind: 'movie', warm: true },
  ] as const;
  return Array.from({ length: runs }, (_, k) => {
    const place = Math.floor(k / kinds.length);
    const places = Math.ceil((runs - (k % kinds.length)) / kinds.length);
    return {
      ...(kinds[k % kinds.length] as (typeof kinds)[number]),
      after: { share: (place + random.next()) / places },
    };
  });
}

function turningCases(): KillCase[] {
  const random = randomOf(SEED + 1);
  return TURNS.flatMap((path) =>
    (['folder', 'movie'] as const).map((kind) => ({
      kind,
      warm: true,
      after: { path: path(kind), milliseconds: Math.floor(20 * random.next()) },
    })),
  );
}
