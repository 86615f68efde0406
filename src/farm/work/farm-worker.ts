import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { openHotFolder } from '../../disk/hot-folder.ts';
import type { RunEvent } from '../../log/run-event.ts';
import { builtFile } from '../../workers/rpc.ts';
import { describeVersions, type Versions } from '../order/order.ts';
import type { PathMap } from '../order/path-maps.ts';
import { connectPatiently } from '../queue/connect.ts';
import { type Control, hearControl } from '../queue/control.ts';
import { farmOn, loadBullmq, PREFIX, queueName } from '../queue/farm.ts';
import { readOrders } from '../queue/order-records.ts';
import { isOpen, readStatus } from '../queue/order-status.ts';
import type { QueueAddress } from '../queue/queue-address.ts';
import { type StepJob, type StepResult, waitBeforeAttempt } from '../queue/step-job.ts';
import { forgetWorker, noteWorker, type WorkerRecord } from '../queue/worker-records.ts';
import { type CardEnvironment, cardEnvironment } from './card-environment.ts';
import { type FarmStorage, storageEnvironment } from './farm-storage.ts';
import { machineCores } from './machine-cores.ts';
import { openReadAhead } from './read-ahead.ts';
import type { RunningStep } from './running-step.ts';
import { openSlot, type Slot } from './slot.ts';
import { slotCommand } from './slot-command.ts';
import { coresOfSlots } from './slot-cores.ts';
import { MOST_STALLS } from './step-failures.ts';
import { stepProcessor } from './step-processor.ts';

export interface FarmWorkerOptions {
  readonly address: QueueAddress;
  readonly versions: Versions;
  /** What each slot has of `CUDA_VISIBLE_DEVICES`; undefined: all that there are. One slot an element. */
  readonly slots: readonly (string | undefined)[];
  readonly maps: readonly PathMap[];
  /** A folder on a fast disk for what slots read often; undefined: the user's cache folder. */
  readonly hot?: NonNullable<FarmStorage['hot']> | undefined;
  /** True: frames of the takes that come next are copied into the hot folder while others are rendered. */
  readonly readsAhead?: boolean;
  readonly onEvent: (event: RunEvent) => void;
  /** Called with a sentence for who looks at the worker. `isStep`: it is of a single step. */
  readonly onSay: (sentence: string, isStep?: boolean) => void;
}

/** A worker that takes steps until it is told to stop. */
export interface FarmWorker {
  readonly id: string;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Takes nothing more, and ends when what is begun is done. */
  drain(): void;
  /** Ends at once: what is begun goes back to the queue. */
  handBack(): void;
}

/** Milliseconds for which a step is a worker's that fell silent, and between two looks for such: it is given to another after 25 s at most. */
const LEASE = 15_000;
const SWEEP = 5000;
/** Milliseconds between two signs of life. */
const SIGN = 5000;

/**
 * A queue that does not answer is waited for.
 *
 * @throws QueueError where a package is missing
 * @throws OutputError for a hot folder that cannot be written to, where it reads ahead
 */
