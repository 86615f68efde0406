import type { Redis } from 'ioredis';
import { z } from 'zod';

/** What a slot does now. */
export interface SlotRecord {
  readonly slot: number;
  /** As `CUDA_VISIBLE_DEVICES` has it. */
  readonly gpu?: string | undefined;
  /** Absent where it waits. */
  readonly doing?:
    | {
        readonly order: string;
        readonly step: string;
        /** ISO 8601. */
        readonly since: string;
        /** Of the stage that it is in: `rendering`, of so many frames. */
        readonly stage?: string | undefined;
        readonly done?: number | undefined;
        readonly total?: number | undefined;
      }
    | undefined;
}

/** A farm worker that lives: it says so every few seconds. */
export interface WorkerRecord {
  /** `host-pid-number`. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly queue: string;
  /** For people. */
  readonly versions: string;
  readonly started: string;
  readonly draining: boolean;
  readonly slots: readonly SlotRecord[];
}

const text = z.exactOptional(z.string());
const amount = z.exactOptional(z.number());
const workerSchema = z.object({
  ...{ id: z.string(), host: z.string(), pid: z.int(), queue: z.string(), versions: z.string() },
  ...{ started: z.string(), draining: z.boolean() },
  slots: z.array(
    z.object({
      slot: z.int(),
      gpu: text,
      doing: z.exactOptional(
        z.object({
          ...{ order: z.string(), step: z.string(), since: z.string() },
          ...{ stage: text, done: amount, total: amount },
        }),
      ),
    }),
  ),
});

const START = 'reelmend:farm:worker:';
/** Seconds after which a worker that says nothing is taken for dead. */
export const WORKER_SILENCE = 20;

export async function noteWorker(redis: Redis, worker: WorkerRecord): Promise<void> {
  await redis.set(START + worker.id, JSON.stringify(worker), 'EX', WORKER_SILENCE);
}

export async function forgetWorker(redis: Redis, id: string): Promise<void> {
  await redis.del(START + id);
}

/** All that live, by their ids. */
export async function readWorkers(redis: Redis): Promise<WorkerRecord[]> {
  const keys: string[] = [];
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${START}*`, 'COUNT', 1000);
    cursor = next;
    keys.push(...found);
  } while (cursor !== '0');
  const texts = keys.length === 0 ? [] : await redis.mget(...new Set(keys));
  return texts
    .map((one) => (one === null ? null : workerSchema.safeParse(JSON.parse(one))))
    .flatMap((parsed) => (parsed?.success ? [parsed.data] : []))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
