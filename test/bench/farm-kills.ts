import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomOf } from '../../samples/random.ts';
import { readWorkers } from '../../src/farm/queue/worker-records.ts';
import { childrenOf, until, type WorkerProcess } from '../farm/worker-process.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { type FarmReel, momentOf, openFarmReel, quantileOf } from './farm-reel.ts';

const SEED = 20261128;
/**
 * Seconds, 95th percentile: until somebody is at the step again whose worker was killed, and until a killed slot is at work again. What a
 * slot was at waits behind the steps that are handed out already.
 */
const GOALS = { worker: 30, slot: 3 } as const;

type Victim = keyof typeof GOALS;

/** How a reel went on amid which a process was killed. */
interface Kill {
  readonly step: string;
  /** Seconds until somebody was at the step again; null where it was done without. */
  readonly seconds: number | null;
  /** Seconds until somebody was at any step; null where all was done. */
  readonly atWork: number | null;
  readonly code: number | null;
  readonly same: boolean;
  /** Each of its takes got its name once, and all of them did. */
  readonly once: boolean;
  /** Takes that were begun again after they were finished. */
  readonly doneAgain: number;
}

/** Kills a worker, or the process of its slot, at random moments of a small reel, and lets the farm finish it. */
export async function farmKills(
  folder: string,
  victim: Victim,
  runs: number,
  say: BenchOptions['say'],
): Promise<Outcome> {
  await using reel = await openFarmReel(folder, say);
  const random = randomOf(SEED, victim === 'slot' ? 0 : 1);
  const kills: Kill[] = [];
  for (let k = 0; kills.length < runs; k++) {
    const kill = await killOnce(reel, `run-${k}`, victim, random.next());
    if (!kill) continue;
    kills.push(kill);
    const { step, seconds, same, once } = kill;
    say(`${victim} ${kills.length}: ${step}, ${seconds?.toFixed(1) ?? '-'} s, ${same && once ? 'well' : 'NOT WELL'}`);
  }
  const seconds = kills.flatMap((kill) => kill.seconds ?? []);
  const atWork = kills.flatMap((kill) => kill.atWork ?? []);
  const decisive = quantileOf(victim === 'slot' ? atWork : seconds, 0.95);
  const count = (is: (kill: Kill) => boolean) => kills.filter(is).length;
  const good = {
    same: count(({ same, code }) => same && code === 0),
    once: count(({ once }) => once),
    doneAgain: kills.reduce((sum, kill) => sum + kill.doneAgain, 0),
  };
  const steps = ['track', 'cast', 'take', 'conform'].map(
    (kind) => `${count(({ step }) => step.startsWith(kind))} ${kind}`,
  );
  return {
    tables: [
      {
        title: `A ${victim} killed with SIGKILL at a random moment`,
        columns: [
          ...['kills', 'amid', 'same output', 'each take once', 'takes done again'],
          ...[
            'at work again, s, median',
            '95th percentile',
            'at the step again, s, median',
            '95th percentile',
            'longest',
          ],
        ],
        rows: [
          [
            ...[kills.length, steps.join(', '), good.same, good.once, good.doneAgain],
            ...[quantileOf(atWork, 0.5), quantileOf(atWork, 0.95)].map((value) => value.toFixed(1)),
            ...[quantileOf(seconds, 0.5), quantileOf(seconds, 0.95), Math.max(...seconds)].map((value) =>
              value.toFixed(1),
            ),
          ],
        ],
      },
    ],
    facts: kills,
    broken: [
      ...(good.same === runs ? [] : [`${runs - good.same} of ${runs} kills of a ${victim} led to another output.`]),
      ...(good.once === runs
        ? []
        : [`${runs - good.once} of ${runs} kills of a ${victim} gave a take its name twice.`]),
      ...(good.doneAgain === 0 ? [] : [`${good.doneAgain} takes were begun again that were finished.`]),
      ...(decisive <= GOALS[victim]
        ? []
        : [
            `A killed ${victim} was made good after ${decisive.toFixed(1)} s (95th percentile); the goal is ${GOALS[victim]} s.`,
          ]),
    ],
  };
}

/** Undefined where the reel was over before the moment came. @param moment 0 … 1 of the reel's length */
async function killOnce(reel: FarmReel, name: string, victim: Victim, moment: number): Promise<Kill | undefined> {
  const { redis } = reel.server;
  await using first = reel.work();
  await using begun = await reel.begin(name);
  const others: WorkerProcess[] = [];
  try {
    const step = await momentOf(reel, begun, first.pid, moment);
    if (step === undefined) return undefined;
    if (victim === 'worker') {
      others.push(reel.work());
      first.signal('SIGKILL');
    } else for (const pid of await childrenOf(first.pid)) process.kill(pid, 'SIGKILL');
    const [killed, at] = [performance.now(), Date.now()];
    const begunAgain = (is: (step: string) => boolean) =>
      until(async () => {
        const workers = await readWorkers(redis);
        const here = workers.filter(({ pid }) => victim === 'slot' || pid !== first.pid).flatMap(({ slots }) => slots);
        return here.some(({ doing }) => doing && is(doing.step) && Date.parse(doing.since) >= at) || undefined;
      }).then(
        () => (performance.now() - killed) / 1000,
        () => null,
      );
    const [again, busy] = [begunAgain((one) => one === step), begunAgain(() => true)];
    const { code } = await begun.end;
    const soon = (found: Promise<number | null>) =>
      Promise.race([found, new Promise<null>((resolve) => setTimeout(resolve, 200, null))]);
    const [seconds, atWork] = [await soon(again), await soon(busy)];
    const takes = (await readdir(join(`${begun.out}.work`, 'takes'))).length;
    const { names } = begun;
    const once = names.twice() === 0 && names.published() === takes;
    return { step, seconds, atWork, code, same: await begun.isSame(), once, doneAgain: names.begunAfter() };
  } finally {
    for (const other of others) await other[Symbol.asyncDispose]();
    await redis.flushall();
  }
}
