import { basename } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { formatBytes } from '../disk/format-bytes.ts';
import { BURN_INS, type BurnIn } from '../media/master/master-form.ts';
import type { MasterSummary } from '../pipeline/master/master.ts';
import { type MasterRequest, parseMaster } from '../pipeline/master/master-request.ts';
import type { MasterSigning } from '../pipeline/master/sign-masters.ts';
import { asFlag } from '../pipeline/request/field-name.ts';
import { loadMaster, masterNames } from '../settings/master-preset.ts';
import { UsageError } from '../settings/usage-error.ts';
import { parseChoice } from './choice.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addLogOptions, answering, logOptionsSchema, logWish } from './log-options.ts';
import { collect } from './reel-options.ts';
import { signingOf } from './sign-command.ts';
import { textTable } from './text-table.ts';
import { type RunEnd, toldRun } from './told-run.ts';

const text = z.exactOptional(z.string());
const optionsSchema = logOptionsSchema.extend({
  preset: z.array(z.string()).default([]),
  out: text,
  list: z.boolean().default(false),
  range: text,
  handles: text,
  transfer: text,
  rate: text,
  layer: text,
  sound: text,
  timecode: text,
  reelName: text,
  burnIn: text,
  scale: text,
  pad: z.boolean().default(false),
  lut: text,
  encoder: text,
  manifest: text,
  ffmpeg: text,
  sign: text,
  key: text,
  report: text,
  quiet: z.boolean().default(false),
});

const EXAMPLES = `
Examples:
  reelmend master --list
  reelmend master restored.mkv --preset prores-422-hq --preset review-h264 --out delivery/
  reelmend master restored/ --preset ffv1 --preset dpx-10bit --sound mix.wav --rate 24 --out delivery/
  reelmend master restored.mkv --preset review-h264 --burn-in timecode,frame,name --scale 1280x720 --pad --out dailies/
  reelmend master restored.mkv --preset prores-422-hq --sign cert.pem --key key.pem --out delivery/
  reelmend master restored.mkv --preset prores-4444 --range 01:00:10:00-01:00:14:12 --handles 12 --out shots/
  reelmend master restored.mkv --preset ./mine.json --timecode 10:00:00:00 --reel-name A001 --out delivery/

A preset of your own: copy one of pipelines/masters/, or state what differs from one that it "extends".
Every master is decoded and held to the reel, frame by frame, before it gets its name; <master>.json beside it says what was found.
The same command, given again, makes what is missing.
`;

/** Adds `reelmend master`. */
export function addMaster(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('master')
    .summary('make and verify deliverables of a finished reel')
    .description(
      'Encodes a finished reel into several deliverables from one decode, verifies each frame by frame, and writes an ASC MHL of all.',
    )
    .argument('[reel]', 'a movie, a folder of numbered stills, or a pattern (scan.%04d.dpx, scan.####.dpx)')
    .option('--preset <name|file>', 'what to make: see --list, or a file of yours; again for more', collect)
    .option('--out <folder>', 'where the masters go')
    .option('--list', 'list the presets')
    .option('--range <first-last>', 'only these frames, numbered as the reel is or by timecode, both included')
    .option('--handles <frames>', 'frames beside the range, on each side')
    .option(
      '--sound <copy|none|file>',
      "the reel's own sound, none, or a file that begins with the first frame; default copy",
    )
    .option('--timecode <HH:MM:SS:FF>', "timecode of the reel's first frame, in place of its own")
    .option('--reel-name <name>', 'name of the reel for timecode tracks')
    .option('--burn-in <labels>', `review copies: write ${BURN_INS.join(', ')} into the picture, joined by commas`)
    .option('--scale <size>', 'review copies: fit into 1280x720, 1280x or x720; aspect kept, square pixels')
    .option('--pad', 'review copies: fill what the picture leaves of --scale with black bars')
    .option(
      '--lut <file.cube>',
      'review copies: lay this over code values, in place of the usual way to show log, PQ and linear',
    )
    .option(
      '--encoder <name>',
      'another encoder of H.264 or H.265, such as h264_nvenc, where this ffmpeg and machine have it',
    )
    .option('--manifest <kind>', 'mhl: an ASC MHL in ascmhl/; sha256sum: a file of that kind; none; default mhl')
    .option(
      '--transfer <kind>',
      'how code values are shown in review copies: auto, log, linear, pq, rec709; default auto',
    )
    .option('--rate <rate>', 'frames a second of a folder that does not state it, such as 24 or 24000/1001')
    .option('--layer <name>', 'the layer of EXR stills')
    .option('--ffmpeg <file>', 'the ffmpeg to use; default FFMPEG_PATH, then the one on PATH')
    .option(
      '--sign <cert.pem>',
      'sign content credentials (C2PA) for the masters with this certificate, over the edit log of the restored reel; see "reelmend sign"',
    )
    .option('--key <key.pem>', 'with --sign: its private key')
    .option('--report <folder>', "with --sign: where the restored reel's report is; default <reel>.report")
    .option('--quiet', 'no progress');
  addLogOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (reel: string | undefined, given: unknown) => end(await master(reel, given, io)));
}

