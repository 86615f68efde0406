import { setTimeout as wait } from 'node:timers/promises';
import { randomOf } from '../../samples/random.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { type FarmReel, momentOf, openFarmReel } from './farm-reel.ts';

const SEED = 20261129;
/** Seconds that a killed queue is away, at most: shorter than a lease, so that no step has to be handed out again. */
const AWAY = 5;

/** How the queue is lost: its server is killed and started again, or all that it holds is gone. */
export type QueueLoss = 'killed' | 'emptied';

interface Lost {
  readonly step: string;
  /** Of the submission that lasted until the end. */
  readonly code: number | null;
  readonly same: boolean;
  readonly once: boolean;
  /** Takes that were begun again after they were finished. */
  readonly doneAgain: number;
  /** Names of steps that the worker did more than once. */
  readonly stepsTwice: readonly string[];
}

/** Loses the queue at random moments of a small reel: what is finished is done once, and nothing is missing. */
export async function farmQueueLost(
  folder: string,
  how: QueueLoss,
  runs: number,
  say: BenchOptions['say'],
): Promise<Outcome> {
  await using reel = await openFarmReel(folder, say);
  const random = randomOf(SEED, how === 'killed' ? 0 : 1);
  const losses: Lost[] = [];
  for (let k = 0; losses.length < runs; k++) {
    const lost = await loseOnce(reel, `run-${k}`, how, random.next(), AWAY * random.next());
    if (!lost) continue;
    losses.push(lost);
    const { step, code, same, doneAgain, stepsTwice } = lost;
    say(
      `queue ${how} ${losses.length}: ${step}, code ${code}, ${same ? 'same' : 'OTHER'}, again: ${doneAgain} ${stepsTwice.join(' ')}`,
    );
  }
  const count = (is: (lost: Lost) => boolean) => losses.filter(is).length;
  const same = count((lost) => lost.same && lost.code === 0);
  const once = count((lost) => lost.once);
  const doneAgain = losses.reduce((sum, lost) => sum + lost.doneAgain, 0);
  const twice = losses.flatMap(({ stepsTwice }) => stepsTwice);
  return {
    tables: [
      {
        title:
          how === 'killed'
            ? `Redis killed with SIGKILL at a random moment, and started again within ${AWAY} s`
            : 'Redis emptied (FLUSHALL) at a random moment, and the reel submitted again',
        columns: [
          'runs',
          'ended with all done, same output',
          'each take once',
          'takes done again',
          'other steps done twice',
        ],
        rows: [[runs, same, once, doneAgain, twice.length === 0 ? 0 : twice.join(', ')]],
      },
    ],
    facts: losses,
    broken: [
      ...(same === runs
        ? []
        : [`${runs - same} of ${runs} reels whose queue was ${how} did not end as one process ends.`]),
      ...(once === runs ? [] : [`${runs - once} of ${runs} reels whose queue was ${how} had a take twice.`]),
      ...(doneAgain === 0 ? [] : [`${doneAgain} finished takes were begun again when the queue was ${how}.`]),
      ...(twice.length === 0 ? [] : [`Steps were done twice when the queue was ${how}: ${twice.join(', ')}.`]),
    ],
  };
}

async function loseOnce(
  reel: FarmReel,
  name: string,
  how: QueueLoss,
  moment: number,
  away: number,
): Promise<Lost | undefined> {
  const { server } = reel;
  await using worker = reel.work();
  await using begun = await reel.begin(name);
  const step = await momentOf(reel, begun, worker.pid, moment);
  if (step === undefined) return undefined;
  let { end } = begun;
  if (how === 'killed') {
    await server.kill();
    await wait(1000 * away);
    await server.start();
  } else {
    await server.redis.flushall();
    await end;
    end = begun.again();
  }
  const { code } = await end;
  const { names } = begun;
  const done = [...worker.said().matchAll(/^(\S+) of ".*" is done: /gm)].map(([, one]) => one as string);
  const stepsTwice = [...new Set(done.filter((one, k) => done.indexOf(one) !== k))];
  const once = names.twice() === 0;
  const lost = { step, code, same: await begun.isSame(), once, doneAgain: names.begunAfter(), stepsTwice };
  await server.redis.flushall();
  return lost;
}
