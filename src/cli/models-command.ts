import type { Command } from 'commander';
import { formatBytes } from '../disk/format-bytes.ts';
import type { ModelLibrary, ModelState } from '../model/library.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { loadPreset } from '../settings/preset.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { importedText } from './imported-text.ts';
import { textTable } from './text-table.ts';
import { withProgress } from './with-progress.ts';

const EXAMPLES = `
Examples:
  reelmend models list              what there is, and under which licence
  reelmend models pull              fetch what the default preset needs
  reelmend models pull faceres      fetch another one
  reelmend models import ~/facefusion/.assets/models
                                    recognise files that you have; they stay where they are
  reelmend models import inswapper_128.onnx --copy
                                    one file, copied into the folder of your models
  reelmend models import mine.onnx --as gfpgan-1.4 --name gfpgan-mine
                                    a file whose name does not tell what it is
  reelmend models verify            hash every file against its contract
`;

/** Adds `reelmend models list|import|pull|verify`. */
export function addModels(program: Command, io: CliIo, end: (code: ExitCode) => void): void {
  const models = program
    .command('models')
    .summary('list, import, fetch and verify the networks')
    .description(
      'The networks that Reelmend has contracts for: their source, their licence, and whether they are here.',
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
    .command('import')
    .description(
      'recognise ONNX files that you have by their graph and name, and make them models by name, with their licence',
    )
    .argument('<file|folder...>', 'ONNX files, and folders of them')
    .option('--copy', 'copy the files into the folder of your models (REELMEND_MODELS, else the platform’s)')
    .option('--as <id>', 'the known network that a file is, where its name does not tell')
    .option('--name <id>', 'what the model is to be called; default as the known network')
    .action(async (paths: string[], options: { copy?: boolean; as?: string; name?: string }) => {
      end(await importPaths(paths, options, io));
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

async function importPaths(
  paths: readonly string[],
  { copy = false, as, name }: { copy?: boolean; as?: string; name?: string },
  io: CliIo,
): Promise<ExitCode> {
  const { importModels } = await import('../model/own/import-models.ts');
  let imported = 0;
  for await (const file of importModels(paths, { copy, as, id: name, signal: io.signal })) {
    if (file.outcome !== 'refused') imported += 1;
    io.stdout.write(importedText(file));
  }
  return imported > 0 ? EXIT.done : EXIT.failed;
}

async function verify(ids: readonly string[], io: CliIo): Promise<ExitCode> {
  const models = await library();
  const states =
    ids.length > 0 ? (await Promise.all(ids.map((id) => models.verify(id)))).flat() : await models.verify();
  io.stdout.write(modelsTable(states));
  const damaged = states.filter(({ state, own }) => state === 'damaged' && !own);
  const lost = states.filter(({ state, own }) => state !== 'present' && own);
  if (damaged.length > 0) {
    const names = damaged.map(({ id }) => id).join(' ');
    io.stderr.write(
      `reelmend: ${damaged.length === 1 ? 'a file is' : 'files are'} not what the contract names. Run "reelmend models pull ${names}" to fetch again.\n`,
    );
  }
  for (const { id, state, path } of lost) {
    io.stderr.write(
      `reelmend: your model ${id}, ${path}, ${state === 'absent' ? 'is not there any more' : 'has changed since it was imported'}. Run "reelmend models import <file> --name ${id}" on the file where it is now.\n`,
    );
  }
  return damaged.length + lost.length > 0 ? EXIT.failed : EXIT.done;
}

function modelsTable(states: readonly ModelState[]): string {
  return textTable(
    [
      { name: 'model', align: 'left' },
      { name: 'task', align: 'left' },
      { name: 'state', align: 'left' },
      { name: 'size', align: 'right' },
      { name: 'licence', align: 'left' },
      { name: 'use', align: 'left' },
      { name: 'source', align: 'left' },
    ],
    states.map(({ id, task, state, bytes, licence, use, source, own, path }) => [
      id,
      task,
      state,
      bytes > 0 ? formatBytes(bytes) : '–',
      licence,
      use,
      own ? path : source,
    ]),
  );
}
