import type { Redis } from 'ioredis';
import { z } from 'zod';
import { lengthOf } from '../../film/range.ts';
import type { Versions } from '../order/order.ts';
import type { StepKind } from '../steps/step.ts';
import type { TakeList } from '../steps/take-list.ts';

/** What the queue's server knows of an order, so that people can ask it: the order itself lies beside its output. */
export interface OrderRecord {
  readonly id: string;
  /** As the machine that submitted it sees them. */
  readonly out: string;
  readonly work: string;
  readonly report: string;
  readonly reel: string;
  readonly submitted: string;
  readonly by: string;
  readonly versions: Versions;
  readonly queue: string;
  readonly priority: number;
  readonly token: string;
  /** Steps that look for faces, and frames of the output. */
  readonly spans: number;
  readonly frames: number;
}

const count = z.int().nonnegative();
const recordSchema = z.object({
  ...{ id: z.string(), out: z.string(), work: z.string(), report: z.string(), reel: z.string() },
  ...{ submitted: z.string(), by: z.string(), queue: z.string(), priority: z.int(), token: z.string() },
  versions: z.object({
    program: z.string(),
    render: z.int(),
    tracking: z.int(),
    ffmpeg: z.string(),
    runtime: z.string(),
  }),
  ...{ spans: count, frames: count },
});

/** An order in figures. */
export interface OrderFigures {
  /** Null until its casting is done. */
  readonly takes: { readonly count: number; readonly frames: number } | null;
  /** Frames that were worked on in steps that are done, by their kind. */
  readonly framesDone: Readonly<Partial<Record<StepKind, number>>>;
  /** Frames a second of all machines together in the steps that ended last, of the kind that is done now; null where too few have ended. */
  readonly rate: number | null;
  /** How it has ended; null where it has not. */
  readonly exit: number | null;
}

const ALL = 'reelmend:farm:orders';
const keyOf = (id: string) => `reelmend:farm:order:${id}`;
const paceOf = (id: string) => `reelmend:farm:pace:${id}`;
const cancelOf = (id: string) => `reelmend:farm:cancelled:${id}`;

/** Seconds for which an order is remembered after it was last given out: 30 days. */
const KEPT = 30 * 24 * 3600;
/** Ends of steps that the pace is taken from. */
const PACE = 64;

export async function noteOrder(redis: Redis, record: OrderRecord): Promise<void> {
  await redis
    .multi()
    .hset(keyOf(record.id), { record: JSON.stringify(record) })
    .expire(keyOf(record.id), KEPT)
    .zadd(ALL, Date.now(), record.id)
    .zremrangebyscore(ALL, 0, Date.now() - KEPT * 1000)
    .exec();
}

export async function noteTakes(redis: Redis, id: string, takes: TakeList): Promise<void> {
  const frames = takes.reduce((sum, take) => sum + lengthOf(take), 0);
  await redis.hset(keyOf(id), { takes: JSON.stringify({ count: takes.length, frames }) });
}

/** Notes that a step is done, for the figures that people are told. */
export async function noteStep(
  redis: Redis,
  id: string,
  kind: StepKind,
  { already, frames, exit }: { readonly already: boolean; readonly frames: number; readonly exit?: number },
): Promise<void> {
  const noted = redis.multi().hincrby(keyOf(id), `frames:${kind}`, frames);
  if (!already) {
    noted
      .lpush(paceOf(id), JSON.stringify({ kind, frames, at: Date.now() }))
      .ltrim(paceOf(id), 0, PACE - 1)
      .expire(paceOf(id), KEPT);
  }
  if (exit !== undefined) noted.hset(keyOf(id), { exit: String(exit) });
  await noted.exec();
}

/** Called when an order begins anew. */
export async function forgetFigures(redis: Redis, id: string): Promise<void> {
  await redis.multi().hdel(keyOf(id), 'exit', 'frames:track', 'frames:take').del(paceOf(id)).exec();
}

/** All orders that are remembered, the last one first. */
export async function readOrders(redis: Redis): Promise<OrderRecord[]> {
  const ids = await redis.zrevrange(ALL, 0, -1);
  const found = await Promise.all(ids.map((id) => readOrderRecord(redis, id)));
  return found.filter((record) => record !== null);
}

/** Null where it is not known, any more or yet. */
export async function readOrderRecord(redis: Redis, id: string): Promise<OrderRecord | null> {
  const text = await redis.hget(keyOf(id), 'record');
  const parsed = text === null ? null : recordSchema.safeParse(JSON.parse(text));
  return parsed?.success ? parsed.data : null;
}

/** @param now milliseconds, as `Date.now` */
export async function readFigures(redis: Redis, id: string, now: number): Promise<OrderFigures> {
  const [fields, ends] = await Promise.all([redis.hgetall(keyOf(id)), redis.lrange(paceOf(id), 0, -1)]);
  const framesDone: Partial<Record<StepKind, number>> = {};
  for (const kind of ['track', 'take'] as const) framesDone[kind] = Number(fields[`frames:${kind}`] ?? 0);
  return {
    takes: fields['takes'] === undefined ? null : (JSON.parse(fields['takes']) as { count: number; frames: number }),
    framesDone,
    rate: paceOfEnds(
      ends.map((end) => JSON.parse(end) as StepEnd),
      now,
    ),
    exit: fields['exit'] === undefined ? null : Number(fields['exit']),
  };
}

interface StepEnd {
  readonly kind: StepKind;
  readonly frames: number;
  /** Milliseconds, as `Date.now`. */
  readonly at: number;
}

/** Frames a second. @param ends the last one first */
export function paceOfEnds(ends: readonly StepEnd[], now: number): number | null {
  const [last] = ends;
  const other = ends.findIndex(({ kind }) => kind !== last?.kind);
  const same = other < 0 ? ends : ends.slice(0, other);
  const first = same.at(-1);
  if (!first || same.length < 3) return null;
  const seconds = (now - first.at) / 1000;
  // The first one's frames were done before it.
  const frames = same.slice(0, -1).reduce((sum, end) => sum + end.frames, 0);
  return seconds > 0 && frames > 0 ? frames / seconds : null;
}

export async function cancelOrderId(redis: Redis, id: string): Promise<void> {
  await redis.set(cancelOf(id), new Date().toISOString(), 'EX', KEPT);
}

export async function isCancelled(redis: Redis, id: string): Promise<boolean> {
  return (await redis.exists(cancelOf(id))) === 1;
}

export async function uncancel(redis: Redis, id: string): Promise<void> {
  await redis.del(cancelOf(id));
}
