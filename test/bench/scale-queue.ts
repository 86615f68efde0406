import { type FlowJob, FlowProducer, type Job, Queue, Worker } from 'bullmq';
import { type OwnRedis, openRedis, type Usage, usageBetween } from './own-redis.ts';

/** What a part of a job's life costs the queue, mean of many. */
export interface QueueCosts {
  /** Scripts that a client sends. */
  readonly scripts: number;
  /** Redis commands, those inside the scripts counted. */
  readonly commands: number;
  /** Bytes to and from Redis. */
  readonly bytes: number;
  /** Processor time of Redis, microseconds. */
  readonly microseconds: number;
}

/** A flow of so many takes under one conform, added and done. */
export interface FlowCosts {
  readonly children: number;
  readonly addSeconds: number;
  readonly added: QueueCosts;
  readonly done: QueueCosts;
  /** Of Redis, bytes a job: waiting, and finished and kept. */
  readonly waitingBytes: number;
  readonly finishedBytes: number;
  /** Of the append-only file, bytes a job, at the end. */
  readonly fileBytes: number;
}

export interface QueueFigures {
  readonly flows: readonly FlowCosts[];
  readonly renewal: QueueCosts;
  readonly progress: QueueCosts;
  /** A worker without a job, a second. */
  readonly idle: QueueCosts;
  /** Of Redis, bytes a worker that is connected. */
  readonly workerBytes: number;
  readonly rates: readonly { readonly workers: number; readonly jobsASecond: number; readonly redisShare: number }[];
}

const QUEUE = 'farm';
/** As the farm has it, milliseconds. */
const LEASE = { lockDuration: 15_000, stalledInterval: 5_000 } as const;
const RATE_JOBS = 3_000;
const IDLE_WORKERS = 50;
const IDLE_MS = 10_000;
const CALLS = 1_000;

/** Measures BullMQ on a Redis of its own, with an append-only file, in `folder`. */
export async function queueFigures(
  folder: string,
  children: readonly number[],
  workers: readonly number[],
  say: (line: string) => void,
): Promise<QueueFigures> {
  await using redis = await openRedis(folder);
  const flows: FlowCosts[] = [];
  for (const count of children) {
    say(`a flow of ${count} takes`);
    flows.push(await flowCosts(redis, count));
    await redis.client.flushall();
  }
  say('renewals and progress');
  const calls = await callCosts(redis);
  await redis.client.flushall();
  say(`${IDLE_WORKERS} workers without a job, for ${IDLE_MS / 1000} s`);
  const idle = await idleCosts(redis);
  const rates = [];
  for (const count of workers) {
    say(`empty jobs, ${count} workers`);
    await redis.client.flushall();
    rates.push(await rateOf(redis, count));
  }
  return { flows, ...calls, ...idle, rates };
}

function flowOf(children: number): FlowJob {
  const order = 'c0ffee'.repeat(8);
  const opts = { attempts: 3, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: { age: 7 * 86_400 } };
  const job = (name: string, index: number) => ({
    name,
    queueName: QUEUE,
    data: { order, step: name, index },
    opts: { ...opts, jobId: `${order.slice(0, 16)}-${name}-${index}` },
  });
  return {
    ...job('conform', 0),
    children: Array.from({ length: children }, (_, index) => {
      const take = job('take', index);
      return { ...take, opts: { ...take.opts, ignoreDependencyOnFailure: true } };
    }),
  };
}

async function flowCosts(redis: OwnRedis, children: number): Promise<FlowCosts> {
  const before = await redis.usage();
  const addSeconds = await addFlow(redis, children);
  const added = await redis.usage();
  const closing = await workUntil(redis, children + 1, 1);
  const done = await redis.usage();
  await closing();
  const fileBytes = done.fileBytes - before.fileBytes;
  return {
    children,
    addSeconds,
    added: costsOf(before, added, children),
    done: costsOf(added, done, children),
    waitingBytes: (added.memory - before.memory) / children,
    finishedBytes: (done.memory - before.memory) / children,
    fileBytes: fileBytes / children,
  };
}

async function addFlow({ connection }: OwnRedis, children: number): Promise<number> {
  const producer = new FlowProducer({ connection });
  const started = performance.now();
  await producer.add(flowOf(children));
  const seconds = (performance.now() - started) / 1000;
  await producer.close();
  return seconds;
}

/** Does empty jobs until so many are done; returns what closes the workers. */
async function workUntil({ connection }: OwnRedis, jobs: number, workers: number): Promise<() => Promise<void>> {
  let open = jobs;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const team = Array.from({ length: workers }, () => {
    const worker = new Worker(QUEUE, async () => null, { connection, concurrency: 1, ...LEASE });
    worker.on('completed', () => {
      open -= 1;
      if (open === 0) finish();
    });
    return worker;
  });
  await finished;
  return async () => void (await Promise.all(team.map((worker) => worker.close())));
}

/** Of a lease's renewal and of a report of progress, on one job that is being done. */
async function callCosts(redis: OwnRedis): Promise<Pick<QueueFigures, 'renewal' | 'progress'>> {
  const { connection } = redis;
  const queue = new Queue(QUEUE, { connection });
  await queue.add('take', { index: 0 });
  const worker = new Worker(QUEUE, null, { connection, ...LEASE });
  const token = 'a-token';
  const job = (await worker.getNextJob(token)) as Job;
  const before = await redis.usage();
  for (let k = 0; k < CALLS; k++) await job.extendLock(token, LEASE.lockDuration);
  const renewed = await redis.usage();
  for (let k = 0; k < CALLS; k++) await job.updateProgress({ done: k, total: CALLS });
  const reported = await redis.usage();
  await job.moveToCompleted(null, token, false);
  await Promise.all([worker.close(), queue.close()]);
  return { renewal: costsOf(before, renewed, CALLS), progress: costsOf(renewed, reported, CALLS) };
}

async function idleCosts(redis: OwnRedis): Promise<Pick<QueueFigures, 'idle' | 'workerBytes'>> {
  const { connection } = redis;
  const alone = await redis.usage();
  const team = Array.from(
    { length: IDLE_WORKERS },
    () => new Worker(QUEUE, async () => null, { connection, ...LEASE }),
  );
  await Promise.all(team.map((worker) => worker.waitUntilReady()));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = await redis.usage();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const after = await redis.usage();
  await Promise.all(team.map((worker) => worker.close()));
  return {
    idle: costsOf(before, after, (IDLE_WORKERS * IDLE_MS) / 1000),
    workerBytes: (before.memory - alone.memory) / IDLE_WORKERS,
  };
}

async function rateOf(redis: OwnRedis, workers: number): Promise<QueueFigures['rates'][number]> {
  await addFlow(redis, RATE_JOBS);
  const before = await redis.usage();
  const started = performance.now();
  const closing = await workUntil(redis, RATE_JOBS + 1, workers);
  const seconds = (performance.now() - started) / 1000;
  const after = await redis.usage();
  await closing();
  return { workers, jobsASecond: RATE_JOBS / seconds, redisShare: (after.processor - before.processor) / seconds };
}

function costsOf(before: Usage, after: Usage, count: number): QueueCosts {
  const { scripts, commands, bytes, processor } = usageBetween(before, after);
  return {
    scripts: scripts / count,
    commands: commands / count,
    bytes: bytes / count,
    microseconds: (1e6 * processor) / count,
  };
}
