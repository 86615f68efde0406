import { cp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishFile } from '../../src/disk/publish-file.ts';
import { csvRecords } from '../../src/editorial/csv-records.ts';
import { readOtio } from '../../src/editorial/read-otio.ts';
import { plateColourOf } from '../../src/film/plate-colour.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { plates } from '../../src/media/read/decode.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { plateShower } from '../../src/render/shown-plates.ts';
import { reportSchema } from '../../src/report/report.ts';
import type {
  DecisionBody,
  DecisionTarget,
  RedoState,
  ReelReview,
  ReviewEvent,
  TrackCurves,
} from '../../src/review/api.ts';
import { firstRequest, openRedo } from '../../src/review/redo.ts';
import { readReport, reelIdOf } from '../../src/review/report-folder.ts';
import { type OpenReview, openReview } from '../../src/review/server.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { filesOf } from '../e2e/files-of.ts';
import { type Browser, enter } from './asking.ts';
import { type ReviewedScratch, restoredScratch } from './reviewed-reel.ts';

const FRAMES = 21;

let scratch: ReviewedScratch;
let served: OpenReview;
let browser: Browser;
let reel: string;
let review: ReelReview;

beforeAll(async () => {
  scratch = await restoredScratch('review');
  await cp(join(scratch.path, 'restored.report'), join(scratch.path, 'second.report'), { recursive: true });
  served = await openReview({ path: scratch.path });
  browser = await enter(served.url);
  reel = addressOf('restored.report');
  review = (await browser.get(reel)).json<ReelReview>();
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

/** Where the server answers of a report. */
function addressOf(report: string): string {
  return `/api/reels/${reelIdOf(join(scratch.path, report))}`;
}

/** The frames of a reel as they are shown, read by themselves. */
async function shown(path: string): Promise<Uint8Array[]> {
  const ffmpeg = await findFfmpeg();
  const { signal } = new AbortController();
  const opened = await probeReel(path, { transfer: 'auto' }, ffmpeg, signal);
  const shower = plateShower(opened, plateColourOf(opened), 1);
  const pool = framePool(1, pictureBytes(opened.format, opened.width, opened.height));
  const frames: Uint8Array[] = [];
  for await (const { plate, loan } of plates(opened, { in: 0, out: opened.frames }, { pool, ffmpeg, signal })) {
    const rgb = new Uint8Array(3 * opened.width * opened.height);
    shower.show(plate, rgb);
    loan.release();
    frames.push(rgb);
  }
  return frames;
}

async function decoded(path: string) {
  const { status, body } = await browser.get(`${reel}/${path}`);
  expect(status).toBe(200);
  const { data, info } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function greatest(samples: Uint8Array): number {
  return samples.reduce((most, one) => Math.max(most, one), 0);
}

async function decide(target: DecisionTarget, body: DecisionBody): Promise<string> {
  const answer = await browser.post(`${reel}/decisions`, { seen: 1e6, who: 'ann', target, body });
  expect(answer.status).toBe(201);
  return answer.json<{ decision: { id: string } }>().decision.id;
}

/** Redoes, and follows the events until it has ended. */
async function redo(): Promise<readonly RedoState[]> {
  const states: RedoState[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    const asked = get(`${browser.origin}${reel}/events`, { headers: { cookie: browser.cookie } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
          text = text.slice(end + 2);
          if (data === undefined) continue;
          const event = JSON.parse(data) as ReviewEvent;
          if (event.kind !== 'redo') continue;
          states.push(event.redo);
          if (states.length > 1 && event.redo.state !== 'running') {
            asked.destroy();
            resolve();
          }
        }
        if (states.length === 1) {
          browser.post(`${reel}/redo`, { who: 'ann' }).then(({ status }) => expect(status).toBe(202), reject);
        }
      });
    });
    asked.on('error', () => {});
  });
  await ended;
  return states;
}

