import type { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addQueueOption, queueAddress, queueOptionSchema, withFarm } from './queue-options.ts';

/** Adds `reelmend retry`. */
export function addRetry(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('retry')
    .summary('try again what failed of an order')
    .description(
      'Gives out the steps of an order again that failed, when the cause is gone. What is finished is not done again; an output that was made without them is replaced.',
    )
    .argument('<order>', 'the path of its output, or the beginning of its id');
  addQueueOption(command).action(async (order: string, given: unknown) => end(await retry(order, given, io)));
}

async function retry(order: string, given: unknown, io: CliIo): Promise<ExitCode> {
  const { queue } = queueOptionSchema.parse(given);
  const [{ findOrder }, { retryOrder }] = await Promise.all([
    import('../farm/queue/find-order.ts'),
    import('../farm/queue/end-order.ts'),
  ]);
  return withFarm(queueAddress(queue), async (farm) => {
    const record = await findOrder(farm, order);
    await retryOrder(farm, record);
    const id = record.id.slice(0, 12);
    io.stdout.write(`Given out again  ${id}, "${record.out}". To see how it goes: reelmend status ${id}\n`);
    return EXIT.done;
  });
}
