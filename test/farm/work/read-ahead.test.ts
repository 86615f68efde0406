import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openHotFolder } from '../../../src/disk/hot-folder.ts';
import { publishFile } from '../../../src/disk/publish-file.ts';
import { sha256Of } from '../../../src/disk/sha256.ts';
import { orderFiles } from '../../../src/farm/order/order.ts';
import { type Farm, openFarm } from '../../../src/farm/queue/farm.ts';
import { parseQueueAddress } from '../../../src/farm/queue/queue-address.ts';
import type { StepJob } from '../../../src/farm/queue/step-job.ts';
import { stepId } from '../../../src/farm/steps/step.ts';
import { writeTakeList } from '../../../src/farm/steps/take-list.ts';
import { type ClaimedStep, openReadAhead, type ReadAhead } from '../../../src/farm/work/read-ahead.ts';
import type { FolderReel, Reel } from '../../../src/film/reel.ts';
import type { RunEvent } from '../../../src/log/run-event.ts';
import { openFolder } from '../../../src/media/read/folder/frame-folder.ts';
import { openMovie } from '../../../src/media/read/movie/probe-movie.ts';
import { writtenReel } from '../../../src/pipeline/analysis/reel-schema.ts';
import { writeShots } from '../../e2e/tiny-reel.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../../media/lavfi.ts';
import { NO_REDIS, openRedisServer, type RedisServer } from '../redis-server.ts';
import { until } from '../worker-process.ts';

const folder = await temporaryFolder();
const QUEUE = 'steps-of-a-test';
const ORDER = 'a'.repeat(64);
const PLENTY = 2 ** 30;

let server: RedisServer;
let farm: Farm;
let reel: FolderReel;
let frameBytes: number;
let events: RunEvent[];
let said: string[];
const place = { out: join(folder, 'out'), work: join(folder, 'out.work'), report: join(folder, 'out.report') };
const labels = { order: ORDER };

/** A folder of sixteen frames, cut into four takes, of which the third has no face. */
beforeAll(async () => {
  if (NO_REDIS !== null) return;
  server = await openRedisServer(join(folder, 'redis'));
  farm = await openFarm(parseQueueAddress(server.url, '--queue'));
  await writeShots(join(folder, 'scan'), [['empty', 16]]);
  reel = await openFolder(join(folder, 'scan'), { transfer: 'auto' }, ffmpeg);
  frameBytes = (await stat(reel.files[0] as string)).size;
  await mkdir(orderFiles(place.work).own(ORDER), { recursive: true });
});
afterAll(async () => {
  await farm?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  events = [];
  said = [];
  await rm(join(folder, 'hot'), { recursive: true, force: true });
  await server?.redis.flushall();
  await orderOf(reel);
});

async function orderOf(of: Reel): Promise<void> {
  await publishFile(orderFiles(place.work).reel, JSON.stringify(writtenReel(of)));
  const takes = [0, 1, 2, 3].map((k) => ({ in: 4 * k, out: 4 * k + 4, touched: k !== 2, content: `${k}` }));
  await writeTakeList(place.work, { id: ORDER }, { takes } as unknown as Parameters<typeof writeTakeList>[2]);
}

const stepOf = (index: number, order = ORDER): StepJob => ({
  ...{ order, place, token: 'token', priority: 100 },
  step: { kind: 'take', index },
});

/** Lets takes wait in the queue, in this order. */
async function wait(indices: readonly number[], order = ORDER): Promise<void> {
  for (const index of indices) {
    const data = stepOf(index, order);
    await farm.queue(QUEUE).add('take', data, { jobId: stepId({ id: order }, data.step), priority: 100 });
  }
}

async function opened({ bytes = PLENTY, most = PLENTY, slots = 1 } = {}): Promise<ReadAhead> {
  const hot = await openHotFolder({ folder: join(folder, 'hot'), bytes, onNews: (news) => events.push(news) });
  return openReadAhead({
    ...{ farm, queue: QUEUE, maps: [], hot, most, slots },
    onEvent: (event) => events.push(event),
    onSay: (sentence) => said.push(sentence),
  });
}

const copied = async () => (await readdir(join(folder, 'hot', 'copies'))).length;
/** Waits until so many copies lie there, and no more come. */
async function settled(count: number): Promise<void> {
  await until(async () => ((await copied()) === count ? true : undefined), 20);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await copied()).toBe(count);
}
const framesOf = ({ copies }: ClaimedStep) => copies.map(({ source }) => basename(source));

