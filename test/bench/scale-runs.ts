import type { StepFigures } from './scale-costs.ts';
import { type Cut, type FilmPlan, type FrameCosts, stagesOf } from './scale-film.ts';
import { type Farm, type Order, type Simulated, simulate } from './scale-model.ts';
import type { QueueCosts, QueueFigures } from './scale-queue.ts';

/** A worker: a core of a processor, or a graphics card with cores enough beside it. */
export type WorkerKind = 'cpu' | 'gpu';

/** What a reel of 2K stills of 10 bits becomes: such stills, or a movie in FFV1. */
export type OutputKind = 'dpx' | 'ffv1';

/** Faces a second of 512² that a whole restore made on one card, and what 1024² costs beside 512² there, seconds: docs/measured.md. */
const GPU_FACES = 18;
const GPU_LARGER = 0.02;
/** Cores that decoding and one tracker keep busy side by side: on two quiet ones they take 18 ms of clock and 40 of processor a frame. */
const TRACKING_CORES = 2;
/** Cores beside a card, over which the encoder's slices spread. */
const CORES_BESIDE = 8;
/** Opening a still costs shared storage as much as so many bytes: 17,000 a second of 1.1 GB/s. */
const OPENED_BYTES = 2 ** 16;
/** Headers of every still that a worker reads: what will write such stills does. Its print asks for sizes and times alone. */
const OPENED = { dpx: 1, ffv1: 0 } as const;

/** Seconds between renewals of a lease, and between reports of progress. */
const RENEWAL = 7.5;
const PROGRESS = 5;

/** A farm and what it is given. */
export interface Scenario {
  readonly worker: WorkerKind;
  readonly output: OutputKind;
  readonly plan: FilmPlan;
  readonly cut: Cut;
  /** Parts of the film that are orders of their own. */
  readonly parts: number;
  /** True: an order states what opening its target would find, and a worker reads no headers. */
  readonly listed: boolean;
  readonly farm: Farm;
}

export interface Run extends Simulated {
  readonly scenario: Scenario;
  readonly steps: number;
  /** Over one worker that does the same. */
  readonly speedUp: number;
  readonly efficiency: number;
}

/**
 * What a frame costs a worker: processor time, since the model adds the wait for storage, and this machine's clock tells what else it
 * does. Where work is spread over cores, a card's worker has the clock's time of as many of them.
 */
export function costsFor(figures: StepFigures, worker: WorkerKind, output: OutputKind): FrameCosts {
  const copied = figures.copyDpx.processor;
  const encoded = figures.copyFfv1.processor / (worker === 'gpu' ? CORES_BESIDE : 1);
  const { dpxBytes, ffv1Bytes } = figures;
  const packets = figures.joinPackets.processor;
  const restored = (patch: number) =>
    worker === 'gpu'
      ? 1 / GPU_FACES + (GPU_LARGER / 3) * Math.max(0, (patch / 512) ** 2 - 1)
      : copied + (figures.face.processor - copied) * (patch / figures.patch) ** 2;
  return {
    track: figures.track.processor / (worker === 'gpu' ? TRACKING_CORES : 1),
    cast: figures.cast.processor,
    read: dpxBytes,
    ...(output === 'dpx'
      ? {
          face: restored,
          copy: copied,
          join: figures.joinDpx.processor,
          // What a take's files hold is known by its record.
          reread: 0,
          written: dpxBytes,
          joinedBytes: 0,
          rereadBytes: 0,
        }
      : {
          face: (patch) => restored(patch) + encoded,
          copy: encoded,
          join: packets,
          reread: figures.joinFfv1.processor - packets,
          written: ffv1Bytes,
          // Read from the takes and written; read to be verified, and for its hash.
          joinedBytes: 2 * ffv1Bytes,
          rereadBytes: 2 * ffv1Bytes,
        }),
  };
}

function ordersOf({ worker, output, plan, cut, parts, listed }: Scenario, figures: StepFigures): Order[] {
  const costs = costsFor(figures, worker, output);
  return Array.from({ length: parts }, (_, k) => {
    const frames = Math.round(((k + 1) * plan.frames) / parts) - Math.round((k * plan.frames) / parts);
    const headers = listed ? 0 : OPENED[output] * frames;
    const opening = {
      seconds: figures.begin.processor + frames * figures.print.processor + headers * figures.open.processor,
      bytes: headers * OPENED_BYTES,
    };
    return { opening, stages: stagesOf({ ...plan, frames, seed: plan.seed + k }, cut, costs) };
  });
}

export function run(scenario: Scenario, figures: StepFigures): Run {
  const orders = ordersOf(scenario, figures);
  const done = simulate(orders, scenario.farm);
  const alone = scenario.farm.workers === 1 ? done : simulate(orders, { ...scenario.farm, workers: 1 });
  const speedUp = alone.seconds / done.seconds;
  const steps = orders.flatMap(({ stages }) => stages.flatMap((stage) => stage.steps));
  return { ...done, scenario, steps: steps.length, speedUp, efficiency: speedUp / scenario.farm.workers };
}

/** What the workers' time went to, as shares of all of it, the greatest first. */
export function sharesOf({ spent, seconds, scenario }: Run): { readonly what: string; readonly share: number }[] {
  const total = seconds * scenario.farm.workers;
  const idle = Object.entries(spent.idle).map(([stage, time]) => ({ what: `idle, ${stage}`, share: time / total }));
  const rest = (['working', 'storage', 'starting', 'lost'] as const).map((what) => ({
    what,
    share: spent[what] / total,
  }));
  return [...rest, ...idle].sort((a, b) => b.share - a.share);
}

/** What the queue has to do. */
export interface QueueLoad {
  readonly commandsASecond: number;
  /** Of one core, 0 … 1. */
  readonly redis: number;
  readonly memory: number;
  /** To and from Redis in all, bytes. */
  readonly bytes: number;
}

export function queueLoadOf({ spent, seconds, steps, handedOut, scenario }: Run, queue: QueueFigures): QueueLoad {
  const flow = queue.flows.reduce((best, one) =>
    Math.abs(one.children - steps) < Math.abs(best.children - steps) ? one : best,
  );
  const idle = Object.values(spent.idle).reduce((sum, time) => sum + time, 0);
  const busy = spent.working + spent.storage + spent.starting;
  const sum = (key: keyof QueueCosts) =>
    steps * flow.added[key] +
    handedOut * flow.done[key] +
    busy * (queue.renewal[key] / RENEWAL + queue.progress[key] / PROGRESS) +
    idle * queue.idle[key];
  return {
    commandsASecond: sum('commands') / seconds,
    redis: sum('microseconds') / 1e6 / seconds,
    memory: steps * flow.finishedBytes + scenario.farm.workers * queue.workerBytes,
    bytes: sum('bytes'),
  };
}
