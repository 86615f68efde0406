import { setTimeout as wait } from 'node:timers/promises';
import { randomOf } from '../../samples/random.ts';
import { childrenOf, until, type WorkerProcess } from '../farm/worker-process.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { type FarmReel, momentOf, openFarmReel, stepOf } from './farm-reel.ts';

const SEED = 20261130;
/** Seconds after its waking in which a worker notices that it has lost its step. */
const NOTICE = 40;

/** How a reel went on, one of whose workers slept past its lease. */
interface Sleep {
  readonly step: string;
  /** What was stopped: the worker alone, or its slot and all that this runs, too. */
  readonly stopped: 'worker' | 'all';
  /** When it woke: while another was at its step, or when the reel was finished. */
  readonly woke: 'amid' | 'after';
  readonly code: number | null;
  readonly same: boolean;
  readonly once: boolean;
  /** Names that takes and output got after it woke, where the reel was finished. */
  readonly late: number;
  /** True where both workers say that they have done the step. */
  readonly claims: boolean;
}

/** Stops a worker with SIGSTOP until another has its step, and lets it go on: it publishes nothing. */
export async function farmAsleep(folder: string, runs: number, say: BenchOptions['say']): Promise<Outcome> {
  await using reel = await openFarmReel(folder, say);
  const random = randomOf(SEED);
  const sleeps: Sleep[] = [];
  for (let k = 0; sleeps.length < runs; k++) {
    const how = {
      stopped: sleeps.length % 2 === 0 ? 'worker' : 'all',
      woke: sleeps.length % 4 < 2 ? 'amid' : 'after',
    } as const;
    const sleep = await sleepOnce(reel, `run-${k}`, how, random.next());
    if (!sleep) continue;
    sleeps.push(sleep);
    const { step, same, once, late, claims } = sleep;
    const isWell = same && once && late === 0 && !claims;
    say(`asleep ${sleeps.length}: ${step}, ${how.stopped}, woke ${how.woke}, ${isWell ? 'well' : 'NOT WELL'}`);
  }
  const rows = (['worker', 'all'] as const).flatMap((stopped) =>
    (['amid', 'after'] as const).map((woke) => {
      const of = sleeps.filter((sleep) => sleep.stopped === stopped && sleep.woke === woke);
      const count = (is: (sleep: Sleep) => boolean) => of.filter(is).length;
      return [
        stopped === 'all' ? 'worker, slot and ffmpeg' : 'worker',
        woke === 'amid' ? 'while another is at its step' : 'when the reel is finished',
        of.length,
        count(({ same, code }) => same && code === 0),
        count(({ once }) => once),
        count(({ late, claims }) => late > 0 || claims),
      ];
    }),
  );
  const bad = sleeps.filter(
    ({ same, once, late, claims, code }) => !(same && once && late === 0 && !claims && code === 0),
  );
  return {
    tables: [
      {
        title: 'A worker stopped with SIGSTOP at a random moment until its step is given to another, and then woken',
        columns: ['stopped', 'woken', 'times', 'same output', 'each take once', 'the loser published'],
        rows,
      },
    ],
    facts: sleeps,
    broken: bad.length === 0 ? [] : [`${bad.length} of ${runs} workers that slept past their lease left a trace.`],
  };
}

async function sleepOnce(
  reel: FarmReel,
  name: string,
  { stopped, woke }: Pick<Sleep, 'stopped' | 'woke'>,
  moment: number,
): Promise<Sleep | undefined> {
  const { redis } = reel.server;
  await using first = reel.work();
  await using begun = await reel.begin(name);
  const others: WorkerProcess[] = [];
  try {
    const step = await momentOf(reel, begun, first.pid, moment);
    if (step === undefined) return undefined;
    const groups = stopped === 'all' ? (await childrenOf(first.pid)).map((pid) => -pid) : [];
    const signal = (which: 'SIGSTOP' | 'SIGCONT') => {
      // First the worker stops and last it wakes, so that its slot never has an answer of it in between.
      for (const group of which === 'SIGCONT' ? groups : []) process.kill(group, which);
      first.signal(which);
      for (const group of which === 'SIGSTOP' ? groups : []) process.kill(group, which);
    };
    signal('SIGSTOP');
    const before = first.said().length;
    const other = reel.work();
    others.push(other);
    if (woke === 'amid')
      await until(async () => ((await stepOf(reel.server, other.pid))?.step === step ? true : undefined));
    else await begun.end;
    const { names } = begun;
    const named = names.published() + names.output();
    signal('SIGCONT');
    const said = () => first.said().slice(before);
    // It has lost its step, or had done it at the moment that it was stopped.
    await until(
      async () => (/was given to another worker meanwhile|is done: |was done before/.test(said()) ? true : undefined),
      NOTICE,
    ).catch(() => {});
    const { code } = await begun.end;
    await wait(500);
    return {
      ...{ step, stopped, woke, code, same: await begun.isSame(), once: names.twice() === 0 },
      late: woke === 'after' ? names.published() + names.output() - named : 0,
      claims: [said(), other.said()].every((text) => text.includes(`${step} of "${begun.out}" is done: `)),
    };
  } finally {
    for (const other of others) await other[Symbol.asyncDispose]();
    await redis.flushall();
  }
}
