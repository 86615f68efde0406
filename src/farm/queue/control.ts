import type { Redis } from 'ioredis';
import { z } from 'zod';

const CHANNEL = 'reelmend:farm:control';

const orderSchema = z.object({ cancel: z.string() });
const drainSchema = z.object({ drain: z.string() });
const controlSchema = z.union([orderSchema, drainSchema]);

/** What workers are told at once: `cancel` an order by its id; `drain` a worker by its id, or all by `*`. */
export type Control = z.output<typeof controlSchema>;

export async function tellWorkers(redis: Redis, control: Control): Promise<void> {
  await redis.publish(CHANNEL, JSON.stringify(control));
}

/** Calls back for each message until the connection ends. @param redis a connection that does nothing else */
export async function hearControl(redis: Redis, onControl: (control: Control) => void): Promise<void> {
  redis.on('message', (_channel: string, text: string) => {
    const parsed = controlSchema.safeParse(JSON.parse(text));
    if (parsed.success) onControl(parsed.data);
  });
  await redis.subscribe(CHANNEL);
}
