import type { Command } from 'commander';
import { z } from 'zod';
import type { Farm } from '../farm/queue/farm.ts';
import { parseQueueAddress, type QueueAddress } from '../farm/queue/queue-address.ts';
import { UsageError } from '../settings/usage-error.ts';
import { loadQueue } from './farm-modules.ts';

/** Where a queue is said to be, where no flag says it. */
const VARIABLE = 'REELMEND_QUEUE';

/** Adds what all commands of a farm take. */
export function addQueueOption(command: Command): Command {
  return command.option('--queue <address>', `the Redis server of the farm: redis://host:6379; default ${VARIABLE}`);
}

/** Commander's result, as it was typed. */
export const queueOptionSchema = z.object({ queue: z.exactOptional(z.string()) });

/** @throws UsageError where no queue is given, or what is given is none */
export function queueAddress(queue: string | undefined): QueueAddress {
  const byVariable = process.env[VARIABLE];
  if (queue !== undefined) return parseQueueAddress(queue, '--queue');
  if (byVariable) return parseQueueAddress(byVariable, VARIABLE);
  throw new UsageError(
    `No queue is given. Add --queue redis://host:6379, or set ${VARIABLE} once for all commands of the farm.`,
  );
}

/**
 * Opens a farm for one command.
 *
 * @throws QueueError within ten seconds where its queue does not answer
 */
export async function withFarm<Result>(address: QueueAddress, use: (farm: Farm) => Promise<Result>): Promise<Result> {
  const { openFarm, queueTrouble } = await loadQueue();
  await using farm = await openFarm(address);
  try {
    return await use(farm);
  } catch (cause) {
    throw queueTrouble(address, cause);
  }
}