async function master(reel: string | undefined, given: unknown, terminal: CliIo): Promise<ExitCode> {
  const { list, quiet, preset, burnIn, handles, log, metrics, sign, key, report, ...options } =
    optionsSchema.parse(given);
  const wish = logWish({ log, metrics });
  const io = answering(terminal, wish);
  if (list) {
    io.stdout.write(await presetTable());
    return EXIT.done;
  }
  if (reel === undefined)
    throw new UsageError('Give the reel of which masters are made, or --list to see the presets.');
  if (preset.length === 0)
    throw new UsageError(`Add --preset and what to make: ${(await masterNames()).join(', ')}, or a file of yours.`);
  if (options.out === undefined) throw new UsageError('Add --out and the folder where the masters go.');
  const request = {
    ...options,
    reel,
    presets: preset,
    out: options.out,
    handles: handles === undefined ? undefined : parseCount('--handles', handles),
    burnIn: burnIn?.split(',').map((label) => parseChoice('--burn-in', label.trim(), BURN_INS)) satisfies
      | BurnIn[]
      | undefined,
    // What was typed; the request is parsed where programs' are.
    transfer: options.transfer as MasterRequest['transfer'],
    manifest: options.manifest as MasterRequest['manifest'],
  };
  const job = parseMaster(request, asFlag);
  const signing = await signingOfMasters(reel, { ...(sign ? { sign } : {}), ...(key ? { key } : {}) }, report);
  const { masterJob } = await import('../pipeline/master/master.ts');
  const told = { ...wish, labels: { command: 'master', reel: job.reel }, quiet };
  const summary = await toldRun(io, told, (run) => masterJob(job, run, signing ? { signing } : {}), endOf);
  for (const note of summary.notes) io.stderr.write(`Note: ${note}\n`);
  io.stdout.write(masterTable(summary));
  for (const { preset: name, why } of summary.failed) io.stderr.write(`reelmend: ${name} was not delivered: ${why}\n`);
  return exitOf(summary);
}

/** By whom masters of a restored reel are signed; null where nobody was asked for. @throws UsageError, OutputError */
async function signingOfMasters(
  reel: string,
  signer: { readonly sign?: string; readonly key?: string },
  report: string | undefined,
): Promise<MasterSigning | null> {
  const claimSigner = await signingOf(signer);
  if (!claimSigner) {
    if (report !== undefined)
      throw new UsageError('--report is for --sign: masters are signed over the edit log there.');
    return null;
  }
  const { signableOutput } = await import('../pipeline/credentials/sign-output.ts');
  return { facts: (await signableOutput(reel, report)).facts, signer: claimSigner };
}

function exitOf({ failed }: MasterSummary): ExitCode {
  return failed.length > 0 ? EXIT.failed : EXIT.done;
}

function endOf(summary: MasterSummary): RunEnd {
  return { counts: { frames: summary.frames, exit: exitOf(summary) } };
}

async function presetTable(): Promise<string> {
  const presets = await Promise.all((await masterNames()).map((name) => loadMaster(name)));
  const columns = [
    { name: 'preset', align: 'left' },
    { name: 'what it is', align: 'left' },
  ] as const;
  return textTable(
    columns,
    presets.map(({ name, description }) => [name, description]),
  );
}

/** What was delivered, and how near it is to the reel. */
function masterTable({ masters, manifests }: MasterSummary): string {
  const columns = [
    { name: 'master', align: 'left' },
    { name: 'size', align: 'right' },
    { name: 'frames', align: 'right' },
    { name: 'against the reel, worst frame', align: 'left' },
  ] as const;
  const rows = masters.map(({ path, record, kept }) => [
    basename(path),
    formatBytes(record.bytes),
    String(record.frames),
    `${nearnessOf(record)}${kept ? ' (made by an earlier run)' : ''}`,
  ]);
  const table = masters.length > 0 ? textTable(columns, rows) : '';
  return `${table}${manifests.map((path) => `Manifest  ${path}\n`).join('')}`;
}

function nearnessOf({ lossless, psnr, ssim }: MasterSummary['masters'][number]['record']): string {
  if (lossless) return 'every sample is the same';
  const words = [
    ...(psnr ? [`PSNR ${psnr.least?.toFixed(1) ?? '∞'} dB (frame ${psnr.frame})`] : []),
    ...(ssim ? [`SSIM ${ssim.least?.toFixed(4) ?? '1'} (frame ${ssim.frame})`] : []),
  ];
  return words.join(', ');
}

function parseCount(flag: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`${flag} "${text}" is not a number of frames.`);
}
