import { once } from 'node:events';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReel } from '../../samples/make-reel.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import type { ReelList } from '../../src/review/api.ts';
import { reelmendOrThrow } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import { type Browser, enter } from '../review/asking.ts';
import { killedDecisions, startedReview } from '../review/killed-server.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { loadLine, medianOf, ratioOf, secondsOf, secondsOfCommand } from './timed-command.ts';

const FULL = { width: 1920, height: 1080 } as const;
const FRAMES = 96;
const KILLS = 50;
const SEED = 20260101;
/** Frames between two that are asked for out of order: more than one decoder is started for. */
const JUMP = 16;
/** How long a person looks at a frame before the next, ms. */
const LOOK = 400;
/** Until all that is decoded and encoded ahead has been, ms. */
const SETTLED = 2500;
const STEPS = 16;
const PLAYED = { width: 960, count: 24 } as const;
const DECISIONS = 200;
/** Milliseconds to the next frame, with what was read ahead and without. */
const GOALS = { ahead: 50, cold: 400 } as const;

/**
 * The review of a 1080p 10-bit DPX reel as one browser asks it: milliseconds from asking for a frame's plate and output to both answers,
 * beside ffmpeg that makes both PNGs by hand; playback beside ffmpeg that makes the same JPEGs; decisions; kills. `--frames` is the
 * reel's length, `--runs` how often the server is killed.
 */
export async function reviewBench({ folder, frames = FRAMES, runs = KILLS, say }: BenchOptions): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  const cache = join(folder, 'cache');
  await makeCache(cache);
  say('making and restoring a reel');
  const [reel, out] = [join(folder, 'reel'), join(folder, 'restored')];
  await makeReel(reel, { ...FULL, only: 'talking', length: frames });
  const stills = join(packageFolder(), 'samples', 'portrait.png');
  const asked = ['--reference', stills, '--restorer', 'replace', '--device', 'cpu', '--quiet'];
  await reelmendOrThrow(['restore', reel, '--out', out, ...asked], cache);

  const { process, url } = await startedReview(`${out}.report`);
  const browser = await enter(url);
  const id = (await browser.get('/api/reels')).json<ReelList>().reels[0]?.id;
  const address = `/api/reels/${id}`;
  await browser.get(address);
  say('steps');
  const cold: number[] = [];
  const byHand: number[] = [];
  for (let frame = 0; frame < frames; frame += JUMP) {
    cold.push(await msOfFrame(browser, address, frame));
    await waited(SETTLED);
    byHand.push(await msByHand(reel, out, frame, cache));
  }
  const ahead: number[] = [];
  const quick: number[] = [];
  for (const [times, look] of [
    [ahead, LOOK],
    [quick, 0],
  ] as const) {
    // Between those that were jumped to nothing has been encoded yet in the second half.
    const from = look === 0 ? Math.floor(frames / 2) + 1 : 1;
    for (let step = 0; step < STEPS; step++) {
      const frame = from + step;
      if (frame >= frames) break;
      times.push(await msOfFrame(browser, address, frame));
      await waited(look);
    }
    await waited(SETTLED);
  }

  say('playback');
  const fresh = await startedReview(await copied(out, join(folder, 'played.report')));
  const viewer = await enter(fresh.url);
  const other = `/api/reels/${(await viewer.get('/api/reels')).json<ReelList>().reels[0]?.id}`;
  await viewer.get(other);
  const played = await secondsOf(async () => {
    for (let from = 0; from < frames; from += PLAYED.count) {
      const query = `from=${from}&count=${PLAYED.count}&width=${PLAYED.width}`;
      const { status } = await viewer.get(`${other}/playback/output?${query}`);
      if (status !== 200) throw new Error(`Playback was answered with ${status}.`);
    }
  });
  const { ffmpeg } = await findFfmpeg();
  const jpegs = join(folder, 'jpegs', '%04d.jpg');
  await mkdir(join(folder, 'jpegs'));
  const filmed = ['-v', 'error', '-y', '-start_number', '1001', '-i', join(out, 'scan.%04d.dpx')];
  const playedByHand = await secondsOfCommand(
    [ffmpeg, ...filmed, '-vf', `scale=${PLAYED.width}:-2`, '-q:v', '4', jpegs],
    cache,
  );

  say('decisions');
  const decide = async (count: number) => {
    const body = { seen: 1e6, who: 'ann', target: { scope: 'reel' }, body: { what: 'note' }, note: 'so' };
    for (let k = 0; k < count; k++) await viewer.post(`${other}/decisions`, body);
  };
  const alone = DECISIONS / (await secondsOf(() => decide(DECISIONS)));
  const four = DECISIONS / (await secondsOf(() => Promise.all([0, 1, 2, 3].map(() => decide(DECISIONS / 4)))));
  for (const child of [process, fresh.process]) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }

  say(`${runs} kills`);
  const { acknowledged, lost } = await killedDecisions(await copied(out, join(folder, 'killed.report')), runs, SEED);
  return outcome({ frames, cold, byHand, ahead, quick, played, playedByHand, alone, four, runs, acknowledged, lost });
}

