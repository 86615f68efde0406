import type { Command } from 'commander';
import { z } from 'zod';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { inspectTable } from './inspect-table.ts';
import { addReelOptions, reelOptionsSchema, reelRequest } from './reel-options.ts';
import { withProgress } from './with-progress.ts';

const optionsSchema = reelOptionsSchema.extend({ json: z.boolean().default(false) });

const EXAMPLES = `
Examples:
  reelmend inspect scan/ --find stills/                  who is in which shot
  reelmend inspect film.mov --json > tracks.json         the same for programs
  reelmend inspect film.mov --range 1-240 --reuse off    every network on every frame
`;

/** Adds `reelmend inspect`. */
export function addInspect(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('inspect')
    .summary('say what is in a reel: shots, faces, who they are')
    .description('Looks for faces in a reel and says what it found. Nothing is written but the cache of tracks.')
    .argument('<reel>', 'a movie, a folder of numbered stills, or a pattern (scan.%04d.dpx, scan.####.dpx)');
  addReelOptions(command)
    .option('--json', 'reelmend-tracks/1 on standard output instead of the table')
    .addHelpText('after', EXAMPLES)
    .action(async (reel: string, given: unknown) => end(await inspect(reel, given, io)));
}

async function inspect(reel: string, given: unknown, io: CliIo): Promise<ExitCode> {
  const options = optionsSchema.parse(given);
  const job = reelRequest(reel, options);
  const { inspectReel } = await import('../pipeline/inspect.ts');
  const { tracksFile, notes } = await withProgress(io, options.quiet, (run) => inspectReel(job, run));
  for (const note of notes) io.stderr.write(`Note: ${note}\n`);
  io.stdout.write(options.json ? `${JSON.stringify(tracksFile)}\n` : inspectTable(tracksFile));
  return EXIT.done;
}
