import type { Command } from 'commander';
import { z } from 'zod';
import type { PathMap } from '../farm/order/path-maps.ts';
import type { Farm } from '../farm/queue/farm.ts';
import type { OrderStatus } from '../farm/queue/order-status.ts';
import type { WorkerRecord } from '../farm/queue/worker-records.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addMapOption, mapOptionSchema } from './map-option.ts';
import { statusText } from './order-table.ts';
import { addQueueOption, queueAddress, queueOptionSchema, withFarm } from './queue-options.ts';

const optionsSchema = queueOptionSchema.extend({
  ...mapOptionSchema.shape,
  watch: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** Milliseconds between two looks. */
const EVERY = 2000;
/** ECMA-48: the cursor to the top left, then erase what is below it. */
const CLEAR = '\x1b[H\x1b[J';

const EXAMPLES = `
What the states mean:
  tracking   faces are looked for, in parts of the reel
  casting    whose they are; the reel is cut into takes
  rendering  takes are restored
  joining    the takes become the output; masters, report
  done       with exit code 3: takes or damaged frames were passed through, and the report names them
  failed     the reason is told; "reelmend retry" tries again
  lost       the queue was emptied: submit the reel again, and it goes on from what is finished

Examples:
  reelmend status
  reelmend status restored/ --watch
  reelmend status --json | jq .orders[].state
`;

/** Adds `reelmend status`. */
export function addStatus(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('status')
    .summary('show the orders of a farm, and what its machines do')
    .description('Shows how far the orders of a farm are, which steps failed and why, and what each machine does.')
    .argument('[order]', 'only this one: the path of its output or its reel, or the beginning of its id')
    .option('--watch', 'show it again every two seconds, until you stop it')
    .option('--json', 'as JSON: { orders, workers }');
  addMapOption(addQueueOption(command))
    .addHelpText('after', EXAMPLES)
    .action(async (order: string | undefined, given: unknown) => end(await status(order, given, io)));
}

async function status(order: string | undefined, given: unknown, io: CliIo): Promise<ExitCode> {
  const { queue, map, watch, json } = optionsSchema.parse(given);
  const { parsePathMaps } = await import('../farm/order/path-maps.ts');
  const maps = await parsePathMaps(map, '--map');
  return withFarm(queueAddress(queue), async (farm) => {
    for (;;) {
      const now = Date.now();
      const { orders, workers } = await look(farm, { order, maps }, now);
      const text = json ? `${JSON.stringify({ orders, workers })}\n` : statusText(orders, workers, now);
      io.stdout.write(watch && !json && io.stdout.isTTY ? `${CLEAR}${text}` : text);
      if (!watch || (await stopped(io.signal))) return EXIT.done;
    }
  });
}

/** Waits for the next look; true where there is none. */
async function stopped(signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return true;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, EVERY);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
  return signal.aborted;
}

async function look(
  farm: Farm,
  { order, maps }: { readonly order: string | undefined; readonly maps: readonly PathMap[] },
  now: number,
): Promise<{ readonly orders: readonly OrderStatus[]; readonly workers: readonly WorkerRecord[] }> {
  const [{ mappedPath }, { mappedPlace }, { findOrders }, { readOrders }, { readStatus }, { readWorkers }] =
    await Promise.all([
      import('../farm/order/path-maps.ts'),
      import('../farm/order/mapped-place.ts'),
      import('../farm/queue/find-order.ts'),
      import('../farm/queue/order-records.ts'),
      import('../farm/queue/order-status.ts'),
      import('../farm/queue/worker-records.ts'),
    ]);
  const workers = await readWorkers(farm.redis);
  const records = order === undefined ? await readOrders(farm.redis) : await findOrders(farm, order, maps);
  const orders = await Promise.all(records.map((record) => readStatus(farm, record, workers, now)));
  // A person reads where things are for him.
  return {
    orders: orders.map((one) => ({ ...one, ...mappedPlace(one, maps), reel: mappedPath(one.reel, maps) })),
    workers,
  };
}
