import type { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { openEventSinks } from './event-sinks.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { loadOrders } from './farm-modules.ts';
import { addLogOption, answering, logOptionsSchema, logWish } from './log-options.ts';
import { addMapOption, mapOptionSchema } from './map-option.ts';
import { addQueueOption, queueAddress, queueOptionSchema, withFarm } from './queue-options.ts';

const optionsSchema = queueOptionSchema.extend({ ...mapOptionSchema.shape, log: logOptionsSchema.shape.log });

/** Adds `reelmend retry`. */
export function addRetry(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('retry')
    .summary('try again what failed of an order')
    .description(
      'Gives out the steps of an order again that failed, when the cause is gone. What is finished is not done again; an output that was made without them is replaced.',
    )
    .argument('<order>', 'the path of its output, or the beginning of its id');
  addLogOption(addMapOption(addQueueOption(command))).action(async (order: string, given: unknown) =>
    end(await retry(order, given, io)),
  );
}

async function retry(order: string, given: unknown, terminal: CliIo): Promise<ExitCode> {
  const { queue, map, log } = optionsSchema.parse(given);
  const wish = logWish({ log });
  const io = answering(terminal, wish);
  const { findOrder, retryOrder, mappedPlace, parsePathMaps } = await loadOrders();
  const maps = await parsePathMaps(map, '--map');
  return withFarm(queueAddress(queue), async (farm) => {
    await using sinks = await openEventSinks(io, wish, { command: 'retry' });
    const record = await findOrder(farm, order, maps);
    const here = mappedPlace(record, maps);
    await retryOrder(farm, record, here, sinks.tell);
    const id = record.id.slice(0, 12);
    io.stdout.write(`Given out again  ${id}, "${here.out}". To see how it goes: reelmend status ${id}\n`);
    return EXIT.done;
  });
}
