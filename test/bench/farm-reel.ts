import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { readWorkers } from '../../src/farm/queue/worker-records.ts';
import { type CommandEnd, reelmend, reelmendOrThrow } from '../e2e/command.ts';
import { filesOf } from '../e2e/files-of.ts';
import { makeCache } from '../e2e/scratch.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { writeShots } from '../e2e/tiny-reel.ts';
import { openRedisServer, type RedisServer } from '../farm/redis-server.ts';
import { startWorker, until, type WorkerProcess } from '../farm/worker-process.ts';
import { type OutputNames, watchOutput } from './output-names.ts';

/** A small reel of four takes, what one process makes of it, and a queue: one part of the farm's bench breaks it again and again. */
export interface FarmReel extends AsyncDisposable {
  readonly folder: string;
  readonly server: RedisServer;
  /** Seconds that one worker takes for it from its first step on, where nothing happens. */
  readonly seconds: number;
  /** Files of its output by their hashes. */
  readonly expected: Readonly<Record<string, string>>;
  work(words?: readonly string[], env?: Readonly<Record<string, string>>): WorkerProcess;
  /** Submits it to an output of its own, whose takes stay, and waits for it. */
  begin(name: string): Promise<BegunReel>;
}

/** The reel on its way to one output. */
export interface BegunReel extends AsyncDisposable {
  readonly out: string;
  /** Of `submit --wait`. */
  readonly end: Promise<CommandEnd>;
  readonly names: OutputNames;
  again(): Promise<CommandEnd>;
  /** True where the output is that of one process. */
  isSame(): Promise<boolean>;
}

/** Seconds in which a step is begun, on a machine that others load. */
const PATIENCE = 300;
/** Frames with the speaking actor and without, and of a take. */
const SHOTS = { talking: 24, empty: 8, take: 8 } as const;

export async function openFarmReel(folder: string, say: (line: string) => void): Promise<FarmReel> {
  await rm(folder, { recursive: true, force: true });
  const cache = join(folder, 'cache');
  await makeCache(cache);
  const server = await openRedisServer(join(folder, 'redis'));
  const { url } = server;
  const reel = join(folder, 'reel');
  await writeShots(reel, [
    ['talking', SHOTS.talking],
    ['empty', SHOTS.empty],
  ]);
  const preset = await shortTakes(folder, SHOTS.take);
  const portrait = join(packageFolder(), 'samples', 'portrait.png');
  const faces = ['--reference', portrait, '--restorer', 'replace', '--device', 'cpu'];
  const flags = ['--preset', preset, ...faces, '--quiet', '--keep-work'];
  const whole = join(folder, 'whole');
  await reelmendOrThrow(['restore', reel, '--out', whole, ...flags], cache);
  const expected = await filesOf(whole);

  const work: FarmReel['work'] = (words = [], env = {}) => startWorker(url, cache, words, env);
  const begin: FarmReel['begin'] = async (name) => {
    const place = join(folder, name);
    const out = join(place, 'out');
    await mkdir(place);
    const names = await watchOutput(out);
    const again = () => reelmend(['submit', reel, '--out', out, ...flags, '--queue', url, '--wait'], cache);
    return {
      ...{ out, names, again, end: again() },
      isSame: async () => isSame(await filesOf(out), expected),
      async [Symbol.asyncDispose]() {
        names[Symbol.dispose]();
        await rm(place, { recursive: true, force: true });
      },
    };
  };
  say('an undisturbed run');
  const seconds = await undisturbed({ server, work, begin });
  return {
    ...{ folder, server, seconds, expected, work, begin },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function undisturbed({ server, work, begin }: Pick<FarmReel, 'server' | 'work' | 'begin'>): Promise<number> {
  await using worker = work();
  await using begun = await begin('undisturbed');
  await until(() => stepOf(server, worker.pid), PATIENCE);
  const started = performance.now();
  const { code, stderr } = await begun.end;
  if (code !== 0) throw new Error(`Undisturbed, the reel ended with code ${code}: ${stderr}`);
  const seconds = (performance.now() - started) / 1000;
  await server.redis.flushall();
  return seconds;
}

/** A step that a worker is at, and since when; undefined where it is at none. */
export async function stepOf(
  { redis }: Pick<RedisServer, 'redis'>,
  pid: number,
): Promise<{ readonly step: string; readonly since: string } | undefined> {
  const worker = (await readWorkers(redis)).find((one) => one.pid === pid);
  return worker?.slots.flatMap(({ doing }) => doing ?? [])[0];
}

/** Waits for a moment of a reel that a worker has begun: a share of its whole length, amid a step. Undefined where it was over before. */
export async function momentOf(
  { server, seconds }: FarmReel,
  { end }: BegunReel,
  pid: number,
  share: number,
): Promise<string | undefined> {
  const over = { is: false };
  const ended = end.then(() => {
    over.is = true;
  });
  await until(() => stepOf(server, pid), PATIENCE);
  await Promise.race([new Promise((resolve) => setTimeout(resolve, share * seconds * 1000)), ended]);
  return until(async () => (over.is ? { step: undefined } : stepOf(server, pid)), PATIENCE).then(({ step }) => step);
}

export function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The value below which a share of them lies; NaN where there are none. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
