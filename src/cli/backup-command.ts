import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  type BackupJob,
  parseBackup,
  parseCopies,
  parseRestoreBackup,
  parseVerifyBackup,
} from '../backup/backup-request.ts';
import { type Clock, everyDay, parseTimeOfDay } from '../backup/daily.ts';
import { asFlag } from '../pipeline/request/field-name.ts';
import { UsageError } from '../settings/usage-error.ts';
import { backupText, listText, restoredText, verifiedText } from './backup-text.ts';
import type { CliIo } from './cli-io.ts';
import { openEventSinks } from './event-sinks.ts';
import { EXIT, type ExitCode, sentenceOf } from './exit.ts';
import { addLogOptions, answering, type LogWish, logOptionsSchema, logWish } from './log-options.ts';
import { collect } from './reel-options.ts';
import { type RunToTell, toldRun } from './told-run.ts';

const text = z.exactOptional(z.string());
const told = { quiet: z.boolean().default(false), ...logOptionsSchema.shape };
const copiesOptions = z.object({
  to: z.array(z.string()).default([]),
  endpoint: text,
  region: text,
  timeout: text,
});
const backupOptions = copiesOptions.extend({
  with: z.array(z.string()).default([]),
  copies: text,
  trust: text,
  at: text,
  ...told,
});
const verifyOptions = copiesOptions.extend({ copies: text, manifest: text, ...told });
const restoreOptions = copiesOptions.extend({ manifest: text, ...told });

const EXAMPLES = `
Examples:
  reelmend backup restored.mkv --to file:/mnt/nas/film --to file:/mnt/usb/film --to s3://films/reel-1
  reelmend backup restored/ --with overrides.json --with presets/mine.json --to file:/mnt/nas/film --to s3://films/reel-1 --copies 2
  reelmend backup restored/ --at 02:00 --to file:/mnt/nas/film --to s3://films/reel-1 --to "s3://films/reel-1?endpoint=https://minio.example:9000"
  reelmend backup verify --to file:/mnt/nas/film --to file:/mnt/usb/film --to s3://films/reel-1
  reelmend backup list --to s3://films/reel-1
  reelmend backup restore back/ --to file:/mnt/nas/film --to s3://films/reel-1

Of a restored reel the report, the records of its takes, mattes, patches, tracks and masters go along; --with adds what it was restored with.
Every object is read back from every target and hashed. What is there already is read, too, and not sent again; --trust 7 reads it once a week.
Exit code 0 where so many copies are good as --copies says, 1 where fewer are or a file was left out. See docs/backup.md.
`;

/** Adds `reelmend backup`, and `backup verify|restore|list`. */
export function addBackup(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  // The SDK for S3 warns on Node 20 of its own versions to come; the one that is installed works there.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // The flags behind a command's name are its own: "backup verify --to" is not "backup --to".
  program.enablePositionalOptions();
  const backup = toldCopies(
    program
      .command('backup')
      .summary('copy finished reels to several places, and verify every copy')
      .description(
        'Copies finished reels and what belongs to them to several places, reads every copy back, and sends only what is new.',
      )
      .argument('<what...>', 'outputs of restored reels, and any other files and folders'),
  )
    .option(
      '--with <file>',
      'a file that a reel was restored with: a preset, overrides, a shot list; again for more',
      collect,
    )
    .option('--copies <number>', 'copies that must be good; default 3')
    .option(
      '--trust <days>',
      'read what is there already only every so many days, and ask for its size in between; default 0, every time',
    )
    .option('--at <HH:MM>', 'stay, and back up every day at this time, until stopped')
    .enablePositionalOptions()
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .action(async (what: string[], given: unknown) => end(await backUpOrStay(what, given, io)));
  toldCopies(backup.command('verify').description('read and hash every object of a backup on every target'))
    .option('--manifest <id>', 'the backup, or how its id begins; default the newest')
    .option('--copies <number>', 'copies that must be good; default 3')
    .action(async (given: unknown) => end(await verify(given, io)));
  toldCopies(backup.command('restore').description('fetch all files of a backup into a new folder'))
    .argument('<folder>', 'a folder that does not exist yet, or is empty')
    .option('--manifest <id>', 'the backup, or how its id begins; default the newest')
    .action(async (folder: string, given: unknown) => end(await restore(folder, given, io)));
  withCopies(backup.command('list').description('list the backups that the targets hold')).action(
    async (given: unknown) => end(await list(given, io)),
  );
}

function toldCopies(command: Command): Command {
  return addLogOptions(withCopies(command).option('--quiet', 'no progress'));
}

function withCopies(command: Command): Command {
  return command
    .option('--to <target>', 'where copies are: file:<folder>, or s3://bucket/prefix; again for more', collect)
    .option('--endpoint <url>', 'address of an S3 store that is not Amazon’s; s3://…?endpoint=… for one target alone')
    .option('--region <name>', 'region of the buckets; default as the SDK finds it')
    .option('--timeout <seconds>', 'time without progress after which a target counts as stalled; default 120');
}

