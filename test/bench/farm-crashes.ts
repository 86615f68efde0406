import { link, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleFileName } from '../../samples/make-reel.ts';
import { openReelTruth } from '../../samples/reel-truth.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { reportSchema } from '../../src/report/report.ts';
import { reelmend } from '../e2e/command.ts';
import { filesOf } from '../e2e/files-of.ts';
import { makeCache } from '../e2e/scratch.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { writeShots } from '../e2e/tiny-reel.ts';
import { openRedisServer } from '../farm/redis-server.ts';
import { startWorker } from '../farm/worker-process.ts';
import type { BenchOptions, Outcome } from './bench.ts';

/** Of the takes, those that always crash: shares of their count. */
const CRASHING = [0.137, 0.5, 0.999] as const;
/** Frames of a take. */
const TAKE = 8;
/** As small as a face is still found in. */
const SIZE = { width: 160, height: 90 } as const;
/** Frames that are drawn; the reel shows them forwards and backwards. */
const DRAWN = 24;

/** A reel of so many takes of eight frames, the fewest that a preset lets one have, three of which end their process whenever they are tried. */
export async function farmCrashes(folder: string, takes: number, say: BenchOptions['say']): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  const cache = join(folder, 'cache');
  await makeCache(cache);
  await using server = await openRedisServer(join(folder, 'redis'));
  const reel = join(folder, 'reel');
  await drawSwinging(join(folder, 'drawn'), reel, TAKE * takes);
  const preset = await shortTakes(folder, TAKE);
  const portrait = join(packageFolder(), 'samples', 'portrait.png');
  const flags = ['--preset', preset, '--reference', portrait, '--restorer', 'replace', '--device', 'cpu', '--quiet'];
  const crashing = CRASHING.map((share) => Math.floor(share * takes));
  say(`${takes} takes, of which ${crashing.join(', ')} crash`);
  const hook = fileURLToPath(new URL('crash-takes.mjs', import.meta.url));
  const env = { NODE_OPTIONS: `--import ${hook}`, CRASHING_TAKES: crashing.join(',') };
  await using worker = startWorker(server.url, cache, [], env);
  const out = join(folder, 'out');
  const started = performance.now();
  const end = await reelmend(['submit', reel, '--out', out, ...flags, '--queue', server.url, '--wait'], cache);
  const seconds = (performance.now() - started) / 1000;

  const report = reportSchema.parse(JSON.parse(await readFile(join(`${out}.report`, 'report.json'), 'utf8')));
  const [made, original] = [await filesOf(out), await filesOf(reel)];
  const names = Object.keys(original).sort();
  /** How many frames of a take are other than the reel's. */
  const changed = (take: number) =>
    names.slice(take * TAKE, (take + 1) * TAKE).filter((name) => made[name] !== original[name]).length;
  const all = Array.from({ length: takes }, (_, take) => take);
  const restored = all.filter((take) => changed(take) === TAKE).length;
  const passed = all.filter((take) => changed(take) === 0);
  const isNamed = crashing.every((take) =>
    report.notes.some((note) => note.startsWith(`Take ${take} (${TAKE} frames from frame ${take * TAKE} `)),
  );
  const crashes = [...worker.said().matchAll(/^.*take-\d+ of ".*" failed: /gm)].length;
  const isWhole = Object.keys(made).length === names.length;
  const facts = { seconds, code: end.code, restored, passed, isNamed, crashes, isWhole };
  const isRight =
    end.code === 3 && isWhole && isNamed && restored === takes - crashing.length && `${passed}` === `${crashing}`;
  return {
    tables: [
      {
        title: `${takes} takes, of which ${crashing.length} end their process whenever they are tried`,
        columns: ['seconds', 'exit code', 'restored', 'passed through', 'named in the report', 'crashes'],
        rows: [[seconds.toFixed(0), String(end.code), restored, passed.length, isNamed ? 'yes' : 'no', crashes]],
      },
    ],
    facts,
    broken: isRight
      ? []
      : [`The reel of ${takes} takes, three of which crash, ended otherwise: ${JSON.stringify(facts)}.`],
  };
}

/** A shot of any length that swings through a few drawn frames, in names alone. */
async function drawSwinging(drawn: string, folder: string, frames: number): Promise<void> {
  const kind = { ...SIZE, only: 'talking', length: DRAWN, first: 1001 } as const;
  await writeShots(drawn, [['talking', DRAWN]], SIZE);
  await mkdir(folder);
  const truth = await openReelTruth(kind);
  const turn = 2 * (DRAWN - 1);
  for (let k = 0; k < frames; k++) {
    const place = k % turn;
    const name = sampleFileName(truth, Math.min(place, turn - place));
    await link(join(drawn, name), join(folder, `scan.${10_000 + k}.dpx`));
  }
}
