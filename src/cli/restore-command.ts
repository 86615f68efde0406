import type { Command } from 'commander';
import { z } from 'zod';
import type { RestoreSummary } from '../pipeline/job.ts';
import { asFlag } from '../pipeline/request/field-name.ts';
import { parseRestore } from '../pipeline/request/parse-request.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { addLogOptions, answering, logOptionsSchema, logWish } from './log-options.ts';
import { addRestoreOptions, restoreOptionsSchema, restoreRequest } from './restore-options.ts';
import { restoreSummary } from './restore-summary.ts';
import { restorersHelp } from './restorer-option.ts';
import { signed, signingOf } from './sign-command.ts';
import { type RunEnd, toldRun } from './told-run.ts';

const optionsSchema = restoreOptionsSchema.extend({
  ...logOptionsSchema.shape,
  each: z.boolean().default(false),
  sign: z.exactOptional(z.string()),
  key: z.exactOptional(z.string()),
});

const EXAMPLES = `
What is written:
  --out name/       frames of the source's own kind, untouched ones byte for byte
  --out name/ --as dpx
                    frames of a movie as 10-bit RGB (dpx8 … dpx16, tiff8, tiff16, exr-half, exr-float); the report
                    measures what the conversion loses. EXR holds code values, 0 to 1, and not linear light
  --out name.mkv    lossless (FFV1, the source's own samples)
  --out name.mov    ProRes 422 HQ, or 4444 where the samples need it
  --out name.mp4    H.264, visually lossless
  --each --out name/
                    every picture of a folder, under its own name and in its own kind, the rest of its file as it is

Examples:
  reelmend restore scan/ --out restored/ --reference stills/
  reelmend restore scan.%04d.dpx --out restored/ --reference anna=a.jpg --reference anna=b.jpg --reference otto=o/
  reelmend restore scan/ --out restored/ --reference reel:1043,1077
  reelmend restore scan/ --out repaired/
  reelmend restore album/ --each --out restored/ --reference anna=a.jpg --reference otto=o/
  reelmend restore album/ --each --out sharper/ --restorer enhance --faces all
  reelmend restore scan/ --out hidden/ --restorer anonymise
  reelmend restore scan/ --out hidden/ --restorer anonymise --find anna=a.jpg --except
  reelmend restore film.mov --out swapped.mov --reference anna=anna/ --find anna=standin.png --restorer swap --authorisation consent.json
  reelmend restore film.mov --out film-restored.mov --reference stills/ --find standin.png
  reelmend restore film.mov --out frames/ --as dpx --start-number 1001
  reelmend restore film.mov --out film-restored.mkv --reference stills/ --master prores-422-hq --master review-h264
  reelmend restore scan/ --out try/ --reference stills/ --range 1001-1048
  reelmend restore film.mov --out part.mov --reference stills/ --range 01:00:10:00-01:00:14:12
  reelmend restore film.mov --out film-restored.mov --reference stills/ --shots cut.edl
  reelmend restore scan/ --out restored/ --restorer enhance --enhancer gfpgan-1.4 --masker xseg-1
  reelmend restore scan/ --out restored/ --reference stills/ --device gpu:radeon
  reelmend restore scan/ --out restored/ --reference stills/ --patches comp/ --tracks comp/
  reelmend restore scan/ --out restored/ --reference stills/ --keep-work
  reelmend restore scan/ --out restored/ --reference stills/ --redo --overrides decided.json

What --authorisation reads (docs/swap.md says more; "reel" and "from" may be left out):
  {
    "format": "reelmend-authorisation/1",
    "people": [{ "name": "anna", "shown": "Berta Beispiel, stand-in", "putIn": "Anna Exempel" }],
    "allowedBy": "the estate of Anna Exempel, letter of 2 March 2026",
    "purpose": "Scenes 12 to 14 of “The Example”, in all its versions",
    "reel": "film.mov",
    "from": "2026-03-02",
    "until": "2027-03-01"
  }

The same command, given again, goes on with a run that was stopped.
Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable input, 3 done with too many damaged frames, 130 stopped.
`;

/** Adds `reelmend restore`. */
export function addRestore(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('restore')
    .summary("restore an actor's face in a reel")
    .description(
      "Finds an actor's face in a reel and restores it in every frame where it appears: repaired from its own neighbouring frames, with detail from stills. Nothing outside the face changes.",
    );
  addLogOptions(addRestoreOptions(command))
    .option(
      '--each',
      'the folder holds pictures that have nothing to do with each other (any names, sizes and kinds, in folders of folders too): each is restored by itself, under its own name in --out',
    )
    .option(
      '--sign <cert.pem>',
      'sign content credentials (C2PA) for the output with this certificate; see "reelmend sign"',
    )
    .option('--key <key.pem>', 'with --sign: its private key')
    .addHelpText(
      'after',
      `\nRestorers, with their settings in a preset and the defaults of these:\n${restorersHelp(RESTORERS)}\n${EXAMPLES}`,
    )
    .action(async (reel: string, given: unknown) => end(await restore(reel, given, io)));
}

async function restore(reel: string, given: unknown, terminal: CliIo): Promise<ExitCode> {
  const options = optionsSchema.parse(given);
  const wish = logWish(options);
  const io = answering(terminal, wish);
  const job = parseRestore({ ...restoreRequest(reel, options), each: options.each }, asFlag);
  const signing = await signingOf(options);
  if (signing && job.each)
    throw new UsageError('--sign: pictures of --each have no edit log to sign. Leave --sign out.');
  const { restoreJob } = await import('../pipeline/restore.ts');
  const told = { ...wish, labels: { command: 'restore', reel: job.reel }, quiet: options.quiet };
  const { summary, where } = await toldRun(
    io,
    told,
    async (run) => {
      const summary = await restoreJob(job, run);
      return { summary, where: signing ? await signed(job.out, job.report, signing) : '' };
    },
    ({ summary }) => endOf(summary),
  );
  for (const note of summary.notes) io.stderr.write(`Note: ${note}\n`);
  io.stdout.write(restoreSummary(summary));
  io.stdout.write(where);
  for (const { preset, why } of summary.mastersFailed)
    io.stderr.write(`reelmend: ${preset} was not delivered: ${why}\n`);
  if (summary.tooManyIsolated) {
    io.stderr.write(
      `reelmend: ${summary.isolated} of ${summary.frames} ${summary.unit} are damaged ${summary.missing > 0 ? 'or missing' : 'and were passed through'}, more than --max-isolated ${options.maxIsolated} %. The report names them.\n`,
    );
  }
  return exitOf(summary);
}

function exitOf({ tooManyIsolated, mastersFailed }: RestoreSummary): ExitCode {
  if (tooManyIsolated) return EXIT.manyIsolated;
  return mastersFailed.length > 0 ? EXIT.failed : EXIT.done;
}

function endOf(summary: RestoreSummary): RunEnd {
  const { frames, restored, isolated, takesKept, takesRedone, tooManyIsolated } = summary;
  return {
    counts: { frames, restored, isolated, takes: takesKept + takesRedone, exit: exitOf(summary) },
    ...(tooManyIsolated ? { events: [{ code: 'E_TOO_MANY_DAMAGED', counts: { frames, isolated } }] } : {}),
  };
}
