import { join } from 'node:path';
import type { BenchOptions, Outcome, Table } from './bench.ts';
import { stepFigures } from './scale-costs.ts';
import type { Cut, FilmPlan } from './scale-film.ts';
import type { Farm } from './scale-model.ts';
import { queueFigures } from './scale-queue.ts';
import { type Run, run, type Scenario } from './scale-runs.ts';
import {
  type CutRun,
  cutsTable,
  fewestTable,
  filmTable,
  inputTable,
  loadTable,
  orderTable,
  queueTable,
  spansTable,
} from './scale-tables.ts';
import { loadLine } from './timed-command.ts';

/** Frames of the reel that is measured. */
const FRAMES = 192;
/** Children of a flow, the second as many as a film of 200,000 frames has where takes have 96 on average. */
const FLOWS = [1_000, 2_084, 10_000, 50_000] as const;
const RATED_WORKERS = [1, 8, 32] as const;
const WORKERS = [1, 8, 64, 1_000] as const;
const GOAL = 7.2;
const SPANS = [1_500, 1_000, 715, 500, 417, 300] as const;
/** Frames of reels, the second as many as in a reel of 19 minutes. */
const LENGTHS = [10_000, 27_000, 200_000] as const;

const FILM: FilmPlan = { frames: 200_000, medianShot: 72, spread: 0.9, faceShare: 0.5, seed: 20260101 };
const SHORT: FilmPlan = { ...FILM, frames: 10_000 };
/** As the farm cuts a reel, but for its spans. */
const CUT: Omit<Cut, 'span'> = { take: 240, longestFirst: true, rereads: true, clones: false };
const TEN_GIGABIT = 1.1e9;
const GIGABIT = 0.11e9;
/** Storage that eight cards do not wait for long, bytes a second: striped, or disks beside them. */
const FAST = 10 * TEN_GIGABIT;
/** What the goal is asked of. */
const GOALS = [
  { of: 'stills on 1.1 GB/s', output: 'dpx', storage: TEN_GIGABIT },
  { of: 'stills on 11 GB/s', output: 'dpx', storage: FAST },
  { of: 'a movie on 1.1 GB/s', output: 'ffv1', storage: TEN_GIGABIT },
  { of: 'a movie on 11 GB/s', output: 'ffv1', storage: FAST },
] as const;
const HOURS_TO_LOSS = 1_000;
const FARM: Farm = {
  workers: 1,
  storage: TEN_GIGABIT,
  link: TEN_GIGABIT,
  queueSeconds: 0,
  secondsToLoss: HOURS_TO_LOSS * 3600,
  redeliverySeconds: 25,
  seed: 1,
};

/**
 * What would make a farm end sooner: each changes one thing of a scenario. Not read again: a movie that was joined is neither verified
 * nor hashed. Headers listed: an order states what opening its target would find. Even spans: as many as workers, of 300 frames at
 * least. Cloned: the storage copies by itself. Eight parts: orders of their own.
 */
const CUTS: readonly { readonly name: string; readonly change: (one: Scenario) => Scenario }[] = [
  { name: 'storage ×10', change: (one) => withFarm(one, { storage: 10 * one.farm.storage }) },
  { name: 'storage ×100', change: (one) => withFarm(one, { storage: 10 * one.farm.storage }) },
  { name: 'untouched stills cloned', change: (one) => withCut(one, { clones: true }) },
  { name: 'joined movie not read again', change: (one) => withCut(one, { rereads: false }) },
  { name: 'headers listed', change: (one) => ({ ...one, listed: true }) },
  { name: 'even spans', change: (one) => withCut(one, { span: evenSpan(one) }) },
  { name: 'takes of 60 frames', change: (one) => withCut(one, { take: 60 }) },
  { name: 'eight parts', change: (one) => ({ ...one, parts: 8 }) },
];

/**
 * A film on 1 to 1,000 workers, simulated by what steps and the queue cost here: both are measured first, by the command and its writers
 * on a drawn reel (`--frames` long) and by BullMQ on a Redis server of the bench's own. `--quick` measures a shorter reel and flow.
 */