export async function openFarmWorker(options: FarmWorkerOptions): Promise<FarmWorker> {
  const { address, versions, maps, onEvent, onSay } = options;
  const bullmq = await loadBullmq();
  const hot = await hotForFrames(options);
  const id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`;
  const queue = queueName(versions);
  const started = new Date().toISOString();
  let isClosing = false;
  const redis = await connectPatiently(
    address,
    (sentence) => {
      if (isClosing) return;
      onEvent({ code: 'E_QUEUE_LOST', message: sentence });
      onSay(sentence);
    },
    () => {
      onEvent({ code: 'QUEUE_BACK' });
      onSay(`The queue ${address.name} answers again.`);
    },
  );
  const farm = farmOn(redis, address, bullmq);
  const slots = await openSlots(options.slots, options.hot, onSay);
  const readAhead =
    hot && openReadAhead({ farm, queue, maps, hot: hot.folder, most: hot.frames, slots: slots.length, onEvent, onSay });
  let draining = false;
  const sign = () => {
    if (redis.status !== 'ready') return;
    const record = recordOf({ id, queue, versions, started, draining }, slots, [...processor.running.values()]);
    void noteWorker(redis, record).catch(() => {});
  };
  const processor = stepProcessor({
    ...{ farm, bullmq, id, queue, maps, lease: LEASE, onEvent, onSay: (sentence: string) => onSay(sentence, true) },
    free: [...slots].reverse(),
    readAhead,
    onChange: () => sign(),
  });
  const worker = new bullmq.Worker<StepJob, StepResult>(queue, (job, token) => processor.process(job, token), {
    settings: { backoffStrategy: waitBeforeAttempt },
    connection: redis,
    prefix: PREFIX,
    name: id,
    concurrency: slots.length,
    lockDuration: LEASE,
    stalledInterval: SWEEP,
    maxStalledCount: MOST_STALLS,
    // Of what it does when the queue was away.
    runRetryDelay: 1000,
  });
  // The connection says what is to be said of the queue; leases that were lost are told where they are noticed.
  worker.on('error', () => {});
  worker.on('lockRenewalFailed', (jobs) => {
    for (const job of jobs) processor.end(job, 'lease lost');
  });
  const ear = redis.duplicate();
  ear.on('error', () => {});
  const hear = (control: Control) => {
    if ('cancel' in control) {
      for (const { job, data } of processor.running.values()) {
        if (data.order === control.cancel) processor.end(job, 'cancelled');
      }
    } else if (control.drain === '*' || control.drain === id) drain();
  };
  void hearControl(ear, hear).catch(() => {});
  const timer = setInterval(sign, SIGN);
  onEvent({ code: 'WORKER_STARTED', labels: { worker: id } });
  void redis.ping().then(async () => {
    sign();
    for (const sentence of await otherOrders()) onSay(sentence);
  });

  /** Orders that wait for workers of other versions. */
  const otherOrders = async (): Promise<string[]> => {
    const sentences: string[] = [];
    for (const record of await readOrders(redis)) {
      if (record.queue === queue) continue;
      if (!isOpen((await readStatus(farm, record, [])).state)) continue;
      sentences.push(
        `The order of "${record.out}" waits for ${describeVersions(record.versions)}. This worker has ${describeVersions(versions)}, and leaves it to others.`,
      );
    }
    return sentences;
  };

  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const drain = () => {
    if (draining) return;
    draining = true;
    readAhead?.stop();
    const begun = processor.running.size;
    onEvent({ code: 'WORKER_DRAINING', labels: { worker: id } });
    onSay(
      begun === 0
        ? 'Draining: nothing is begun.'
        : `Draining: ${begun} ${begun === 1 ? 'step is' : 'steps are'} finished, and nothing more is taken. Stop it once more to hand ${begun === 1 ? 'it' : 'them'} back at once.`,
    );
    sign();
    void close();
  };
  const close = async () => {
    await worker.close();
    clearInterval(timer);
    await readAhead?.[Symbol.asyncDispose]();
    await Promise.all(slots.map((slot) => slot[Symbol.asyncDispose]()));
    if (redis.status === 'ready') await forgetWorker(redis, id).catch(() => {});
    isClosing = true;
    ear.disconnect();
    await farm[Symbol.asyncDispose]();
    onEvent({ code: 'WORKER_STOPPED', labels: { worker: id } });
    end?.();
  };
  return {
    ...{ id, ended, drain },
    handBack() {
      drain();
      for (const job of [...processor.running.keys()]) processor.end(job, 'handed back');
    },
  };
}

/** Where frames are read ahead to, and how many bytes: half of the hot folder, so that networks have room beside them. */
async function hotForFrames({ hot, readsAhead = false, onEvent }: FarmWorkerOptions) {
  if (!hot || !readsAhead) return undefined;
  return { folder: await openHotFolder({ ...hot, onNews: onEvent }), frames: hot.bytes / 2 };
}

/** Each has its share of the cores, and is told which GPU it has. */
async function openSlots(
  gpus: FarmWorkerOptions['slots'],
  hot: FarmWorkerOptions['hot'],
  onSay: FarmWorkerOptions['onSay'],
): Promise<readonly Slot[]> {
  const names = [...new Set(gpus)].flatMap((gpu) => gpu ?? []);
  const cards = new Map<string | undefined, CardEnvironment>();
  for (const name of names) cards.set(name, await cardEnvironment(name));
  for (const { shortcoming } of cards.values()) if (shortcoming !== null) onSay(shortcoming);
  const cores = coresOfSlots(await machineCores(), gpus.length);
  const args = [...process.execArgv, builtFile('farm/work/slot-child')];
  return Promise.all(
    gpus.map(async (gpu, number) => {
      const command = await slotCommand(cores[number] ?? { count: 1, processors: null }, process.execPath, args);
      const env = { ...command.env, ...storageEnvironment(hot ? { hot } : {}), ...cards.get(gpu)?.env };
      return openSlot({ number, of: gpus.length, gpu, lease: LEASE, command: { ...command, env } });
    }),
  );
}

function recordOf(
  { versions, ...own }: Pick<WorkerRecord, 'id' | 'queue' | 'started' | 'draining'> & { readonly versions: Versions },
  slots: readonly { readonly number: number; readonly gpu: string | undefined }[],
  running: readonly RunningStep[],
): WorkerRecord {
  return {
    ...own,
    ...{ host: hostname(), pid: process.pid, versions: describeVersions(versions) },
    slots: slots.map(({ number, gpu }) => {
      const now = running.find(({ slot }) => slot.number === number);
      const { order, step } = now?.data ?? {};
      return {
        slot: number,
        ...(gpu === undefined ? {} : { gpu }),
        ...(now && order && step
          ? { doing: { order, step: `${step.kind}-${step.index}`, since: now.since, ...now.stage } }
          : {}),
      };
    }),
  };
}