describe('a reel under review', () => {
  it('is told with its shots, its tracks worst first, and where their faces are', () => {
    expect(review).toMatchObject({ width: 320, height: 180, first: 1001, in: 0, out: FRAMES, name: 'restored' });
    expect(review.kinds).toEqual(['plate', 'output', 'matte', 'difference']);
    expect(review.shots.map((shot) => [shot.in, shot.out, shot.tracks.length])).toEqual([
      [0, 4, 1],
      [4, 7, 0],
      [7, 11, 1],
      [11, 14, 0],
      [14, 18, 1],
      [18, 21, 0],
    ]);
    const scores = review.tracks.map(({ badness }) => badness.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const track of review.tracks) expect(track.boxes).toHaveLength(track.out - track.in);
    expect(review.redo).toEqual({ can: true });
    expect(review.stills.map(({ name }) => name)).toEqual(['portrait.png']);
  });

  it('has the curves of each track, a number a frame', async () => {
    const [track] = review.tracks;
    const curves = (await browser.get(`${reel}/curves/${track?.id}`)).json<TrackCurves>();
    expect(curves.curves.map(({ name }) => name)).toEqual(expect.arrayContaining(['flicker', 'sharpness', 'change']));
    for (const { lines } of curves.curves) {
      for (const { values } of lines) expect(values).toHaveLength(curves.out - curves.in);
    }
  });

  it('shows the very samples of plate and output in every frame', async () => {
    const [before, after] = [await shown(join(scratch.path, 'reel')), await shown(join(scratch.path, 'restored'))];
    expect(before.some((rgb, k) => Buffer.compare(rgb, after[k] as Uint8Array) !== 0)).toBe(true);
    for (let frame = 0; frame < FRAMES; frame++) {
      const plate = await decoded(`frames/${frame}/plate`);
      expect(plate).toMatchObject({ width: 320, height: 180, channels: 3 });
      expect(plate.data.equals(before[frame] as Uint8Array)).toBe(true);
      const output = await decoded(`frames/${frame}/output`);
      expect(output.data.equals(after[frame] as Uint8Array)).toBe(true);
      const difference = await decoded(`frames/${frame}/difference?gain=4`);
      const expected = (before[frame] as Uint8Array).map((value, i) =>
        Math.min(255, Math.max(0, 128 + 4 * ((after[frame]?.[i] ?? 0) - value))),
      );
      expect(difference.data.equals(expected)).toBe(true);
    }
  });

  it('shows a region enlarged pixel by pixel', async () => {
    const whole = await decoded('frames/8/output');
    const part = await decoded('frames/8/output?region=100,40,30,20&scale=2');
    expect(part).toMatchObject({ width: 60, height: 40 });
    for (let y = 0; y < 40; y++) {
      for (let x = 0; x < 60; x++) {
        const from = 3 * ((40 + (y >> 1)) * 320 + 100 + (x >> 1));
        expect(part.data.subarray(3 * (y * 60 + x)).subarray(0, 3)).toEqual(whole.data.subarray(from, from + 3));
      }
    }
  });

  it('shows the matte, and black where nothing was restored', async () => {
    const { body } = await browser.get(`${reel}/frames/0/matte`);
    expect(await sharp(body).metadata()).toMatchObject({ width: 320, height: 180, channels: 1, depth: 'uchar' });
    const matte = await decoded('frames/0/matte');
    expect(greatest(matte.data)).toBe(255);
    expect(greatest((await decoded('frames/5/matte')).data)).toBe(0);
  });

  it('plays a range as small pictures in their order', async () => {
    const { body } = await browser.get(`${reel}/playback/output?from=2&count=5&width=160`);
    const frames: number[] = [];
    for (let at = 0; at < body.length; ) {
      frames.push(body.readUInt32BE(at));
      const length = body.readUInt32BE(at + 4);
      const facts = await sharp(body.subarray(at + 8, at + 8 + length)).metadata();
      expect(facts).toMatchObject({ format: 'jpeg', width: 160, height: 90 });
      at += 8 + length;
    }
    expect(frames).toEqual([2, 3, 4, 5, 6]);
    const thumbnail = await browser.get(`${reel}/thumbnails/3`);
    expect((await sharp(thumbnail.body).metadata()).width).toBe(192);
  });
});

describe('a redo', () => {
  it('renders only the takes that a decision changes, and gives what a fresh run gives, bit for bit; undone, it gives the first again', async () => {
    const before = await filesOf(join(scratch.path, 'restored'));
    const second = review.tracks.find(({ shot }) => shot === 2);
    const id = await decide({ scope: 'track', track: second?.id ?? '' }, { what: 'holdout', in: 8, out: 10 });
    const states = await redo();
    expect(states.at(-1)).toEqual({
      state: 'done',
      progress: null,
      takes: { redone: 1, kept: 5 },
      error: null,
      through: 1,
    });
    expect(states.some(({ progress }) => progress !== null)).toBe(true);
    const report = reportSchema.parse(
      JSON.parse(await readFile(join(scratch.path, 'restored.report/report.json'), 'utf8')),
    );
    expect(report.takes.map((take) => [take.in, take.redone])).toEqual([
      [0, false],
      [4, false],
      [7, true],
      [11, false],
      [14, false],
      [18, false],
    ]);

    const overrides = join(scratch.path, 'restored.report/review/overrides.json');
    expect(JSON.parse(await readFile(overrides, 'utf8'))).toEqual(
      (await browser.get(`${reel}/exports/overrides.json`)).json(),
    );
    await restoreReel(scratch.job('fresh', { overrides }));
    const after = await filesOf(join(scratch.path, 'restored'));
    expect(after).toEqual(await filesOf(join(scratch.path, 'fresh')));
    expect(after).not.toEqual(before);

    // The server shows what is there now.
    const now = (await browser.get(reel)).json<ReelReview>();
    expect(now.version).not.toBe(review.version);
    const [plate, output] = [await decoded('frames/8/plate'), await decoded('frames/8/output')];
    expect(output.data.equals(plate.data)).toBe(true);

    await decide({ scope: 'reel' }, { what: 'undo', of: id });
    expect((await redo()).at(-1)).toMatchObject({ state: 'done', takes: { redone: 1, kept: 5 } });
    expect(await filesOf(join(scratch.path, 'restored'))).toEqual(before);
  });

  it('says why it failed, and leaves the output as it was', async () => {
    const before = await filesOf(join(scratch.path, 'restored'));
    const id = await decide({ scope: 'reel' }, { what: 'restorer', restorer: 'swap' });
    const last = (await redo()).at(-1);
    expect(last?.state).toBe('failed');
    expect(last?.error).toContain('authorisation');
    // The output has the first two decisions, also for a server that is started later.
    expect(last?.through).toBe(2);
    await using later = openRedo(join(scratch.path, 'restored.report'), () => {});
    expect(later.state()).toMatchObject({ state: 'idle', through: 2 });
    expect(await filesOf(join(scratch.path, 'restored'))).toEqual(before);
    await decide({ scope: 'reel' }, { what: 'undo', of: id });
  });
});

