import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { orderFiles } from '../../src/farm/order/order.ts';
import { COMMAND } from '../e2e/command.ts';
import { until, type WorkerProcess } from '../farm/worker-process.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { type BegunReel, type FarmReel, openFarmReel } from './farm-reel.ts';

/** Seconds in which a worker that cannot do a step says so. */
const SAYS = 90;

/** What was told of a worker that could not do a reel, and how the reel went on. */
interface Trouble {
  readonly what: string;
  readonly said: string;
  /** Who did the reel then. */
  readonly doneBy: string;
  readonly code: number | null;
  readonly same: boolean;
}

/** One machine that cannot do its steps: a worker with one trouble, and what helps. */
interface Case {
  readonly what: string;
  readonly doneBy: string;
  /** What its sentence must hold. */
  readonly expects: RegExp;
  /** Starts the worker that has the trouble, before or after the reel is submitted. */
  start(reel: FarmReel, begun: BegunReel): Promise<WorkerProcess>;
  /** What is done so that the reel ends. */
  help(reel: FarmReel, begun: BegunReel): Promise<readonly WorkerProcess[]>;
}

const another: Case['help'] = async (reel) => [reel.work()];

const CASES: readonly Case[] = [
  {
    what: 'no room on the disk that it writes takes to',
    doneBy: 'another worker',
    expects: /is left to others.*(no space left|free)/i,
    start: async (reel, begun) => behindMount(reel, `${begun.out}.work/takes`, 'size=64k'),
    help: another,
  },
  {
    what: 'its disk may only be read',
    doneBy: 'another worker',
    expects: /is left to others.*(read-only|EROFS)/i,
    start: async (reel, begun) => behindMount(reel, `${begun.out}.work/takes`, 'ro'),
    help: another,
  },
  {
    what: 'another folder where the output is',
    doneBy: 'another worker',
    expects: /is left to others.*by --map/,
    async start(reel, begun) {
      const elsewhere = join(dirname(begun.out), 'elsewhere');
      await mkdir(elsewhere);
      return reel.work(['--map', `${dirname(begun.out)}=${elsewhere}`]);
    },
    help: another,
  },
  {
    what: 'another version of ffmpeg',
    doneBy: 'another worker',
    expects: /waits for Reelmend .*This worker has .*other-1\.0/,
    async start(reel, begun) {
      await until(async () => ((await reel.server.redis.keys('reelmend:farm:order:*')).length > 0 ? true : undefined));
      return reel.work([], { FFMPEG_PATH: await otherFfmpeg(dirname(begun.out)) });
    },
    help: another,
  },
  {
    what: 'a network is missing from the store, and it has none of its own',
    doneBy: 'the same worker, once the reel was submitted again',
    expects: /is left to others.*the store .* has it not/,
    async start(reel, begun) {
      const models = join(orderFiles(`${begun.out}.work`).store, 'models');
      await until(async () => ((await reel.server.redis.keys('reelmend:farm:order:*')).length > 0 ? true : undefined));
      for (const name of await readdir(models)) await rm(join(models, name));
      return reel.work(['--hot', join(dirname(begun.out), 'hot')]);
    },
    async help(_, begun) {
      void begun.again();
      return [];
    },
  },
];

/** Workers that cannot do a reel: each says so in a sentence, and the reel is done all the same. */
export async function farmTroubles(folder: string, say: BenchOptions['say']): Promise<Outcome> {
  await using reel = await openFarmReel(folder, say);
  const troubles: Trouble[] = [];
  const broken: string[] = [];
  for (const [k, one] of CASES.entries()) {
    say(one.what);
    const trouble = await meet(reel, `trouble-${k}`, one);
    troubles.push(trouble);
    say(`${trouble.said} Code ${trouble.code}, ${trouble.same ? 'same' : 'OTHER'}`);
    if (!one.expects.test(trouble.said))
      broken.push(`Of a worker with trouble (${one.what}) this was told: "${trouble.said}".`);
    if (trouble.code !== 0 || !trouble.same)
      broken.push(`A reel ended otherwise after a worker's trouble: ${one.what}.`);
  }
  return {
    tables: [
      {
        title: 'A worker that cannot do a reel',
        columns: ['trouble', 'it said', 'who did it', 'as one process makes it'],
        rows: troubles.map(({ what, said, doneBy, code, same }) => [
          what,
          said,
          doneBy,
          same && code === 0 ? 'yes' : 'no',
        ]),
      },
    ],
    facts: troubles,
    broken,
  };
}

async function meet(reel: FarmReel, name: string, { what, doneBy, expects, start, help }: Case): Promise<Trouble> {
  await using begun = await reel.begin(name);
  await using worker = await start(reel, begun);
  const lines = () => worker.said().split('\n');
  const said = await until(async () => lines().find((line) => expects.test(line)), SAYS).catch(() =>
    worker.said().slice(-600),
  );
  const helpers = await help(reel, begun);
  try {
    const { code } = await begun.end;
    return { what, doneBy, said: withoutPaths(said, reel.folder), code, same: await begun.isSame() };
  } finally {
    for (const helper of helpers) await helper[Symbol.asyncDispose]();
    await reel.server.redis.flushall();
  }
}

/** A worker that alone sees a small disk of its own at a folder. Only root may mount disks. */
async function behindMount(reel: FarmReel, at: string, options: string): Promise<WorkerProcess> {
  const command = [process.execPath, COMMAND, 'work', '--queue', reel.server.url].map((word) => `'${word}'`).join(' ');
  const script = `mount -t tmpfs -o ${options} none '${at}' && exec ${command}`;
  const child = spawn('unshare', ['-m', 'sh', '-c', script], {
    env: { ...process.env, REELMEND_CACHE: join(reel.folder, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    pid: child.pid ?? 0,
    said: () => text,
    signal: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** An ffmpeg that is the one of this machine, but for what it calls itself. */
async function otherFfmpeg(folder: string): Promise<string> {
  const bin = join(folder, 'other');
  await mkdir(bin);
  for (const name of ['ffmpeg', 'ffprobe']) {
    const path = join(bin, name);
    await writeFile(path, `#!/bin/sh\n${name} "$@" | sed 's/^ffmpeg version [^ ]*/ffmpeg version other-1.0/'\n`);
    await chmod(path, 0o755);
  }
  return join(bin, 'ffmpeg');
}

/** As it may stand in a document. */
function withoutPaths(said: string, folder: string): string {
  return said.replaceAll(`${folder}/`, '').replaceAll(`${packageFolder()}/`, '');
}
