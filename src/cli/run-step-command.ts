import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { StepFailure } from '../farm/steps/run-steps.ts';
import { UsageError } from '../settings/usage-error.ts';
import { parseChoice } from './choice.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode, sentenceOf, stepExitCodeOf } from './exit.ts';
import { addLogOptions, answering, logOptionsSchema, logWish } from './log-options.ts';
import { addMapOption, mapOptionSchema } from './map-option.ts';
import { toldRun } from './told-run.ts';

/** The kinds of `STEP_KINDS`, which are not loaded for other commands' help. */
const KINDS = ['track', 'cast', 'take', 'conform'] as const;

const optionsSchema = z.object({
  job: z.string(),
  step: z.string(),
  index: z.string().default('0'),
  of: z.exactOptional(z.string()),
  passMissing: z.boolean().default(false),
  ffmpeg: z.exactOptional(z.string()),
  quiet: z.boolean().default(false),
  ...logOptionsSchema.shape,
  ...mapOptionSchema.shape,
});

const EXAMPLES = `
What is done, in this order:
  track     the faces of one span of the reel; --index 0 to the number of spans less one
  cast      who they are, and how the reel is cut into takes
  take      one take, rendered or copied; --index 0 to the number of takes less one
  conform   the takes joined, the masters, the report

Each may be given again, on any machine that sees the same storage: what is done is found, and nothing is done twice.

Examples:
  reelmend run-step --job restored.work/farm/order.json --step track --index 3
  reelmend run-step --job restored.work/farm/order.json --step cast
  reelmend run-step --job restored.work/farm/order.json --step take --index 2 --of 8
  reelmend run-step --job restored.work/farm/order.json --step conform --pass-missing

Exit codes: 0 done, or done before; 1 failed; 2 wrong usage; 65 the input is damaged or cannot be used, and trying again does not help;
75 not now or not on this machine: try again; of conform also 3, done with takes or damaged frames that were passed through.
`;

/** Adds `reelmend run-step`. */
export function addRunStep(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const command = program
    .command('run-step')
    .summary('do one step of a submitted reel, for a job engine')
    .description(
      'Does one step of a reel that "reelmend submit" has planned, and ends. It needs no queue: a job engine decides which machine does which step.',
    )
    .requiredOption('--job <order.json>', 'the order, in the folder "farm" of the work folder')
    .requiredOption('--step <kind>', `what to do: ${KINDS.join(', ')}`)
    .option('--index <number>', 'which one of its kind, from 0', '0')
    .option('--of <parts>', 'do every so manyth from --index on, so that --index 0 to parts less one do all')
    .option(
      '--pass-missing',
      'with cast and conform: frames whose step is not done are passed through untouched, and the exit code is 3',
    )
    .option('--ffmpeg <file>', 'the ffmpeg to use; default FFMPEG_PATH, then the one on PATH')
    .option('--quiet', 'no progress');
  addLogOptions(addMapOption(command))
    .addHelpText('after', EXAMPLES)
    .action(async (given: unknown) => end(await runSteps(given, io)));
}

async function runSteps(given: unknown, terminal: CliIo): Promise<ExitCode> {
  const { job, step, index, of, passMissing, ffmpeg, map, quiet, ...log } = optionsSchema.parse(given);
  const wish = logWish(log);
  const io = answering(terminal, wish);
  const kind = parseChoice('--step', step, KINDS);
  const first = parseCount('--index', index, 0);
  const parts = of === undefined ? null : parseCount('--of', of, 1);
  if (parts !== null && first >= parts) {
    throw new UsageError(`--index ${first} --of ${parts}: the parts are numbered from 0 to ${parts - 1}.`);
  }
  const { runStepsOf } = await import('../farm/steps/run-steps.ts');
  const asked = { order: resolve(job), kind, first, every: parts, passesMissing: passMissing, ffmpeg, maps: map };
  const told = { ...wish, labels: { command: 'run-step', step: kind }, quiet };
  try {
    const { exit, notes, lines, failed } = await toldRun(
      io,
      told,
      async (run) => {
        const done = await runStepsOf(asked, run);
        return done.failed.length > 0 ? { ...done, exit: exitCodeOfFailed(done.failed) } : done;
      },
      ({ exit, failed }) => ({
        counts: { exit },
        events: failed.map(({ step, error }) => ({ code: 'E_STEP_FAILED', labels: { step }, error })),
      }),
    );
    for (const note of notes) io.stderr.write(`Note: ${note}\n`);
    for (const { step, error } of failed) io.stderr.write(`Step ${step} failed.\n${sentence(error)}\n`);
    io.stdout.write(lines);
    return exit;
  } catch (error) {
    if (io.signal.aborted || stepExitCodeOf(error) !== EXIT.damaged) throw error;
    io.stderr.write(`${sentence(error)}\n`);
    return EXIT.damaged;
  }
}

function sentence(error: unknown): string {
  return sentenceOf(error, process.env['REELMEND_DEBUG'] === '1');
}

/** To try again helps where it may help one of them. */
function exitCodeOfFailed(failed: readonly StepFailure[]): ExitCode {
  return failed.every(({ error }) => stepExitCodeOf(error) === EXIT.damaged) ? EXIT.damaged : EXIT.failed;
}

function parseCount(flag: string, text: string, least: number): number {
  const count = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least) return count;
  throw new UsageError(`${flag} "${text}" is not a number of ${least} or more. Write it as digits.`);
}
