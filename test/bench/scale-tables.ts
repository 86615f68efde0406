import type { Table } from './bench.ts';
import type { StepFigures, Took } from './scale-costs.ts';
import type { QueueCosts, QueueFigures } from './scale-queue.ts';
import { queueLoadOf, type Run, sharesOf } from './scale-runs.ts';

const MILLI = 1e3;

/** What was measured in this run of steps. */
export function inputTable(steps: StepFigures, load: string): Table {
  const { width, height, frames, patch } = steps;
  const row = (what: string, { processor }: Took) => [what, processor * MILLI];
  return {
    title: `Steps, measured on ${width} × ${height}, ${frames} frames, one face; ${load}`,
    columns: ['what', 'ms of processor time a frame'],
    rows: [
      row('tracking', steps.track),
      row(`rendering a face of ${patch}² (\`detail\`, processor), from file to file`, steps.face),
      row('casting', steps.cast),
      row('copying an untouched still', steps.copyDpx),
      row('encoding an untouched frame as FFV1', steps.copyFfv1),
      row('proving a reel of stills by its print: size and time of each', steps.print),
      row('opening what writes stills: the header of each', steps.open),
      row('conforming tiny stills', steps.joinNames),
      row('conforming stills', steps.joinDpx),
      row('conforming FFV1: joined, verified, hashed', steps.joinFfv1),
      row('copying packets of FFV1', steps.joinPackets),
      ['a slot before its first frames, ms', steps.begin.processor * MILLI],
      ['a still, MB', steps.dpxBytes / 1e6],
      ['a frame of FFV1, MB', steps.ffv1Bytes / 1e6],
    ],
  };
}

/** What was measured in this run of the queue. */
export function queueTable({ flows, renewal, progress, idle, workerBytes, rates }: QueueFigures): Table {
  const row = (what: string, { scripts, commands, bytes, microseconds }: QueueCosts, memory: number | string = '') => [
    what,
    scripts,
    commands,
    bytes,
    microseconds,
    memory,
  ];
  return {
    title: `BullMQ on Redis with an append-only file: ${flows.map((one) => `a flow of ${one.children} is added in ${one.addSeconds.toFixed(2)} s`).join(', ')}; ${rates.map((one) => `${one.workers} workers do ${one.jobsASecond.toFixed(0)} empty jobs a second`).join(', ')}`,
    columns: ['what', 'scripts', 'commands', 'bytes to and from', 'µs of Redis', 'Redis memory, bytes'],
    rows: [
      ...flows.map((one) => row(`a job added, of ${one.children}`, one.added, one.waitingBytes)),
      ...flows.map((one) => row(`a job taken and finished, of ${one.children}`, one.done, one.finishedBytes)),
      row('a lease renewed', renewal),
      row('progress reported', progress),
      row('a worker without a step, a second', idle, workerBytes),
    ],
  };
}

/** A film on several farms. */
export function filmTable(runs: readonly Run[]): Table {
  return {
    title: 'A film of 200,000 frames, as the farm is',
    columns: [
      'a worker',
      'writes',
      'storage, GB/s',
      'workers',
      'hours',
      'speed-up',
      'efficiency, %',
      'what the time goes to',
    ],
    rows: runs.map((one) => [
      one.scenario.worker === 'gpu' ? 'a card' : 'a core',
      one.scenario.output === 'dpx' ? 'stills' : 'FFV1',
      one.scenario.farm.storage / 1e9,
      one.scenario.farm.workers,
      one.seconds / 3600,
      one.speedUp,
      100 * one.efficiency,
      describeShares(one),
    ]),
  };
}

/** What the same farms ask of queue and network. */
export function loadTable(runs: readonly Run[], queue: QueueFigures): Table {
  return {
    title: 'The first of these: queue and network',
    columns: [
      'workers',
      'steps',
      'workers lost',
      'moved, TB',
      'of which to and from Redis, MB',
      'Redis commands a second',
      'of a core of Redis, %',
      'Redis memory, MB',
    ],
    rows: runs.map((one) => {
      const load = queueLoadOf(one, queue);
      return [
        one.scenario.farm.workers,
        one.steps,
        one.losses,
        one.bytes / 1e12,
        load.bytes / 1e6,
        load.commandsASecond,
        100 * load.redis,
        load.memory / 1e6,
      ];
    }),
  };
}

/** A change, and the farm with it and all before it. */
export interface CutRun {
  readonly name: string;
  readonly run: Run;
}

/** One change after another, each the one that spares most. */
export function cutsTable(title: string, cuts: readonly CutRun[]): Table {
  return {
    title: `${title}: always the change that spares most`,
    columns: ['with', 'minutes', 'speed-up', 'efficiency, %', 'what the time goes to'],
    rows: cuts.map(({ name, run }, k) => [
      k === 0 ? name : `+ ${name}`,
      run.seconds / 60,
      run.speedUp,
      100 * run.efficiency,
      describeShares(run),
    ]),
  };
}

/** Farms that are as they are, or as good as so many changes make them. */
export function fewestTable(title: string, best: readonly CutRun[]): Table {
  return {
    title,
    columns: ['farm', 'minutes', 'speed-up', 'efficiency, %', 'what the time goes to'],
    rows: best.map(({ name, run }) => [name, run.seconds / 60, run.speedUp, 100 * run.efficiency, describeShares(run)]),
  };
}

/** A farm by the length of its spans. */
export function spansTable(rows: readonly { readonly span: number; readonly run: Run }[]): Table {
  return {
    title: 'Eight cards, stills and fast storage, by the length of spans',
    columns: ['frames of a span', 'spans', 'minutes', 'speed-up'],
    rows: rows.map(({ span, run }) => [
      span,
      Math.ceil(run.scenario.plan.frames / span),
      run.seconds / 60,
      run.speedUp,
    ]),
  };
}

/** The same film with its takes in order, and with the longest first. */
interface BothOrders {
  readonly inOrder: Run;
  readonly longest: Run;
}

/** Films of other shots and faces, with takes in order and with the longest first. */
export function orderTable(
  orders: readonly { readonly name: string; readonly shared: BothOrders; readonly unlimited: BothOrders }[],
): Table {
  return {
    title: '64 cores, spans of 300, headers listed, records trusted: other films, and the order of takes',
    columns: [
      'film',
      'steps',
      '11 GB/s: minutes, in order',
      'efficiency, %',
      'longest first',
      'efficiency, %',
      'no limit of storage: minutes, in order',
      'longest first',
    ],
    rows: orders.map(({ name, shared, unlimited }) => [
      name,
      shared.inOrder.steps,
      shared.inOrder.seconds / 60,
      100 * shared.inOrder.efficiency,
      shared.longest.seconds / 60,
      100 * shared.longest.efficiency,
      unlimited.inOrder.seconds / 60,
      unlimited.longest.seconds / 60,
    ]),
  };
}

/** The greatest parts, as far as they make more than 2 % each. */
function describeShares(run: Run): string {
  const parts = sharesOf(run).filter(({ share }) => share >= 0.02);
  return parts
    .slice(0, 4)
    .map(({ what, share }) => `${what} ${Math.round(100 * share)} %`)
    .join(', ');
}
