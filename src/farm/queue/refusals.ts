import type { Redis } from 'ioredis';
import { z } from 'zod';

/** A machine that cannot do an order's steps, and why. */
export interface StepRefusal {
  /** The worker's id. */
  readonly worker: string;
  readonly host: string;
  readonly step: string;
  readonly sentence: string;
  /** When it refused first and last, with nothing done between, milliseconds as `Date.now`. */
  readonly first: number;
  readonly last: number;
}

const refusalSchema = z.object({
  ...{ worker: z.string(), host: z.string(), step: z.string(), sentence: z.string() },
  ...{ first: z.number(), last: z.number() },
});

const keyOf = (order: string) => `reelmend:farm:refusals:${order}`;
/** Seconds for which a refusal is told that is not repeated. */
const KEPT = 3600;

export async function noteRefusal(
  redis: Redis,
  order: string,
  refusal: Omit<StepRefusal, 'first' | 'last'>,
): Promise<void> {
  const now = Date.now();
  const before = (await readRefusals(redis, order)).find(({ worker }) => worker === refusal.worker);
  const noted: StepRefusal = { ...refusal, first: before?.first ?? now, last: now };
  await redis
    .multi()
    .hset(keyOf(order), { [refusal.worker]: JSON.stringify(noted) })
    .expire(keyOf(order), KEPT)
    .exec();
}

/** Called when a worker did a step of an order: what it refused before does not hold any more. */
export async function forgetRefusal(redis: Redis, order: string, worker: string): Promise<void> {
  await redis.hdel(keyOf(order), worker);
}

export async function forgetRefusals(redis: Redis, order: string): Promise<void> {
  await redis.del(keyOf(order));
}

export async function readRefusals(redis: Redis, order: string): Promise<StepRefusal[]> {
  const found = Object.values(await redis.hgetall(keyOf(order)));
  return found
    .map((text) => refusalSchema.safeParse(JSON.parse(text)))
    .flatMap((parsed) => (parsed.success ? [parsed.data] : []))
    .sort((a, b) => (a.worker < b.worker ? -1 : 1));
}
