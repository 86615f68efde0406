import type { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addQueueOption, queueAddress, queueOptionSchema, withFarm } from './queue-options.ts';

/** Adds `reelmend cancel`. */
export function addCancel(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('cancel')
    .summary('stop the work on an order')
    .description(
      'Takes an order out of its queue and stops the machines that are at it. What is finished stays: submit the reel again to go on.',
    )
    .argument('<order>', 'the path of its output, or the beginning of its id');
  addQueueOption(command).action(async (order: string, given: unknown) => end(await cancel(order, given, io)));
}

async function cancel(order: string, given: unknown, io: CliIo): Promise<ExitCode> {
  const { queue } = queueOptionSchema.parse(given);
  const [{ findOrder }, { cancelOrder }] = await Promise.all([
    import('../farm/queue/find-order.ts'),
    import('../farm/queue/end-order.ts'),
  ]);
  return withFarm(queueAddress(queue), async (farm) => {
    const record = await findOrder(farm, order);
    await cancelOrder(farm, record);
    io.stdout.write(
      `Cancelled  ${record.id.slice(0, 12)}, "${record.out}". What is finished lies in "${record.work}": the same submission goes on from it.\n`,
    );
    return EXIT.done;
  });
}