export async function scaleBench({ folder, frames, quick, say }: BenchOptions): Promise<Outcome> {
  const steps = await stepFigures(join(folder, 'steps'), frames ?? (quick ? FRAMES / 2 : FRAMES), say);
  const load = loadLine();
  const queue = await queueFigures(join(folder, 'redis'), quick ? FLOWS.slice(0, 1) : FLOWS, RATED_WORKERS, say);
  const queueSeconds = 1 / Math.max(...queue.rates.map(({ jobsASecond }) => jobsASecond));

  const scenario = (change: Partial<Scenario>, farm: Partial<Farm> = {}): Scenario => ({
    ...{ worker: 'gpu', output: 'dpx', plan: FILM, parts: 1, listed: false },
    cut: { ...CUT, span: spanOf(change.plan ?? FILM) },
    ...change,
    farm: { ...FARM, queueSeconds, ...farm },
  });
  const simulated = (one: Scenario) => run(one, steps);
  say('simulating the film');
  const films = [
    scenario({}),
    scenario({}, { storage: GIGABIT, link: GIGABIT }),
    scenario({ output: 'ffv1' }),
    scenario({ worker: 'cpu' }),
  ].map((one) => WORKERS.map((workers) => simulated(withFarm(one, { workers }))));
  say('what breaks first');
  const cuts = greedy(scenario({}, { workers: 1_000 }), simulated);
  const some = greedy(scenario({}, { workers: 64 }), simulated);
  say(`what takes eight cards to ${GOAL}`);
  const eightCards = GOALS.map(({ output, storage }) =>
    fewest(scenario({ plan: SHORT, output }, { workers: 8, storage }), simulated),
  );
  const best = scenario({ plan: SHORT }, { workers: 8, storage: FAST });
  const longer = LENGTHS.map((count) => ({
    name: `${count.toLocaleString('en')} frames`,
    run: simulated(scenario({ plan: { ...FILM, frames: count } }, { workers: 8, storage: FAST })),
  }));
  const spans = SPANS.map((span) => ({ span, run: simulated(withCut(best, { span })) }));
  say('orders of takes, and other films');
  const trusting = { ...CUT, span: 300 };
  const cores = scenario({ worker: 'cpu', listed: true, cut: trusting }, { workers: 64, storage: 10 * TEN_GIGABIT });
  const orders = [
    ['as above', {}],
    ['shots of 36 frames', { medianShot: 36 }],
    ['shots of 144 frames', { medianShot: 144 }],
    ['a spread of 1.2', { spread: 1.2 }],
    ['a face in a quarter of the shots', { faceShare: 0.25 }],
    ['a face in three quarters', { faceShare: 0.75 }],
  ].map(([name, change]) => {
    const plan = { ...FILM, ...(change as Partial<FilmPlan>) };
    const both = (farm: Partial<Farm>) => {
      const [inOrder, longest] = [false, true].map((longestFirst) =>
        simulated(withFarm(withCut({ ...cores, plan }, { longestFirst }), farm)),
      ) as [Run, Run];
      return { inOrder, longest };
    };
    return { name: name as string, shared: both({}), unlimited: both({ storage: Infinity, link: Infinity }) };
  });

  const tables: Table[] = [
    inputTable(steps, load),
    queueTable(queue),
    filmTable(films.flat()),
    loadTable(films[0] as Run[], queue),
    cutsTable('200,000 frames on 1,000 cards', cuts),
    cutsTable('200,000 frames on 64 cards', some),
    ...GOALS.map(({ of }, k) =>
      fewestTable(`10,000 frames to ${of}, on eight cards over one (goal ${GOAL})`, eightCards[k] as CutRun[]),
    ),
    spansTable(spans),
    fewestTable('Longer reels, to stills on eight cards and fast storage', longer),
    orderTable(orders),
  ];
  const broken = GOALS.flatMap(({ of }, k) => {
    const speedUp = eightCards[k]?.[0]?.run.speedUp ?? 0;
    if (speedUp >= GOAL) return [];
    return [`10,000 frames to ${of}, on eight cards: ${speedUp.toFixed(2)} over one; the goal is ${GOAL}.`];
  });
  return {
    tables,
    facts: { steps, queue, queueSeconds, films, cuts, some, eightCards, longer, spans, orders },
    broken,
  };
}

/** The farm as it is, and then always with the change that shortens it most, as long as one does so by 1 %. */
function greedy(start: Scenario, simulated: (one: Scenario) => Run): CutRun[] {
  const taken: CutRun[] = [{ name: 'as it is', run: simulated(start) }];
  let left = [...CUTS];
  for (;;) {
    const now = (taken.at(-1) as CutRun).run;
    const tried = left.map((cut) => ({ cut, name: cut.name, run: simulated(cut.change(now.scenario)) }));
    tried.sort((a, b) => a.run.seconds - b.run.seconds);
    const [best] = tried;
    if (!best || best.run.seconds > 0.99 * now.seconds) return taken;
    taken.push({ name: best.name, run: best.run });
    left = left.filter((cut) => cut !== best.cut);
  }
}

/** The soonest of all farms with one change, with two, and so on, until the goal is reached or one more change spares less than 1 %. */
function fewest(start: Scenario, simulated: (one: Scenario) => Run): CutRun[] {
  const best: CutRun[] = [{ name: 'as it is', run: simulated(start) }];
  for (let size = 1; size <= CUTS.length && (best.at(-1) as CutRun).run.speedUp < GOAL; size++) {
    const tried = subsets(CUTS, size).map((cuts) => ({
      name: cuts.map(({ name }) => name).join(', '),
      run: simulated(cuts.reduce((one, { change }) => change(one), start)),
    }));
    const soonest = tried.reduce((a, b) => (b.run.seconds < a.run.seconds ? b : a));
    if (soonest.run.seconds > 0.99 * (best.at(-1) as CutRun).run.seconds) return best;
    best.push(soonest);
  }
  return best;
}

function subsets<T>(all: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return all.flatMap((one, k) => subsets(all.slice(k + 1), size - 1).map((rest) => [one, ...rest]));
}

/** Frames of a span, as an order has them. */
function spanOf({ frames }: Pick<FilmPlan, 'frames'>): number {
  return Math.min(1_500, Math.max(240, Math.ceil(frames / 64)));
}

function evenSpan({ plan, farm }: Scenario): number {
  return Math.max(300, Math.ceil(plan.frames / farm.workers));
}

function withFarm(one: Scenario, farm: Partial<Farm>): Scenario {
  return { ...one, farm: { ...one.farm, ...farm } };
}

function withCut(one: Scenario, cut: Partial<Cut>): Scenario {
  return { ...one, cut: { ...one.cut, ...cut } };
}
