import type { FlowProducer, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { hashOf } from '../../settings/canonical-json.ts';
import type { Versions } from '../order/order.ts';
import { connectQueue } from './connect.ts';
import type { QueueAddress } from './queue-address.ts';
import { QueueError } from './queue-error.ts';
import type { StepJob, StepResult } from './step-job.ts';

/** Before the names of all that BullMQ keeps. */
export const PREFIX = 'reelmend';

/** A farm as a command sees it: its queues, and what is noted beside them. */
export interface Farm extends AsyncDisposable {
  readonly redis: Redis;
  readonly address: QueueAddress;
  /** The queue of a name; see `queueName`. */
  queue(name: string): Queue<StepJob, StepResult>;
  readonly flows: FlowProducer;
}

/** The queue of the steps that programs of these versions do: nobody else sees them. */
export function queueName(versions: Versions): string {
  return `steps-${hashOf(versions).slice(0, 12)}`;
}

/** @throws QueueError */
export async function openFarm(address: QueueAddress): Promise<Farm> {
  const bullmq = await loadBullmq();
  return farmOn(await connectQueue(address), address, bullmq);
}

/** A farm on a connection, which it closes. */
export function farmOn(redis: Redis, address: QueueAddress, bullmq: typeof import('bullmq')): Farm {
  const options = { connection: redis, prefix: PREFIX };
  const queues = new Map<string, Queue<StepJob, StepResult>>();
  const flows = new bullmq.FlowProducer(options);
  // A lost connection is told by the connection itself.
  flows.on('error', () => {});
  return {
    ...{ redis, address, flows },
    queue(name) {
      const known = queues.get(name);
      if (known) return known;
      const queue = new bullmq.Queue<StepJob, StepResult>(name, options);
      queue.on('error', () => {});
      queues.set(name, queue);
      return queue;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([flows.close(), ...[...queues.values()].map((queue) => queue.close())]).catch(() => {});
      redis.disconnect();
    },
  };
}

/** @throws QueueError where it is not installed */
export async function loadBullmq(): Promise<typeof import('bullmq')> {
  return import('bullmq').catch((cause: unknown) => {
    throw new QueueError(
      'The package bullmq, which hands out the steps of orders, is not installed. Install it beside Reelmend: npm install bullmq@6.7.0 ioredis@6',
      { cause },
    );
  });
}
