import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { readWorkers } from '../../src/farm/queue/worker-records.ts';
import { reelmendOrThrow } from '../e2e/command.ts';
import { filesOf } from '../e2e/files-of.ts';
import { makeCache } from '../e2e/scratch.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { writeShots } from '../e2e/tiny-reel.ts';
import { openRedisServer } from '../farm/redis-server.ts';
import { startWorker, until } from '../farm/worker-process.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { isSame } from './farm-reel.ts';

/** Frames of the reel that is shared, in shots of a face and shorter ones without: more than two spans. */
const SHARED = 480;
/** Of two workers over one. */
const GOAL = 0.85;
/** The processor that each worker has; two of them are there. */
const PROCESSORS = ['0', '1', '0', '1'] as const;

/** A reel by one to four workers of one core each, and by one process. Where there are two cores, three and four workers share them. */
export async function farmShare(folder: string, frames: number = SHARED, say: BenchOptions['say']): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  const cache = join(folder, 'cache');
  await makeCache(cache);
  await using server = await openRedisServer(join(folder, 'redis'));
  const reel = join(folder, 'reel');
  say(`drawing ${frames} frames`);
  const shots = Array.from(
    { length: Math.max(1, Math.round(frames / 60)) },
    () =>
      [
        ['talking', 40],
        ['empty', 20],
      ] as const,
  );
  await writeShots(reel, shots.flat());
  const preset = await shortTakes(folder, 20);
  const portrait = join(packageFolder(), 'samples', 'portrait.png');
  const flags = ['--preset', preset, '--reference', portrait, '--device', 'cpu', '--quiet'];
  const whole = join(folder, 'whole');
  say('restoring it in one process');
  await reelmendOrThrow(['restore', reel, '--out', whole, ...flags], cache);
  const expected = await filesOf(whole);
  const rows: { workers: number; seconds: number; same: boolean }[] = [];
  for (let count = 1; count <= PROCESSORS.length; count++) {
    say(`${count} ${count === 1 ? 'worker' : 'workers'} of one core each`);
    const out = join(folder, `by-${count}`);
    const workers = PROCESSORS.slice(0, count).map((one) => startWorker(server.url, cache, ['--slots', '1'], {}, one));
    try {
      await until(async () => ((await readWorkers(server.redis)).length === workers.length ? true : undefined));
      const started = performance.now();
      await reelmendOrThrow(['submit', reel, '--out', out, ...flags, '--queue', server.url, '--wait'], cache);
      const seconds = (performance.now() - started) / 1000;
      rows.push({ workers: workers.length, seconds, same: isSame(await filesOf(out), expected) });
    } finally {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
      await server.redis.flushall();
    }
  }
  const [one, two] = rows as [(typeof rows)[number], (typeof rows)[number]];
  const efficiency = one.seconds / two.seconds / 2;
  return {
    tables: [
      {
        title: `A reel of ${frames} frames, submitted and finished, its faces looked for, by workers of one core each`,
        columns: ['workers', 'seconds', 'efficiency', 'as one process makes it'],
        rows: rows.map(({ workers, seconds, same }) => [
          workers,
          seconds.toFixed(1),
          workers === 2 ? efficiency.toFixed(2) : '',
          same ? 'yes' : 'no',
        ]),
      },
    ],
    facts: { frames, rows, efficiency },
    broken: [
      ...rows.flatMap(({ workers, same }) =>
        same ? [] : [`${workers} workers made another output than one process.`],
      ),
      ...(efficiency >= GOAL
        ? []
        : [`Two workers over one: efficiency ${efficiency.toFixed(2)}, the goal is ${GOAL}.`]),
    ],
  };
}
