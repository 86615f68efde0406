import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { publishFile } from '../disk/publish-file.ts';
import { assertShotListKind, shotListText } from '../editorial/shot-list-formats.ts';
import type { FrameAddress } from '../pipeline/job.ts';
import { asFlag } from '../pipeline/request/field-name.ts';
import { parseFrame } from '../pipeline/request/parse-range.ts';
import { parseInspect } from '../pipeline/request/parse-request.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { inspectTable } from './inspect-table.ts';
import { addLogOptions, answering, logOptionsSchema, logWish } from './log-options.ts';
import { addReelOptions, inspectRequest, reelOptionsSchema } from './reel-options.ts';
import { toldRun } from './told-run.ts';

const optionsSchema = reelOptionsSchema.extend({
  ...logOptionsSchema.shape,
  json: z.boolean().default(false),
  frame: z.exactOptional(z.string()),
  shotList: z.exactOptional(z.string()),
});

const EXAMPLES = `
Examples:
  reelmend inspect scan/ --find stills/                  who is in which shot
  reelmend inspect film.mov --json > tracks.json         the same for programs
  reelmend inspect film.mov --range 1-240 --reuse off    every network on every frame
  reelmend inspect film.mov --frame 96                   why networks ran in frame 96, or did not
  reelmend inspect film.mov --frame 01:00:03:23          the same by the reel's timecode
  reelmend inspect film.mov --shot-list shots.csv        the detected shots as a list, to be edited and given to --shots
`;

/** Adds `reelmend inspect`. */
export function addInspect(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('inspect')
    .summary('list what is in a reel: shots, faces, who they are')
    .description(
      'Tracks the faces of a reel and lists them. Nothing is written but the cache of tracks, and what --shot-list names.',
    )
    .argument('<reel>', 'a movie, a folder of numbered stills, or a pattern (scan.%04d.dpx, scan.####.dpx)');
  addLogOptions(addReelOptions(command))
    .option('--json', 'reelmend-tracks/1 on standard output instead of the table')
    .option(
      '--frame <number|timecode>',
      'why each network ran or was skipped in this frame, face by face, in place of the table',
    )
    .option('--shot-list <file>', 'also write the shots that were detected as a list for editors: .otio, .edl or .csv')
    .addHelpText('after', EXAMPLES)
    .action(async (reel: string, given: unknown) => end(await inspect(reel, given, io)));
}

async function inspect(reel: string, given: unknown, terminal: CliIo): Promise<ExitCode> {
  const options = optionsSchema.parse(given);
  const wish = logWish(options);
  if (options.json && wish.log === '-') {
    throw new UsageError('--json and --log - are both for standard output. Give the log a file.');
  }
  const io = answering(terminal, wish);
  const job = parseInspect(inspectRequest(reel, options), asFlag);
  const { inspectJob } = await import('../pipeline/inspect.ts');
  const frame = options.frame === undefined ? null : frameOption(options.frame, options.json);
  const shotList = options.shotList === undefined ? null : resolve(options.shotList);
  if (shotList !== null) {
    assertShotListKind(shotList);
    if (shotList === job.shots) {
      throw new UsageError(
        `--shot-list "${options.shotList}" is the list that --shots reads, and what it asks for would be lost. Give it another name.`,
      );
    }
  }
  const told = { ...wish, labels: { command: 'inspect', reel: job.reel }, quiet: options.quiet };
  const { tracksFile, notes, shots, explain } = await toldRun(
    io,
    told,
    (run) => inspectJob(job, run),
    ({ tracksFile: { shots, tracks, reel } }) => ({
      counts: { frames: reel.frames, shots: shots.length, tracks: tracks.length, exit: EXIT.done },
    }),
  );
  for (const note of notes) io.stderr.write(`Note: ${note}\n`);
  if (shotList !== null) await publishFile(shotList, shotListText(shotList, shots));
  if (frame !== null) {
    io.stdout.write(`${explain(frame).join('\n')}\n`);
    return EXIT.done;
  }
  io.stdout.write(options.json ? `${JSON.stringify(tracksFile)}\n` : inspectTable(tracksFile));
  return EXIT.done;
}

function frameOption(text: string, json: boolean): FrameAddress {
  if (json) throw new UsageError('--frame answers in words; leave --json out.');
  return parseFrame(text, '--frame');
}