describe('a report that was moved after a redo', () => {
  it('is redone from what was asked for first, as before; to ask for its overrides writes nothing', async () => {
    const moved = join(scratch.path, 'moved.report');
    await cp(join(scratch.path, 'restored.report'), moved, { recursive: true });
    const read = await readReport(moved);
    expect(read.request?.overrides).toBe(join(scratch.path, 'restored.report/review/overrides.json'));
    expect((await firstRequest(read)).overrides).toBeUndefined();
    // That of the open review was copied, too.
    await rm(join(moved, 'review', 'lock.json'));
    const before = await filesOf(moved);
    await using review = await openReview({ path: moved });
    const own = await enter(review.url);
    const overrides = await own.get(`${addressOf('moved.report')}/exports/overrides.json`);
    expect(overrides.json()).toEqual((await browser.get(`${reel}/exports/overrides.json`)).json());
    const { 'review/lock.json': _lock, ...after } = await filesOf(moved);
    expect(after).toEqual(before);
  });
});

describe('a report that another run writes anew', () => {
  it('is read again', async () => {
    const path = join(scratch.path, 'second.report', 'report.json');
    const second = addressOf('second.report');
    const { version } = (await browser.get(second)).json<ReelReview>();
    const text = await readFile(path, 'utf8');
    await publishFile(path, text.replace('"finished": "20', '"finished": "21'));
    const now = (await browser.get(second)).json<ReelReview>();
    expect(now.version).not.toBe(version);
    expect(now.finished).toMatch(/^21/);
  });
});

describe('a redo that is cancelled', () => {
  it('leaves the output as it was, and can be begun again', async () => {
    const before = await filesOf(join(scratch.path, 'restored'));
    const id = await decide({ scope: 'reel' }, { what: 'setting', name: 'takes.frames', value: 9 });
    const states = redo();
    for (;;) {
      const { state } = (await browser.get(`${reel}/redo`)).json<RedoState>();
      if (state === 'running') break;
    }
    expect((await browser.post(`${reel}/redo`, { who: 'bob' })).json()).toEqual({
      error: 'A redo of this reel runs already.',
    });
    expect((await browser.post(`${addressOf('second.report')}/redo`, { who: 'bob' })).json()).toEqual({
      error: 'A redo of another reel runs, and one runs at a time. Ask again when it has ended.',
    });
    await browser.post(`${reel}/redo/cancel`, {});
    expect((await states).at(-1)).toMatchObject({ state: 'cancelled', error: null, through: 2 });
    expect(await filesOf(join(scratch.path, 'restored'))).toEqual(before);
    await decide({ scope: 'reel' }, { what: 'undo', of: id });
  });
});

describe('the exports', () => {
  it('are read by the readers of shot lists, and have every decision that stands as a marker', async () => {
    await decide({ scope: 'shot', shot: 2 }, { what: 'reject' });
    const otio = (await browser.get(`${reel}/exports/decisions.otio`)).body.toString();
    const list = readOtio(otio, 'decisions.otio');
    expect(list.entries.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6].map((k) => `shot 00${k}`));
    expect(otio).toContain('"name": "ann: reject"');
    expect(otio).toContain('"color": "ORANGE"');
    const csv = (await browser.get(`${reel}/exports/decisions.csv`)).body.toString();
    const [head, ...rows] = csvRecords(csv, 'decisions.csv').map(({ cells }) => cells);
    expect(head?.join()).toBe('seq,when,who,of,first,last,in,out,what,detail,note,undone');
    expect(rows.at(-1)?.slice(2, 6)).toEqual(['ann', 'shot 3', '1008', '1011']);
    expect(rows.slice(0, 2).map((cells) => cells.slice(8, 10))).toEqual([
      ['holdout', 'whole frames'],
      ['undo', 'no. 1'],
    ]);
    expect(rows.map((cells) => cells.at(-1))).toEqual(['yes', 'no', 'yes', 'no', 'yes', 'no', 'no']);
    const sheet = (await browser.get(`${reel}/exports/sheet.html`)).body.toString();
    expect(sheet).toContain('<td>Shot 3</td><td>1008–1011</td><td></td><td>rejected</td>');
  });
});
