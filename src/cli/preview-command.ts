import type { Command } from 'commander';
import { z } from 'zod';
import { asFlag } from '../pipeline/request/field-name.ts';
import { parsePreview } from '../pipeline/request/parse-request.ts';
import type { PreviewRequest } from '../pipeline/request/request.ts';
import { parseChoices } from '../settings/setting-changes.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addFaceOptions, faceOptionsSchema, faceRequest } from './face-options.ts';
import { addLogOptions, answering, logOptionsSchema, logWish } from './log-options.ts';
import { addReelOptions, collect } from './reel-options.ts';
import { toldRun } from './told-run.ts';

const text = z.exactOptional(z.string());
const optionsSchema = faceOptionsSchema.extend({
  ...logOptionsSchema.shape,
  out: text,
  shot: text,
  every: text,
  vary: z.array(z.string()).default([]),
});

const EXAMPLES = `
What is written into the folder:
  index.html         look here: before and after under a line that you drag, as stills and in motion
  wipe.mp4           before left of a moving line, after right of it
  side-by-side.mp4   both beside each other
  face-*.png         faces pixel by pixel, and each pixel as two by two
  sheet-*.jpg        the faces of each shot, those that were changed most first

Examples:
  reelmend preview scan/ --reference stills/
  reelmend preview scan/ --reference stills/ --range 1041-1088
  reelmend preview film.mov --shot 3 --set detail.strength=0.8
  reelmend preview scan/ --reference stills/ --every 48
  reelmend preview scan/ --reference stills/ --vary detail.strength=0.5,0.8,1 --vary restorer=repair,detail
  reelmend preview scan/ --restorer enhance --enhancer gfpgan-1.4 --masker bisenet-resnet-34,xseg-1
`;

/** Adds `reelmend preview`. */
export function addPreview(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('preview')
    .summary('show before and after of a few frames')
    .description(
      'Restores a few frames of a reel and shows them before and after, in a folder with a page. Without --range, --shot or --every the middle of the shot with the largest face is shown. Tracks are kept for the run that restores the reel.',
    )
    .argument('<reel>', 'a movie, a folder of numbered stills, or a pattern (scan.%04d.dpx, scan.####.dpx)')
    .option(
      '--out <folder>',
      "the folder; default the reel's name and .preview, here. An earlier preview in it is replaced",
    )
    .option(
      '--reference <[name=]stills>',
      'stills of the face to take detail from, as for restore; again for more',
      collect,
    );
  addReelOptions(command)
    .option('--shot <number>', 'a shot, counted from 1 as inspect lists them')
    .option(
      '--every <frames>',
      'every so many frames of the whole reel are looked at, those with a face; no clips then',
    )
    .option(
      '--vary <room.setting=value,value>',
      'several values of a setting, or restorer=repair,detail: all combinations beside each other; again for more',
      collect,
    );
  addLogOptions(addFaceOptions(command))
    .addHelpText('after', EXAMPLES)
    .action(async (reel: string, given: unknown) => end(await preview(reel, given, io)));
}

async function preview(reel: string, given: unknown, terminal: CliIo): Promise<ExitCode> {
  const options = optionsSchema.parse(given);
  const wish = logWish(options);
  const io = answering(terminal, wish);
  const job = parsePreview(previewRequest(reel, options), asFlag);
  const { previewJob } = await import('../pipeline/preview.ts');
  const told = { ...wish, labels: { command: 'preview', reel: job.reel }, quiet: options.quiet };
  const { shown, frames, restored, notes } = await toldRun(
    io,
    told,
    (run) => previewJob(job, { ...run, onPage: (page) => void io.stdout.write(`Preview  ${page}\n`) }),
    ({ frames, restored }) => ({ counts: { frames, restored, exit: EXIT.done } }),
  );
  for (const note of notes) io.stderr.write(`Note: ${note}\n`);
  io.stdout.write(`${shown}\nRestored in ${restored} of ${frames} ${frames === 1 ? 'frame' : 'frames'}.\n`);
  return EXIT.done;
}

/** What was typed, as a request. @throws UsageError for numbers that are none. */
function previewRequest(reel: string, options: z.output<typeof optionsSchema>): PreviewRequest {
  const { out, shot, every, vary } = options;
  return {
    ...faceRequest(reel, options),
    out,
    shot: parseCount('--shot', shot),
    every: parseCount('--every', every),
    vary: Object.fromEntries(vary.map((text) => parseChoices(text, '--vary'))),
  };
}

function parseCount(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  throw new UsageError(`${flag} "${text}" is not a whole number.`);
}
