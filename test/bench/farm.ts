import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { randomOf } from '../../samples/random.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { readWorkers, type SlotRecord, type WorkerRecord } from '../../src/farm/queue/worker-records.ts';
import { reelmendOrThrow } from '../e2e/command.ts';
import { filesOf } from '../e2e/files-of.ts';
import { makeCache } from '../e2e/scratch.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { writeShots } from '../e2e/tiny-reel.ts';
import { openRedisServer } from '../farm/redis-server.ts';
import { childrenOf, startWorker, until, type WorkerProcess } from '../farm/worker-process.ts';
import type { BenchOptions, Outcome, Table } from './bench.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const SEED = 20261128;
/** Kills of a worker, and of a slot. */
const KILLS = 10;
/** Frames of the reel that is shared, in shots of a face and shorter ones without: more than two spans. */
const SHARED = 480;
const GOALS = { efficiency: 0.85, redelivery: 30, crash: 3 } as const;

/** What runs of this bench share. */
interface Scene {
  readonly folder: string;
  readonly cache: string;
  readonly url: string;
  readonly redis: Redis;
}

/**
 * A farm on this machine: what two workers of one core each make of a reel beside one, and what is lost where workers and slots are
 * killed at random moments. Every output is compared with that of `reelmend restore`.
 */
export async function farmBench({
  folder,
  runs = KILLS,
  frames = SHARED,
  only = ['share', 'kills'],
  say,
}: BenchOptions): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  const cache = join(folder, 'cache');
  await makeCache(cache);
  await using server = await openRedisServer(join(folder, 'redis'));
  const scene: Scene = { folder, cache, url: server.url, redis: server.redis };
  const parts: Outcome[] = [];
  if (only.includes('share')) parts.push(await sharing(scene, frames, say));
  if (only.includes('kills')) parts.push(await killing(scene, runs, say));
  return {
    tables: parts.flatMap(({ tables }) => tables),
    facts: parts.map(({ facts }) => facts),
    broken: parts.flatMap(({ broken }) => broken),
  };
}

async function sharing(scene: Scene, frames: number, say: BenchOptions['say']): Promise<Outcome> {
  const reel = join(scene.folder, 'shared-reel');
  say(`drawing ${frames} frames`);
  const shots = Math.max(1, Math.round(frames / 60));
  await writeShots(
    reel,
    Array.from(
      { length: shots },
      () =>
        [
          ['talking', 40],
          ['empty', 20],
        ] as const,
    ).flat(),
  );
  const preset = await shortTakes(scene.folder, 20);
  const flags = ['--preset', preset, '--reference', PORTRAIT, '--device', 'cpu', '--quiet'];
  const whole = join(scene.folder, 'shared-whole');
  say('restoring it in one process');
  await reelmendOrThrow(['restore', reel, '--out', whole, ...flags], scene.cache);
  const expected = await filesOf(whole);
  const rows: { workers: number; seconds: number; same: boolean }[] = [];
  for (const processors of [['0'], ['0', '1']]) {
    say(`${processors.length} ${processors.length === 1 ? 'worker' : 'workers'} of one core each`);
    const out = join(scene.folder, `shared-${processors.length}`);
    const workers = processors.map((one) => startWorker(scene.url, scene.cache, ['--slots', '1'], {}, one));
    try {
      await until(async () => ((await readWorkers(scene.redis)).length === workers.length ? true : undefined));
      const started = performance.now();
      const words = ['submit', reel, '--out', out, ...flags, '--queue', scene.url, '--wait'];
      await reelmendOrThrow(words, scene.cache);
      const seconds = (performance.now() - started) / 1000;
      rows.push({ workers: workers.length, seconds, same: isSame(await filesOf(out), expected) });
    } finally {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
      await scene.redis.flushall();
    }
  }
  const [one, two] = rows;
  const efficiency = one && two ? one.seconds / two.seconds / 2 : Number.NaN;
  return {
    tables: [
      {
        title: `A reel of ${frames} frames, submitted and finished, its faces looked for, by workers of one core each`,
        columns: ['workers', 'seconds', 'efficiency', 'as one process makes it'],
        rows: rows.map(({ workers, seconds, same }) => [
          workers,
          seconds.toFixed(1),
          workers === 1 ? '' : efficiency.toFixed(2),
          same ? 'yes' : 'no',
        ]),
      },
    ],
    facts: { frames, rows, efficiency },
    broken: [
      ...rows.flatMap(({ workers, same }) =>
        same ? [] : [`${workers} workers made another output than one process.`],
      ),
      ...(efficiency >= GOALS.efficiency
        ? []
        : [`Two workers over one: efficiency ${efficiency.toFixed(2)}, the goal is ${GOALS.efficiency}.`]),
    ],
  };
}

/** How a step went on whose process was killed. */
interface Kill {
  readonly step: string;
  /** Seconds until somebody was at it again; null where the reel was done without. */
  readonly seconds: number | null;
  readonly same: boolean;
  /** Takes, and folders of takes that lay there at the end. */
  readonly left: number;
}

