import type { Command } from 'commander';
import type { ModelLibrary, ModelState } from '../model/library.ts';
import { formatBytes } from '../pipeline/work/space.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { loadPreset } from '../settings/preset.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { textTable } from './text-table.ts';
import { withProgress } from './with-progress.ts';

const EXAMPLES = `
Examples:
  reelmend models list              what there is, and under which licence
  reelmend models pull              fetch what the default preset needs
  reelmend models pull faceres      fetch another one
  reelmend models verify            hash every file against its contract
`;

/** Adds `reelmend models list|pull|verify`. */
export function addModels(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const models = program
    .command('models')
    .summary('list, fetch and verify the networks')
    .description(
      'The networks that Reelmend knows by contract: where they come from, under which licence, and whether they are here.',
    )
    .helpCommand(false)
    .addHelpText('after', EXAMPLES);
  models
    .command('list')
    .description('every known model, its licence as stated, and whether it is here')
    .action(async () => {
      io.stdout.write(modelsTable(await (await library()).list()));
      end(EXIT.done);
    });
  models
    .command('pull')
    .description('fetch models, check them, and keep them')
    .argument('[ids...]', 'default: what the preset needs')
    .option('--preset <name|file>', 'whose models', 'restore')
    .option('--quiet', 'no progress')
    .action(async (ids: string[], options: { preset: string; quiet?: boolean }) => {
      end(await pull(ids, options, io));
    });
  models
    .command('verify')
    .description('hash the models that are here against their contracts')
    .argument('[ids...]', 'default: all')
    .action(async (ids: string[]) => end(await verify(ids, io)));
}

/** Loaded when needed: opening the library loads the inference runtime. */
async function library(): Promise<ModelLibrary> {
  const { openLibrary } = await import('../model/library.ts');
  return openLibrary();
}

const MIB = 2 ** 20;

async function pull(
  ids: readonly string[],
  options: { preset: string; quiet?: boolean },
  io: CliIo,
): Promise<ExitCode> {
  const wanted = ids.length > 0 ? ids : Object.values((await loadPreset(options.preset, RESTORERS)).models);
  const models = await library();
  await withProgress(io, options.quiet ?? false, async ({ onProgress, signal }) => {
    for (const id of wanted) {
      const path = await models.pull(id, {
        signal,
        onProgress: ({ done, total }) =>
          onProgress({ stage: 'models', done: done / MIB, total: total / MIB, unit: 'MiB' }),
      });
      io.stdout.write(`${id}  ${path}\n`);
    }
  });
  return EXIT.done;
}

async function verify(ids: readonly string[], io: CliIo): Promise<ExitCode> {
  const models = await library();
  const states =
    ids.length > 0 ? (await Promise.all(ids.map((id) => models.verify(id)))).flat() : await models.verify();
  io.stdout.write(modelsTable(states));
  const damaged = states.filter(({ state }) => state === 'damaged');
  if (damaged.length === 0) return EXIT.done;
  const names = damaged.map(({ id }) => id).join(' ');
  io.stderr.write(
    `reelmend: ${damaged.length === 1 ? 'a file is' : 'files are'} not what the contract names. Run "reelmend models pull ${names}" to fetch again.\n`,
  );
  return EXIT.failed;
}

function modelsTable(states: readonly ModelState[]): string {
  return textTable(
    [
      { name: 'model', align: 'left' },
      { name: 'task', align: 'left' },
      { name: 'state', align: 'left' },
      { name: 'size', align: 'right' },
      { name: 'licence', align: 'left' },
      { name: 'source', align: 'left' },
    ],
    states.map(({ id, task, state, bytes, licence, source }) => [
      id,
      task,
      state,
      bytes > 0 ? formatBytes(bytes) : '–',
      licence,
      source,
    ]),
  );
}