describe.skipIf(NO_REDIS !== null)('Reading ahead', () => {
  it('copies the frames of the take that the queue hands out next, and no other ones', async () => {
    await wait([1, 2, 3]);
    await using ahead = await opened();
    await using now = ahead.claim(stepOf(0));
    now.begin(labels);
    await settled(4);
    await using next = ahead.claim(stepOf(1));
    expect(framesOf(next)).toEqual(['scan.1005.dpx', 'scan.1006.dpx', 'scan.1007.dpx', 'scan.1008.dpx']);
    for (const { source, path, sha256, bytes } of next.copies) {
      const copy = await readFile(path);
      expect(copy.equals(await readFile(source))).toBe(true);
      expect([sha256, bytes]).toEqual([sha256Of(copy), copy.length]);
    }
    await using other = ahead.claim(stepOf(3));
    expect(framesOf(other)).toEqual([]);
    expect([now.copies, events]).toEqual([[], []]);
  });

  it('leaves out takes in which nothing is restored, and steps of other orders', async () => {
    await wait([0], 'b'.repeat(64));
    await wait([2, 3]);
    await using ahead = await opened();
    await using now = ahead.claim(stepOf(0));
    now.begin(labels);
    await settled(4);
    await using next = ahead.claim(stepOf(3));
    expect(framesOf(next)[0]).toBe('scan.1013.dpx');
  });

  it('lets the copies go when another worker has taken the take', async () => {
    await wait([1, 3]);
    await using ahead = await opened();
    await using now = ahead.claim(stepOf(0));
    now.begin(labels);
    await settled(4);
    await (await farm.queue(QUEUE).getJob(stepId({ id: ORDER }, stepOf(1).step)))?.remove();
    await using later = ahead.claim(stepOf(2));
    later.begin(labels);
    await settled(8);
    expect(framesOf(ahead.claim(stepOf(1)))).toEqual([]);
    expect(framesOf(ahead.claim(stepOf(3)))).toHaveLength(4);
  });

  it('keeps below its share of the fast disk, which holds the first frames of the take', async () => {
    await wait([1]);
    await using ahead = await opened({ most: 2.5 * frameBytes });
    await using now = ahead.claim(stepOf(0));
    now.begin(labels);
    await settled(2);
    await using next = ahead.claim(stepOf(1));
    expect(framesOf(next)).toEqual(['scan.1005.dpx', 'scan.1006.dpx']);
    expect(events).toEqual([]);
  });

  it('removes frames of takes that are done where the fast disk is full, and never exceeds its size', async () => {
    await wait([1, 3]);
    await using ahead = await opened({ bytes: 6 * frameBytes });
    {
      await using now = ahead.claim(stepOf(0));
      now.begin(labels);
      await settled(4);
    }
    {
      await using _next = ahead.claim(stepOf(1));
    }
    await (await farm.queue(QUEUE).getJob(stepId({ id: ORDER }, stepOf(1).step)))?.remove();
    await using later = ahead.claim(stepOf(2));
    later.begin(labels);
    await settled(6);
    await using last = ahead.claim(stepOf(3));
    expect(framesOf(last)).toHaveLength(4);
    expect(events.map(({ code, counts }) => [code, counts])).toEqual([
      ['HOT_EVICTED', { files: 1, bytes: frameBytes }],
      ['HOT_EVICTED', { files: 1, bytes: frameBytes }],
    ]);
  });

  it('says once why it cannot, and reads nothing more ahead of that order', async () => {
    await wait([1]);
    await using ahead = await opened({ bytes: 1.5 * frameBytes });
    await using now = ahead.claim(stepOf(0));
    now.begin(labels);
    await until(async () => said[0], 20);
    const kib = (bytes: number) => `${(bytes / 2 ** 10).toFixed(0)} KiB`;
    expect(said).toEqual([
      `Frames of "${place.out}" are no longer read ahead here: The hot folder "${join(folder, 'hot')}" has no room for ${kib(frameBytes)}: ${kib(frameBytes / 2)} are missing, though all that is not in use was removed. Raise --hot-size (now ${kib(1.5 * frameBytes)}), free some space on its disk, or run fewer slots.`,
    ]);
    expect(events).toMatchObject([{ code: 'E_READ_AHEAD_OFF', labels }]);
    await using again = ahead.claim(stepOf(2));
    again.begin(labels);
    await settled(1);
    expect(said).toHaveLength(1);
  });

  it('does the same where a frame is gone', async () => {
    await wait([1]);
    const gone = join(folder, 'scan', 'gone.dpx');
    await orderOf({ ...reel, files: reel.files.map((file, frame) => (frame === 5 ? gone : file)) });
    await using ahead = await opened();
    await using now = ahead.claim(stepOf(0));
    now.begin(labels);
    await until(async () => said[0], 20);
    expect(said).toEqual([
      `Frames of "${place.out}" are no longer read ahead here: ENOENT: no such file or directory, stat '${gone}'`,
    ]);
    await using next = ahead.claim(stepOf(1));
    expect(framesOf(next)).toEqual(['scan.1005.dpx']);
  });

  it('copies nothing once the worker drains, or the take has ended meanwhile', async () => {
    await wait([1]);
    await using ahead = await opened();
    {
      await using now = ahead.claim(stepOf(0));
      now.begin(labels);
    }
    await settled(0);
    ahead.stop();
    await using later = ahead.claim(stepOf(2));
    later.begin(labels);
    await settled(0);
    expect([said, events]).toEqual([[], []]);
  });

  it('copies nothing of a movie', async () => {
    await wait([1]);
    await make(moving('64x48', '24', 16), join(folder, 'movie.mkv'));
    const movie = await openMovie(join(folder, 'movie.mkv'), { transfer: 'auto' }, ffmpeg);
    await orderOf(movie);
    await using ahead = await opened();
    await using now = ahead.claim(stepOf(0));
    now.begin(labels);
    await settled(0);
    expect([said, events]).toEqual([[], []]);
  });
});
