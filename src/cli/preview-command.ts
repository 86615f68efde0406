import type { Command } from 'commander';
import { z } from 'zod';
import { asFlag } from '../pipeline/request/field-name.ts';
import { parsePreview } from '../pipeline/request/parse-request.ts';
import type { PreviewRequest, RestoreRequest } from '../pipeline/request/request.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { parseChoices } from '../settings/setting-changes.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addReelOptions, collect, inspectRequest, reelOptionsSchema } from './reel-options.ts';
import { withProgress } from './with-progress.ts';

const text = z.exactOptional(z.string());
const optionsSchema = reelOptionsSchema.extend({
  out: text,
  reference: z.array(z.string()).default([]),
  restorer: text,
  authorisation: text,
  model: text,
  enhancer: text,
  masker: z.array(z.string()).default([]),
  faces: text,
  except: z.boolean().default(false),
  grain: text,
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
    )
    .option(
      '--restorer <name>',
      `what restores the face: ${RESTORERS.map(({ name }) => name).join(', ')}; default the preset's`,
    )
    .option('--model <id|file>', 'the network of the restorer that --restorer names (see "reelmend models list")')
    .option(
      '--enhancer <id|file>',
      'the network that makes faces finer: with --restorer enhance, or behind that of --restorer swap',
    )
    .option(
      '--masker <id,id|file>',
      'networks that tell a face from what is before it, so that this stays as it is; where there are several, the face is what all see',
      collect,
    )
    .option(
      '--authorisation <file>',
      'for restorers that put one person’s face in another’s place: JSON that says who is shown, who is put in, who allowed it, for what, until when',
    )
    .option(
      '--faces <which>',
      'cast: only the people given; all: every face (default where nobody is given, and for anonymise)',
    )
    .option(
      '--except',
      'with --restorer anonymise: the faces of the people of --find stay as they are; in doubt they are hidden',
    )
    .option('--grain <kind>', "own: the frame's own grain is put back; none: the face has none")
    .addHelpText('after', EXAMPLES)
    .action(async (reel: string, given: unknown) => end(await preview(reel, given, io)));
}

async function preview(reel: string, given: unknown, io: CliIo): Promise<ExitCode> {
  const options = optionsSchema.parse(given);
  const job = parsePreview(previewRequest(reel, options), asFlag);
  const { previewJob } = await import('../pipeline/preview.ts');
  const { shown, frames, restored, notes } = await withProgress(io, options.quiet, (run) =>
    previewJob(job, { ...run, onPage: (page) => void io.stdout.write(`Preview  ${page}\n`) }),
  );
  for (const note of notes) io.stderr.write(`Note: ${note}\n`);
  io.stdout.write(`${shown}\nRestored in ${restored} of ${frames} ${frames === 1 ? 'frame' : 'frames'}.\n`);
  return EXIT.done;
}

/** What was typed, as a request. @throws UsageError for numbers that are none. */
function previewRequest(reel: string, options: z.output<typeof optionsSchema>): PreviewRequest {
  const { out, reference, restorer, faces, except, grain, shot, every, vary } = options;
  return {
    ...inspectRequest(reel, options),
    out,
    references: reference,
    restorer,
    authorisation: options.authorisation,
    model: options.model,
    enhancer: options.enhancer,
    masker: options.masker,
    // What was typed; the request is parsed where programs' are.
    faces: faces as RestoreRequest['faces'],
    except,
    grain: grain as RestoreRequest['grain'],
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
