import type { Command } from 'commander';
import { z } from 'zod';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addQueueOption, queueAddress, queueOptionSchema, withFarm } from './queue-options.ts';

const optionsSchema = queueOptionSchema.extend({ all: z.boolean().default(false) });

/** Adds `reelmend drain`. */
export function addDrain(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('drain')
    .summary('let workers end when their steps are done')
    .description(
      'Tells workers to finish the steps that they have begun, to take no more, and to end: before a machine is switched off or updated.',
    )
    .argument('[worker]', 'its id as "reelmend status" shows it, or the name of its machine')
    .option('--all', 'all workers of the farm');
  addQueueOption(command).action(async (worker: string | undefined, given: unknown) =>
    end(await drain(worker, given, io)),
  );
}

async function drain(worker: string | undefined, given: unknown, io: CliIo): Promise<ExitCode> {
  const { queue, all } = optionsSchema.parse(given);
  if ((worker === undefined) === !all) {
    throw new UsageError('Name the worker that shall end (see "reelmend status"), or say --all for all of them.');
  }
  const [{ tellWorkers }, { readWorkers }] = await Promise.all([
    import('../farm/queue/control.ts'),
    import('../farm/queue/worker-records.ts'),
  ]);
  return withFarm(queueAddress(queue), async (farm) => {
    const meant = (await readWorkers(farm.redis)).filter(({ id, host }) => all || id === worker || host === worker);
    if (meant.length === 0) {
      throw new UsageError(
        all
          ? 'No worker is running on this farm.'
          : `No worker "${worker}" is running on this farm. "reelmend status" lists those that do.`,
      );
    }
    for (const { id } of meant) await tellWorkers(farm.redis, { drain: id });
    for (const { id, slots } of meant) {
      const busy = slots.filter(({ doing }) => doing).length;
      io.stdout.write(
        `Draining  ${id}: ends when ${busy === 0 ? 'it has heard of it' : `${busy} ${busy === 1 ? 'step is' : 'steps are'} done`}.\n`,
      );
    }
    return EXIT.done;
  });
}
