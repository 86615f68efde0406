import type { Command } from 'commander';
import { z } from 'zod';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';

const text = z.exactOptional(z.string());
const optionsSchema = z.strictObject({ report: text, reel: text, restorePlate: text, to: text, ffmpeg: text });

const EXAMPLES = `
Examples:
  reelmend verify restored/
  reelmend verify restored.mkv --reel film.mov
  reelmend verify restored/ --reel scan/ --restore-plate 1043 --to plate.dpx

Exit codes: 0 proved, 1 not proved, 2 wrong usage or unreadable input.
`;

/** Adds `reelmend verify`. */
export function addVerify(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  program
    .command('verify')
    .summary('prove that an output is what its edit log says, and nothing else was altered')
    .description(
      'Proves the chain of an output’s edit log and that the output is the one it describes; with --reel, that every sample outside the faces it names is the reel’s own. Content credentials (C2PA) are read and held to both. One sentence a finding.',
    )
    .argument('<out>', 'a restored reel: a folder or a movie')
    .option('--report <folder>', 'where its report is; default <out>.report')
    .option('--reel <reel>', 'the reel that it was made of')
    .option('--restore-plate <frame>', "with --reel and --to: write this frame as it was, by the reel's own number")
    .option('--to <file>', 'the file for the plate: of a folder its own kind, of a movie a .mkv')
    .option('--ffmpeg <file>', 'the ffmpeg to use; default FFMPEG_PATH, then the one on PATH')
    .addHelpText('after', EXAMPLES)
    .action(async (out: string, given: unknown) => end(await verify(out, given, io)));
}

async function verify(out: string, given: unknown, io: CliIo): Promise<ExitCode> {
  const { report, reel, restorePlate, to, ffmpeg } = optionsSchema.parse(given);
  if ((restorePlate === undefined) !== (to === undefined))
    throw new UsageError('--restore-plate and --to belong together: the frame, and the file that its plate goes to.');
  const plate = restorePlate === undefined || to === undefined ? undefined : { frame: frameOf(restorePlate), to };
  const { verifyOutput } = await import('../pipeline/verify/verify.ts');
  const { proved, faults, seal } = await verifyOutput({ out, report, reel, plate, ffmpeg }, io.signal);
  for (const sentence of proved) io.stdout.write(`${sentence}\n`);
  for (const sentence of faults) io.stdout.write(`NOT PROVED: ${sentence}\n`);
  if (seal !== null) io.stdout.write(`Seal of the log  ${seal}\n`);
  return faults.length === 0 ? EXIT.done : EXIT.failed;
}

function frameOf(number: string): number {
  if (/^\d{1,9}$/.test(number)) return Number(number);
  throw new UsageError(`--restore-plate "${number}" is not a number of a frame. Write it as digits, such as 1001.`);
}
