import type { Command } from 'commander';
import { z } from 'zod';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { openEventSinks } from './event-sinks.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { loadWorker } from './farm-modules.ts';
import { addLogOptions, answering, logOptionsSchema, logWish } from './log-options.ts';
import { addMapOption, mapOptionSchema } from './map-option.ts';
import { addQueueOption, queueAddress, queueOptionSchema } from './queue-options.ts';

const text = z.exactOptional(z.string());
const optionsSchema = queueOptionSchema.extend({
  ...logOptionsSchema.shape,
  ...mapOptionSchema.shape,
  slots: text,
  gpu: text,
  hot: text,
  hotSize: z.string().default('100G'),
  readAhead: z.boolean().default(false),
  now: z.boolean().default(false),
  ffmpeg: text,
  quiet: z.boolean().default(false),
});

/** Milliseconds in which steps are handed back; a queue that does not answer gives them to others by itself, later. */
const PATIENCE = 5000;

const EXAMPLES = `
Each slot does one step at a time in a process of its own: where one crashes, its step is tried again at once, and no other is touched.
To stop: once with Ctrl-C (or SIGTERM) finishes what is begun; twice, or with --now once, hands it back to the queue at once.

Examples:
  reelmend work --queue redis://farm:6379
  reelmend work --queue redis://farm:6379 --gpu 0,1,2,3
  reelmend work --queue redis://farm:6379 --hot /fast/reelmend --hot-size 200G --read-ahead
  reelmend work --queue redis://farm:6379 --slots 2 --map /mnt/nas=/volumes/nas
  REELMEND_QUEUE=redis://farm:6379 reelmend work --log /var/log/reelmend.ndjson --metrics 9464
`;

/** Adds `reelmend work`. */
export function addWork(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('work')
    .summary('do the steps of submitted reels on this machine')
    .description('Takes steps of submitted reels from a queue and does them, until it is told to stop.')
    .option('--slots <number>', 'steps at a time; default one, or one a GPU')
    .option('--gpu <numbers>', 'the GPUs to use, as CUDA_VISIBLE_DEVICES numbers them: 0,1. Slots take them in turn')
    .option('--hot <folder>', 'a folder on a fast disk of this machine, for networks, tracks and faces of stills')
    .option('--hot-size <size>', 'its greatest size, such as 200G', '100G')
    .option(
      '--read-ahead',
      'while a take is rendered, copy the frames of the next one into the hot folder; of folders of frames, never of movies',
    )
    .option('--now', 'when it is told to stop, hand back at once what is begun')
    .option('--ffmpeg <file>', 'the ffmpeg to use; default FFMPEG_PATH, then the one on PATH')
    .option('--quiet', 'say nothing of single steps');
  addLogOptions(addMapOption(addQueueOption(command)))
    .addHelpText('after', EXAMPLES)
    .action(async (given: unknown) => end(await work(given, io)));
}

async function work(given: unknown, terminal: CliIo): Promise<ExitCode> {
  const { queue, slots, gpu, map, hot, hotSize, readAhead, now, ffmpeg, quiet, ...log } = optionsSchema.parse(given);
  const wish = logWish(log);
  const io = answering(terminal, wish);
  const address = queueAddress(queue);
  if (readAhead && hot === undefined) {
    throw new UsageError(
      '--read-ahead has no folder to copy frames into. Name one on a fast disk of this machine: --hot <folder>.',
    );
  }
  const gpus = gpu === undefined ? [] : parseGpus(gpu);
  const count = slots === undefined ? Math.max(1, gpus.length) : parseSlots(slots);
  const { parsePathMaps, ownVersions, describeVersions, findFfmpeg, openFarmWorker, parseSize } = await loadWorker();
  const maps = await parsePathMaps(map, '--map');
  // The slots find the same one.
  if (ffmpeg !== undefined) process.env['FFMPEG_PATH'] = ffmpeg;
  const versions = ownVersions((await findFfmpeg()).version);
  await using sinks = await openEventSinks(io, wish, { command: 'work' });
  const worker = await openFarmWorker({
    ...{ address, versions, maps, onEvent: sinks.tell },
    hot: hot === undefined ? undefined : { folder: hot, bytes: parseSize(hotSize, '--hot-size') },
    readsAhead: readAhead,
    slots: Array.from({ length: count }, (_, k) => gpus[k % gpus.length]),
    onSay: (sentence, isStep) => {
      if (!isStep || !quiet) io.stderr.write(`${new Date().toTimeString().slice(0, 8)}  ${sentence}\n`);
    },
  });
  io.stdout.write(
    `Worker   ${worker.id}, ${count} ${count === 1 ? 'slot' : 'slots'}\nQueue    ${address.name}\nVersion  ${describeVersions(versions)}\n`,
  );
  let signals = 0;
  const onSignal = () => {
    signals += 1;
    if (signals === 1 && !now) return worker.drain();
    worker.handBack();
    // Where the queue is away, requests wait for it, and would keep the process; its slots end with it.
    setTimeout(() => process.exit(EXIT.done), PATIENCE).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  await worker.ended;
  return EXIT.done;
}

function parseGpus(text: string): string[] {
  const gpus = text.split(',').map((one) => one.trim());
  if (gpus.every((one) => /^[\w-]+$/.test(one))) return gpus;
  throw new UsageError(`--gpu "${text}" is no list of GPUs. Write their numbers with commas between them: 0,1.`);
}

function parseSlots(text: string): number {
  const slots = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (slots > 0) return slots;
  throw new UsageError(`--slots "${text}" is not a number of slots. Write it as digits, 1 and more.`);
}