async function killing(scene: Scene, runs: number, say: BenchOptions['say']): Promise<Outcome> {
  const reel = join(scene.folder, 'killed-reel');
  await writeShots(reel, [
    ['talking', 24],
    ['empty', 8],
  ]);
  const preset = await shortTakes(scene.folder, 8);
  const flags = ['--preset', preset, '--reference', PORTRAIT, '--restorer', 'replace', '--device', 'cpu', '--quiet'];
  const whole = join(scene.folder, 'killed-whole');
  await reelmendOrThrow(['restore', reel, '--out', whole, ...flags, '--keep-work'], scene.cache);
  const expected = await filesOf(whole);
  const takes = (await readdir(`${whole}.work/takes`)).length;
  const random = randomOf(SEED);
  const kills: Record<'worker' | 'slot', Kill[]> = { worker: [], slot: [] };
  for (const what of ['slot', 'worker'] as const) {
    for (let k = 0; k < runs; k++) {
      const kill = await killOnce({ ...scene, reel, flags, name: `${what}-${k}` }, what, random.next(), expected);
      kills[what].push(kill);
      say(`${what} ${k + 1}: ${kill.step}, ${kill.seconds?.toFixed(1) ?? '-'} s, ${kill.same ? 'same' : 'OTHER'}`);
    }
  }
  const rows = (['slot', 'worker'] as const).map((what) => rowOf(what, kills[what], takes));
  return {
    tables: [killTable(rows)],
    facts: kills,
    broken: rows.flatMap(({ what, count, same, once, p95 }) => [
      ...(same === count ? [] : [`${count - same} of ${count} kills of a ${what} led to another output.`]),
      ...(once === count ? [] : [`${count - once} of ${count} kills of a ${what} left a take twice.`]),
      ...(p95 <= GOALS[what === 'slot' ? 'crash' : 'redelivery']
        ? []
        : [`A step was begun again ${p95.toFixed(1)} s after its ${what} was killed (95th percentile).`]),
    ]),
  };
}

interface KillScene extends Scene {
  readonly reel: string;
  readonly flags: readonly string[];
  readonly name: string;
}

/** @param moment 0 … 1: how far into the reel's steps */
async function killOnce(
  { folder, cache, url, redis, reel, flags, name }: KillScene,
  what: 'worker' | 'slot',
  moment: number,
  expected: Readonly<Record<string, string>>,
): Promise<Kill> {
  const out = join(folder, name);
  await using first = startWorker(url, cache);
  const waiting = reelmendOrThrow(
    ['submit', reel, '--out', out, ...flags, '--keep-work', '--queue', url, '--wait'],
    cache,
  );
  // Some steps are over in a moment: a take is what is mostly met.
  const doing = await until(() => slotDoing(redis, first.pid, (step) => moment > 0.2 || step.startsWith('track')));
  await new Promise((resolve) => setTimeout(resolve, moment * 2500));
  const now = (await slotDoing(redis, first.pid, () => true)) ?? doing;
  const others: WorkerProcess[] = [];
  if (what === 'worker') others.push(startWorker(url, cache));
  const killed = performance.now();
  if (what === 'worker') first.signal('SIGKILL');
  else for (const pid of await childrenOf(first.pid)) process.kill(pid, 'SIGKILL');
  const at = Date.now();
  const again = until(async () => {
    const workers = await readWorkers(redis);
    const is = ({ doing: one }: SlotRecord) => one?.step === now.step && Date.parse(one.since) >= at;
    return workers.some(({ pid, slots }) => (what === 'slot' || pid !== first.pid) && slots.some(is)) || undefined;
  }, 60).then(
    () => (performance.now() - killed) / 1000,
    () => null,
  );
  await waiting;
  const seconds = await Promise.race([again, new Promise<null>((resolve) => setTimeout(resolve, 200, null))]);
  for (const other of others) await other[Symbol.asyncDispose]();
  const left = (await readdir(`${out}.work/takes`)).length;
  await redis.flushall();
  return { step: now.step, seconds, same: isSame(await filesOf(out), expected), left };
}

async function slotDoing(
  redis: Redis,
  pid: number,
  is: (step: string) => boolean,
): Promise<NonNullable<SlotRecord['doing']> | undefined> {
  const worker = (await readWorkers(redis)).find((one: WorkerRecord) => one.pid === pid);
  return worker?.slots.map(({ doing }) => doing).find((doing) => doing && is(doing.step));
}

function rowOf(what: 'worker' | 'slot', kills: readonly Kill[], takes: number) {
  const seconds = kills.flatMap((kill) => (kill.seconds === null ? [] : [kill.seconds])).sort((a, b) => a - b);
  const at = (share: number) => seconds[Math.min(seconds.length - 1, Math.floor(share * seconds.length))] ?? 0;
  return {
    what,
    count: kills.length,
    met: seconds.length,
    p50: at(0.5),
    p95: at(0.95),
    same: kills.filter((kill) => kill.same).length,
    once: kills.filter(({ left }) => left === takes).length,
  };
}

function killTable(rows: readonly ReturnType<typeof rowOf>[]): Table {
  return {
    title: 'Steps whose process was killed with SIGKILL at a random moment',
    columns: [
      'killed',
      'kills',
      'amid a step',
      'begun again, s, median',
      '95th percentile',
      'same output',
      'each take once',
    ],
    rows: rows.map(({ what, count, met, p50, p95, same, once }) => [
      what,
      count,
      met,
      p50.toFixed(1),
      p95.toFixed(1),
      same,
      once,
    ]),
  };
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