interface Measured {
  readonly frames: number;
  readonly cold: readonly number[];
  readonly byHand: readonly number[];
  readonly ahead: readonly number[];
  readonly quick: readonly number[];
  readonly played: number;
  readonly playedByHand: number;
  readonly alone: number;
  readonly four: number;
  readonly runs: number;
  readonly acknowledged: number;
  readonly lost: readonly string[];
}

function outcome(measured: Measured): Outcome {
  const { frames, cold, byHand, ahead, quick, played, playedByHand, alone, four, runs, acknowledged, lost } = measured;
  const ms = (values: readonly number[]) => `${medianOf(values).toFixed(0)} (${Math.max(...values).toFixed(0)})`;
  return {
    tables: [
      {
        title: `Plate and output of a frame as PNG, 1080p 10-bit DPX, ms from asking to both answers: median (longest); ${loadLine()}`,
        columns: ['where', 'ms', 'over ffmpeg by hand'],
        rows: [
          ['a frame far from the last one', ms(cold), ratioOf(cold, byHand).toFixed(2)],
          [`the next one, after ${LOOK} ms`, ms(ahead), (medianOf(ahead) / medianOf(byHand)).toFixed(2)],
          ['the next one, at once', ms(quick), (medianOf(quick) / medianOf(byHand)).toFixed(2)],
          ['both by ffmpeg by hand, at once', ms(byHand), '1.00'],
        ],
      },
      {
        title: 'Playback, decisions, kills',
        columns: ['what', 'figure', 'over ffmpeg by hand'],
        rows: [
          [
            `frames a second, JPEG ${PLAYED.width} wide`,
            (frames / played).toFixed(1),
            (playedByHand / played).toFixed(2),
          ],
          ['decisions a second, one person', alone.toFixed(0), '–'],
          ['decisions a second, four people', four.toFixed(0), '–'],
          [`acknowledged in ${runs} kills; lost`, `${acknowledged}; ${lost.length}`, '–'],
        ],
      },
    ],
    facts: measured,
    broken: [
      ...(medianOf(ahead) > GOALS.ahead
        ? [`The next frame took ${medianOf(ahead).toFixed(0)} ms, not ${GOALS.ahead}.`]
        : []),
      ...(medianOf(cold) > GOALS.cold ? [`A frame took ${medianOf(cold).toFixed(0)} ms, not ${GOALS.cold}.`] : []),
      ...(lost.length > 0 ? [`${lost.length} acknowledged decisions were lost.`] : []),
    ],
  };
}

/** Milliseconds from asking for a frame's two pictures to both answers. */
async function msOfFrame(browser: Browser, address: string, frame: number): Promise<number> {
  const taken = await secondsOf(async () => {
    const answers = await Promise.all(
      ['plate', 'output'].map((kind) => browser.get(`${address}/frames/${frame}/${kind}`)),
    );
    const bad = answers.find(({ status }) => status !== 200);
    if (bad) throw new Error(`Frame ${frame} was answered with ${bad.status}: ${bad.body}`);
  });
  return 1000 * taken;
}

/** The same two PNGs by one ffmpeg each, both at once. */
async function msByHand(reel: string, out: string, frame: number, cache: string): Promise<number> {
  const { ffmpeg } = await findFfmpeg();
  const name = `scan.${1001 + frame}.dpx`;
  const png = ['-pix_fmt', 'rgb24', '-compression_level', '1', '-f', 'image2pipe', '-c:v', 'png', '-'];
  const taken = await secondsOf(() =>
    Promise.all(
      [reel, out].map((of) => secondsOfCommand([ffmpeg, '-v', 'error', '-i', join(of, name), ...png], cache)),
    ),
  );
  return 1000 * taken;
}

async function copied(out: string, report: string): Promise<string> {
  await cp(`${out}.report`, report, { recursive: true });
  await rm(join(report, 'review'), { recursive: true, force: true });
  return report;
}

function waited(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