async function backUpOrStay(what: string[], given: unknown, terminal: CliIo): Promise<ExitCode> {
  const { at, quiet, log, metrics, copies, trust, ...options } = backupOptions.parse(given);
  const wish = logWish({ log, metrics });
  const io = answering(terminal, wish);
  const job = parseBackup({ what, ...options, ...numbers({ copies, trust, timeout: options.timeout }) }, asFlag);
  const once = (sinks?: RunToTell['sinks']) =>
    backUpOnce(job, { ...toTell('backup', wish, quiet), ...(sinks ? { sinks } : {}) }, io);
  if (at === undefined) return once();
  const time = parseTimeOfDay(at);
  if (time === null) throw new UsageError(`--at "${at}" is not a time of day. Write it as 02:00.`);
  // Metrics stay where they are scraped from one day to the next, and count on.
  await using sinks = await openEventSinks(io, wish, { command: 'backup' });
  const daily = async () => {
    try {
      await once(sinks);
    } catch (error) {
      if (io.signal.aborted) throw error;
      io.stderr.write(`${sentenceOf(error, process.env['REELMEND_DEBUG'] === '1')}\n`);
    }
  };
  const onNext = (next: Date) => void io.stderr.write(`The next backup is at ${localTime(next)}.\n`);
  await everyDay(time, daily, { clock: CLOCK, signal: io.signal, onNext });
  return EXIT.done;
}

async function backUpOnce(job: BackupJob, telling: RunToTell, io: CliIo): Promise<ExitCode> {
  const { backupJob } = await import('../backup/back-up.ts');
  const summary = await toldRun(
    io,
    telling,
    (run) => backupJob(job, run),
    ({ success }) => ({ counts: { exit: success ? EXIT.done : EXIT.failed } }),
  );
  const { answer, trouble } = backupText(summary);
  io.stdout.write(answer);
  io.stderr.write(trouble);
  return summary.success ? EXIT.done : EXIT.failed;
}

async function verify(given: unknown, terminal: CliIo): Promise<ExitCode> {
  const { quiet, log, metrics, copies, ...options } = verifyOptions.parse(given);
  const wish = logWish({ log, metrics });
  const io = answering(terminal, wish);
  const job = parseVerifyBackup({ ...options, ...numbers({ copies, timeout: options.timeout }) }, asFlag);
  const { verifyBackupJob } = await import('../backup/verify-backup.ts');
  const summary = await toldRun(
    io,
    toTell('backup verify', wish, quiet),
    (run) => verifyBackupJob(job, run),
    ({ success }) => ({ counts: { exit: success ? EXIT.done : EXIT.failed } }),
  );
  const { answer, trouble } = verifiedText(summary);
  io.stdout.write(answer);
  io.stderr.write(trouble);
  return summary.success ? EXIT.done : EXIT.failed;
}

async function restore(folder: string, given: unknown, terminal: CliIo): Promise<ExitCode> {
  const { quiet, log, metrics, ...options } = restoreOptions.parse(given);
  const wish = logWish({ log, metrics });
  const io = answering(terminal, wish);
  const job = parseRestoreBackup({ ...options, folder, ...numbers({ timeout: options.timeout }) }, asFlag);
  const { restoreBackupJob } = await import('../backup/restore-backup.ts');
  const summary = await toldRun(
    io,
    toTell('backup restore', wish, quiet),
    (run) => restoreBackupJob(job, run),
    ({ lost }) => ({ counts: { exit: lost.length > 0 ? EXIT.failed : EXIT.done } }),
  );
  const { answer, trouble } = restoredText(summary);
  io.stdout.write(answer);
  io.stderr.write(trouble);
  return summary.lost.length > 0 ? EXIT.failed : EXIT.done;
}

async function list(given: unknown, io: CliIo): Promise<ExitCode> {
  const options = copiesOptions.parse(given);
  const job = parseCopies({ ...options, ...numbers({ timeout: options.timeout }) }, asFlag);
  const { listBackupsJob } = await import('../backup/list-backups.ts');
  const found = await listBackupsJob(job, io);
  const { answer, trouble } = listText(found);
  io.stdout.write(answer);
  io.stderr.write(trouble);
  return found.failed.length > 0 ? EXIT.failed : EXIT.done;
}

function toTell(command: string, wish: LogWish, quiet: boolean): RunToTell {
  return { ...wish, labels: { command }, quiet };
}

/** Flags that are numbers; what is none is left to the request's check, as it was typed. */
function numbers<Name extends string>(
  given: Readonly<Record<Name, string | undefined>>,
): Record<Name, number | undefined> {
  const read = Object.entries<string | undefined>(given).map(([name, typed]) => {
    const value = typed === undefined || !/^\d+(\.\d+)?$/.test(typed) ? typed : Number(typed);
    return [name, value] as const;
  });
  return Object.fromEntries(read) as Record<Name, number | undefined>;
}

const CLOCK: Clock = {
  now: () => new Date(),
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
};

/** `2026-11-29 02:00`, where the program runs. */
function localTime(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
