import type { Command } from 'commander';
import { z } from 'zod';
import type { MadeOrder } from '../farm/order/make-order.ts';
import type { OrderEnd } from '../farm/order/order-end.ts';
import type { Farm } from '../farm/queue/farm.ts';
import type { OrderStatus } from '../farm/queue/order-status.ts';
import { asFlag } from '../pipeline/request/field-name.ts';
import { parseRestore } from '../pipeline/request/parse-request.ts';
import type { RunOptions } from '../pipeline/run-options.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addLogOptions, answering, logOptionsSchema, logWish } from './log-options.ts';
import { statusLine } from './order-table.ts';
import { addQueueOption, queueAddress, queueOptionSchema, withFarm } from './queue-options.ts';
import { addRestoreOptions, restoreOptionsSchema, restoreRequest } from './restore-options.ts';
import { type RunEnd, toldRun } from './told-run.ts';

const optionsSchema = restoreOptionsSchema.extend({
  ...logOptionsSchema.shape,
  ...queueOptionSchema.shape,
  priority: z.exactOptional(z.string()),
  wait: z.boolean().default(false),
  withoutQueue: z.boolean().default(false),
});

const PRIORITY = { first: 1, usual: 100, last: 1000 } as const;

/** Milliseconds between two looks at an order that is waited for. */
const LOOK = 1000;

const EXAMPLES = `
The reel is planned here; machines that run "reelmend work" on the same queue restore it, and it is the same to the bit as "reelmend
restore" makes it. The same submission again is the same order, and goes on from what is finished. Reel and output must lie where all
machines see them; where they see them elsewhere, --map of "reelmend work" says so.

Examples:
  reelmend submit /mnt/nas/scan/ --out /mnt/nas/restored/ --reference /mnt/nas/stills/ --queue redis://farm:6379
  reelmend submit scan/ --out restored/ --priority 1 --wait
  reelmend submit scan/ --out restored/ --without-queue && reelmend export restored.work/farm/order.json --as slurm

Exit codes: 0 submitted, or with --wait done; 1 failed; 2 wrong usage or unreadable input; of --wait 3, done with takes or damaged frames
that were passed through.
`;

/** Adds `reelmend submit`. */
export function addSubmit(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('submit')
    .summary('have a reel restored by several machines')
    .description('Plans how a reel is restored, and hands its steps to the machines of a farm.');
  addQueueOption(addLogOptions(addRestoreOptions(command)))
    .option('--priority <number>', `${PRIORITY.first} is done first, ${PRIORITY.last} last`, String(PRIORITY.usual))
    .option('--wait', 'wait until the order has ended, and end as it did')
    .option('--without-queue', 'only write the order, for "reelmend export" and "reelmend run-step"')
    .addHelpText('after', EXAMPLES)
    .action(async (reel: string, given: unknown) => end(await submit(reel, given, io)));
}

async function submit(reel: string, given: unknown, terminal: CliIo): Promise<ExitCode> {
  const options = optionsSchema.parse(given);
  const wish = logWish(options);
  const io = answering(terminal, wish);
  const job = parseRestore({ ...restoreRequest(reel, options), each: false }, asFlag);
  const priority = parsePriority(options.priority ?? String(PRIORITY.usual));
  const { makeOrder } = await import('../farm/order/make-order.ts');
  const told = { ...wish, labels: { command: 'submit', reel: job.reel }, quiet: options.quiet };
  if (options.withoutQueue) {
    const order = await toldRun(io, told, (run) => makeOrder(job, run), endOf);
    const { orderFiles } = await import('../farm/order/order.ts');
    if (order.end) return ended(order, io);
    io.stdout.write(
      `Order  ${orderFiles(order.place.work).order}\nNext   reelmend export ${orderFiles(order.place.work).order} --as …\n`,
    );
    return EXIT.done;
  }
  // Asked first: a reel is not planned for a queue that is not there.
  return withFarm(queueAddress(options.queue), async (farm) => {
    const { handIn, isUnderWay } = await import('../farm/queue/hand-in.ts');
    const handed = async (run: RunOptions) => {
      const order = await makeOrder(job, run);
      const isOver = order.end !== null && !(await isUnderWay(farm, order.order));
      return { order, status: isOver ? null : await handIn(farm, order, priority, run.onEvent) };
    };
    const { order, status } = await toldRun(io, told, handed, (made) => endOf(made.order));
    if (status === null) return ended(order, io);
    await tellHandedIn(farm, order, status, io);
    return options.wait ? waitFor(farm, status, options.quiet, io) : EXIT.done;
  });
}

function endOf({ order, known, end }: MadeOrder): RunEnd {
  const counts = { frames: order.frames, exit: end?.exit };
  return known || end ? { counts } : { counts, events: [{ code: 'ORDER_SUBMITTED', labels: { order: order.id } }] };
}

