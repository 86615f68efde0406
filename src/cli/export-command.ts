import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Engine } from '../farm/export/export-order.ts';
import { UsageError } from '../settings/usage-error.ts';
import { parseChoice } from './choice.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { collect } from './reel-options.ts';

const ENGINES = ['openjd', 'kubernetes', 'slurm'] as const;

const text = z.exactOptional(z.string());
const optionsSchema = z.object({
  as: z.string(),
  out: text,
  parts: text,
  program: z.string().default('reelmend'),
  map: z.array(z.string()).default([]),
  gpus: text,
  cpus: text,
  memory: text,
  hours: text,
  image: text,
  mount: z.array(z.string()).default([]),
});
type Options = z.output<typeof optionsSchema>;

const EXAMPLES = `
What is written runs "reelmend run-step" in four stages: track, cast, take, conform. What a step finds done, it does not do again.

  openjd      a job template of Open Job Description, for Deadline Cloud and others
  kubernetes  four Indexed Jobs; docs/containers/run-jobs.sh runs them one after the other
  slurm       a bash script that submits four job arrays; it hands its arguments on to sbatch

Examples:
  reelmend export restored.work/farm/order.json --as openjd --out reel.yaml
  reelmend export restored.work/farm/order.json --as slurm --gpus 1 --memory 24 --hours 4 --out reel.sh && bash reel.sh --partition=gpu
  reelmend export restored.work/farm/order.json --as slurm --program "apptainer exec --nv reelmend.sif reelmend" --out reel.sh
  reelmend export restored.work/farm/order.json --as kubernetes --image registry.example/reelmend:0.1.0 --mount nas=/mnt/nas --out reel.yaml

docs/other-engines.md says when to take which, and what each cannot do.
`;

/** Adds `reelmend export`. */
export function addExport(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  program
    .command('export')
    .summary('write a submitted reel as a job of another engine')
    .description(
      'Writes a reel that "reelmend submit" has planned as a job for Open Job Description, Kubernetes or Slurm, whose machines then restore it without a queue.',
    )
    .argument('<order.json>', 'the order, in the folder "farm" of the work folder')
    .requiredOption('--as <engine>', `what to write: ${ENGINES.join(', ')}`)
    .option('--out <file>', 'where to write it; default standard output')
    .option(
      '--parts <number>',
      'tasks that share the takes, and the spans where there are more: as many machines work at once, at most; default as many as there are spans',
    )
    .option('--program <command>', 'how a machine calls Reelmend: words, in quotes where they hold spaces', 'reelmend')
    .option('--map <from=to>', 'a folder of this machine, and where the machines see it; again for more', collect)
    .option('--gpus <number>', 'GPUs of a task that tracks or renders')
    .option('--cpus <number>', 'cores of a task')
    .option('--memory <GiB>', 'memory of a task')
    .option('--hours <number>', 'a task is ended after so long')
    .option('--image <name>', 'kubernetes: the image that pods run, such as that of docs/containers/Dockerfile')
    .option('--mount <claim=path>', 'kubernetes: a volume claim, and where pods see it; again for more', collect)
    .addHelpText('after', EXAMPLES)
    .action(async (order: string, given: unknown) => end(await exportTo(order, optionsSchema.parse(given), io)));
}

async function exportTo(order: string, options: Options, io: CliIo): Promise<ExitCode> {
  const { out, parts, program, map, gpus, cpus, memory, hours } = options;
  const request = {
    order: resolve(order),
    engine: parseEngine(options),
    parts: parts === undefined ? null : parseWhole('--parts', parts, 1, 10_000),
    program: parseWords('--program', program),
    maps: map,
    resources: {
      gpus: gpus === undefined ? 0 : parseWhole('--gpus', gpus, 0, 64),
      cpus: cpus === undefined ? null : parseWhole('--cpus', cpus, 1, 1024),
      memoryGib: memory === undefined ? null : parsePositive('--memory', memory, 'GiB'),
      hours: hours === undefined ? null : parsePositive('--hours', hours, 'hours'),
    },
  };
  const { exportOrder } = await import('../farm/export/export-order.ts');
  const written = await exportOrder(request);
  if (out === undefined) io.stdout.write(written);
  else await writeFile(out, written);
  return EXIT.done;
}

function parseEngine({ as, image, mount, map }: Options): Engine {
  const kind = parseChoice('--as', as, ENGINES);
  if (kind !== 'kubernetes') {
    if (image !== undefined || mount.length > 0) {
      throw new UsageError(`${image !== undefined ? '--image' : '--mount'} is for --as kubernetes. Leave it out.`);
    }
    if (kind === 'openjd' && map.length > 0) {
      throw new UsageError(
        '--map: with --as openjd, hosts map paths by the path mapping rules that they are given. Leave it out.',
      );
    }
    return { kind };
  }
  if (image === undefined) {
    throw new UsageError(
      '--as kubernetes needs the image that pods run. Build docs/containers/Dockerfile, and add --image and its name.',
    );
  }
  return { kind, image, volumes: mount.map(parseMount) };
}

function parseMount(given: string) {
  const [, claim, path] = /^([a-z0-9][a-z0-9.-]*)=(\/.+)$/.exec(given) ?? [];
  if (claim !== undefined && path !== undefined) return { claim, path };
  throw new UsageError(`--mount "${given}" is not a claim and a path. Write it as claim=/path, such as nas=/mnt/nas.`);
}

/** The words of a command line; quotes of either kind hold one together. */
function parseWords(flag: string, line: string): readonly string[] {
  const words = [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
  if (words.length > 0) return words;
  throw new UsageError(`${flag} "${line}" is no command. Write it as a shell would read it, such as "npx reelmend".`);
}

function parseWhole(flag: string, given: string, least: number, most: number): number {
  const number = /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${flag} "${given}" is not a whole number from ${least} to ${most}.`);
}

function parsePositive(flag: string, given: string, unit: string): number {
  const number = /^\d{1,6}(\.\d{1,6})?$/.test(given) ? Number(given) : 0;
  if (number > 0) return number;
  throw new UsageError(`${flag} "${given}" is not a number of ${unit} above 0, such as 1.5.`);
}
