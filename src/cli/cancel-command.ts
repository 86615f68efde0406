import type { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { openEventSinks } from './event-sinks.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { loadOrders } from './farm-modules.ts';
import { addLogOption, answering, logOptionsSchema, logWish } from './log-options.ts';
import { addMapOption, mapOptionSchema } from './map-option.ts';
import { addQueueOption, queueAddress, queueOptionSchema, withFarm } from './queue-options.ts';

const optionsSchema = queueOptionSchema.extend({ ...mapOptionSchema.shape, log: logOptionsSchema.shape.log });

/** Adds `reelmend cancel`. */
export function addCancel(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('cancel')
    .summary('stop the work on an order')
    .description(
      'Takes an order out of its queue and stops the machines that are at it. What is finished stays: submit the reel again to go on.',
    )
    .argument('<order>', 'the path of its output, or the beginning of its id');
  addLogOption(addMapOption(addQueueOption(command))).action(async (order: string, given: unknown) =>
    end(await cancel(order, given, io)),
  );
}

async function cancel(order: string, given: unknown, terminal: CliIo): Promise<ExitCode> {
  const { queue, map, log } = optionsSchema.parse(given);
  const wish = logWish({ log });
  const io = answering(terminal, wish);
  const { findOrder, cancelOrder, mappedPlace, parsePathMaps } = await loadOrders();
  const maps = await parsePathMaps(map, '--map');
  return withFarm(queueAddress(queue), async (farm) => {
    await using sinks = await openEventSinks(io, wish, { command: 'cancel' });
    const record = await findOrder(farm, order, maps);
    const here = mappedPlace(record, maps);
    await cancelOrder(farm, record, sinks.tell);
    io.stdout.write(
      `Cancelled  ${record.id.slice(0, 12)}, "${here.out}". What is finished lies in "${here.work}": the same submission goes on from it.\n`,
    );
    return EXIT.done;
  });
}