/** An order that had ended before. */
function ended({ order, place, end }: MadeOrder, io: CliIo): ExitCode {
  io.stdout.write(
    `This is finished, by order ${order.id.slice(0, 12)}; there was nothing to do.\nOutput  ${place.out}\n`,
  );
  return tellEnd(end?.exit ?? 0, order.id, end, io);
}

/** @param end as the disk has it; null where it is not seen here */
function tellEnd(exit: number, id: string, end: OrderEnd | null, io: CliIo): ExitCode {
  if (exit === 3) {
    const { passed, untracked } = end ?? { passed: [], untracked: [] };
    const counted = (count: number, one: string, more: string) =>
      count === 0 ? [] : [`${count} ${count === 1 ? one : more} passed through untouched`];
    const lacking = [
      ...counted(passed.length, 'take was', 'takes were'),
      ...counted(
        untracked.length,
        'span in which faces could not be looked for was',
        'spans in which faces could not be looked for were',
      ),
    ];
    const what = lacking.length > 0 ? lacking.join(', and ') : 'damaged frames were passed through';
    const retry = lacking.length > 0 ? ` To try again: reelmend retry ${id.slice(0, 12)}` : '';
    io.stderr.write(`reelmend: ${what}; the report names them.${retry}\n`);
    return EXIT.manyIsolated;
  }
  if (exit === 1) {
    io.stderr.write('reelmend: a master was not delivered; the report says why.\n');
    return EXIT.failed;
  }
  return EXIT.done;
}

async function tellHandedIn(farm: Farm, { order, known }: MadeOrder, status: OrderStatus, io: CliIo): Promise<void> {
  const [{ readWorkers }, { describeVersions }] = await Promise.all([
    import('../farm/queue/worker-records.ts'),
    import('../farm/order/order.ts'),
  ]);
  const id = order.id.slice(0, 12);
  io.stdout.write(
    `Order   ${id}${known ? ', as submitted before' : ''}\nState   ${statusLine(status)}\nOutput  ${status.out}\nNext    reelmend status ${id}\n`,
  );
  const workers = await readWorkers(farm.redis);
  if (workers.some(({ queue }) => queue === status.queue)) return;
  const others =
    workers.length > 0
      ? ` Those that run have other versions: ${[...new Set(workers.map(({ versions }) => versions))].join('; ')}.`
      : '';
  io.stderr.write(
    `Note: no worker is running that may do this order, which is for ${describeVersions(order.versions)}.${others} Start one: reelmend work --queue ${farm.address.name}\n`,
  );
}

/** Shows how an order goes until it has ended. A queue that is away for a while is waited for. */
async function waitFor(farm: Farm, { id }: OrderStatus, quiet: boolean, io: CliIo): Promise<ExitCode> {
  const [{ readOrderEnd }, { readOrderRecord }, { readStatus }, { readWorkers }, { queueTrouble }] = await Promise.all([
    import('../farm/order/order-end.ts'),
    import('../farm/queue/order-records.ts'),
    import('../farm/queue/order-status.ts'),
    import('../farm/queue/worker-records.ts'),
    import('../farm/queue/connect.ts'),
  ]);
  let last = '';
  const show = (line: string) => {
    if (!quiet && line !== last) io.stderr.write(`${line}\n`);
    last = line;
  };
  for (;;) {
    io.signal.throwIfAborted();
    try {
      const record = await readOrderRecord(farm.redis, id);
      if (record === null) {
        show(
          'The queue was emptied, and does not know this order any more. Submit the reel again: it goes on from what is finished.',
        );
        return EXIT.failed;
      }
      const status = await readStatus(farm, record, await readWorkers(farm.redis));
      show(status.stuck === undefined ? statusLine(status) : `${statusLine(status)}. ${status.stuck}`);
      if (status.state === 'done') return tellEnd(status.exit ?? 0, id, await readOrderEnd(record, record), io);
      if (status.state === 'failed') {
        io.stderr.write(`reelmend: ${status.reason} When the cause is gone: reelmend retry ${id.slice(0, 12)}\n`);
        return EXIT.failed;
      }
      if (status.state === 'cancelled') {
        io.stderr.write('reelmend: the order was cancelled. Submit the reel again to go on.\n');
        return EXIT.failed;
      }
    } catch (cause) {
      const trouble = queueTrouble(farm.address, cause);
      if (!(trouble instanceof Error) || trouble.name !== 'QueueError') throw cause;
      show(`${trouble.message} Waiting for it; the order goes on.`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

function parsePriority(text: string): number {
  const priority = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (priority >= PRIORITY.first && priority <= PRIORITY.last) return priority;
  throw new UsageError(
    `--priority "${text}" is none. Give a whole number from ${PRIORITY.first}, which is done first, to ${PRIORITY.last}.`,
  );
}
