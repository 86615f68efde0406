import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CONVERTER_VERSION, toOnnx } from '../convert/to-onnx.ts';
import { cacheFolder } from '../disk/cache-folder.ts';
import { sha256OfFiles } from '../disk/durable.ts';
import { publishFile } from '../disk/publish-file.ts';
import { sha256Of } from '../disk/sha256.ts';
import { ownModelsFolder } from '../disk/user-folders.ts';
import { type Contract, outputNames, parseContract, type Task } from './contract.ts';
import { contractsFolder } from './contracts-folder.ts';
import { type FetchedSources, fetchSources, localPath } from './fetch-source.ts';
import { type LicenceUse, licenceUse } from './licence/licence-use.ts';
import { ModelError } from './model-error.ts';

/** The state of a model in the cache. */
export interface ModelState {
  readonly id: string;
  readonly title: string;
  readonly task: Task;
  /** As stated by the publisher, an SPDX identifier. */
  readonly licence: string;
  readonly use: LicenceUse;
  /** Source of the first file. */
  readonly source: string;
  /** `damaged`: the file is not the one that the contract names. */
  readonly state: 'absent' | 'present' | 'damaged';
  /** Size of the ONNX file; of the expected one where it is absent, 0 where it is not known. */
  readonly bytes: number;
  /** Where the ONNX file is or will be. */
  readonly path: string;
  /** True where a user imported it; false where its contract comes with Reelmend. */
  readonly own: boolean;
}

export interface PullOptions {
  /** Bytes read so far; `total` is 0 where it is not known. Not called when the cache has the model. */
  readonly onProgress?: (progress: { readonly model: string; readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/** The models that are known, and their weights. */
export interface ModelLibrary {
  /** A contract by its id, or by the path of a `.json` file. @throws ModelError for an unknown id, ContractError for a bad contract. */
  contract(id: string): Promise<Contract>;
  /** Every known model and how it stands: those that come with Reelmend by id, then those that the user owns. */
  list(): Promise<ModelState[]>;
  /**
   * Path of the model's ONNX file: from the cache when it is there and whole, else fetched, checked, converted and kept.
   *
   * @throws ModelError where the weights cannot be had or are others than the contract names.
   */
  pull(id: string, options?: PullOptions): Promise<string>;
  /**
   * Reads and hashes the file of a model that stays where its user has it, as `pull` does; of others, which can be fetched, nothing.
   *
   * @throws ModelError where it is not there, or is another
   */
  expectFile(id: string): Promise<void>;
  /** How one model, or every one, stands, its file read and hashed. */
  verify(id?: string): Promise<ModelState[]>;
}

export interface LibraryOptions {
  /** Folder of the contracts; default those that come with Reelmend. */
  readonly contractsDir?: string;
  /** Folder of the contracts of networks that the user owns, which need not be there; default the user's. */
  readonly ownDir?: string;
  /** Folder of the weights; default `models` in the user's cache folder. */
  readonly cacheDir?: string;
}

interface Known {
  readonly contract: Contract;
  /** Folder of the contract, from which `file:` sources are counted. */
  readonly folder: string;
}

/** Opens the library. Nothing is read or fetched before it is asked for. */
export function openLibrary(options: LibraryOptions = {}): ModelLibrary {
  const contractsDir = options.contractsDir ?? contractsFolder();
  const ownDir = resolve(options.ownDir ?? ownModelsFolder());
  const cacheDir = options.cacheDir ?? join(cacheFolder(), 'models');
  /** Files found whole by this library: their size and time of change then. */
  const whole = new Map<string, string>();

  const read = async (path: string): Promise<Known | null> => {
    const text = await readFile(path, 'utf8').catch(() => null);
    return text === null ? null : { contract: parseContract(text, basename(path)), folder: dirname(path) };
  };

  const known = async (id: string): Promise<Known> => {
    const model = id.endsWith('.json')
      ? await read(resolve(id))
      : ((await read(join(contractsDir, `${id}.json`))) ?? (await read(join(ownDir, `${id}.json`))));
    if (!model) throw await unknownModel(id, [contractsDir, ownDir]);
    return model;
  };

  const stateOf = async (model: Known): Promise<ModelState> => {
    const { contract } = model;
    const path = placeOf(model, cacheDir);
    const found = await stat(path).catch(() => null);
    const state = !found ? 'absent' : (await isWhole(model, path, whole)) ? 'present' : 'damaged';
    return {
      id: contract.id,
      title: contract.title,
      task: contract.task,
      licence: contract.licence.stated,
      use: licenceUse(contract),
      source: contract.files[0]?.source ?? '',
      state,
      bytes: found?.size ?? contract.onnx?.bytes ?? 0,
      path,
      own: model.folder === ownDir,
    };
  };

  const list = async (): Promise<ModelState[]> => {
    const builtIn = await contractIds(contractsDir);
    const own = (await contractIds(ownDir)).filter((id) => !builtIn.includes(id));
    return Promise.all([...builtIn, ...own].map(async (id) => stateOf(await known(id))));
  };

  return {
    contract: async (id) => (await known(id)).contract,
    list,
    async verify(id) {
      whole.clear();
      return id === undefined ? list() : [await stateOf(await known(id))];
    },
    async pull(id, { onProgress = () => {}, signal } = {}) {
      const model = await known(id);
      const path = placeOf(model, cacheDir);
      if (await isWhole(model, path, whole)) return path;
      if (path === unconvertedPath(model)) throw await otherFile(model, path);
      signal?.throwIfAborted();
      const { contract, folder } = model;
      const fetched = await fetchWeights(
        model,
        (done, total) => onProgress({ model: contract.id, done, total: total || (contract.fetchBytes ?? 0) }),
        signal,
      );
      for (const { source, sha256 } of contract.files) expectHash(contract, source, sha256, fetched.files.get(source));
      const onnx = convert(contract, fetched);
      const sha256 = sha256Of(onnx);
      if (contract.onnx && contract.onnx.sha256 !== sha256) {
        throw new ModelError(
          contract.id,
          `Model "${contract.id}": the converted network should have SHA-256 ${contract.onnx.sha256}, got ${sha256}. ` +
            `The converter and ${join(folder, `${contract.id}.json`)} are not of the same version: install Reelmend again.`,
        );
      }
      signal?.throwIfAborted();
      await publishFile(join(dirname(path), 'LICENCE.txt'), licenceText(contract, fetched.licences));
      await publishFile(join(dirname(path), 'SHA256'), `${sha256}\n`);
      await publishFile(path, onnx);
      return path;
    },
    async expectFile(id) {
      const model = await known(id);
      const path = unconvertedPath(model);
      if (path !== null && !(await isWhole(model, path, whole))) throw await otherFile(model, path);
    },
  };
}

/** Ids of the models that come with Reelmend. */
export function builtInIds(): Promise<string[]> {
  return contractIds(contractsFolder());
}

/** Ids of the contracts in a folder; none where it is not there. */
async function contractIds(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new ModelError('', `The folder of model contracts ${folder} cannot be read.`, { cause });
  });
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort();
}

async function unknownModel(id: string, folders: readonly string[]): Promise<ModelError> {
  const ids = (await Promise.all(folders.map(contractIds))).flat();
  return new ModelError(
    id,
    `No model is called "${id}". Known are: ${ids.join(', ') || 'none'}; or name a contract's .json file. A network of your own is made known by "reelmend models import <file>".`,
  );
}

/** Where a model's network is: a user's own ONNX file stays where it is, everything else has a folder in the cache. */
function placeOf(model: Known, cacheDir: string): string {
  const { contract } = model;
  const key = JSON.stringify([CONVERTER_VERSION, contract.format, contract.files, outputNames(contract)]);
  const folder = `${contract.id}-${sha256Of(key).slice(0, 12)}`;
  return unconvertedPath(model) ?? join(cacheDir, folder, 'model.onnx');
}

function unconvertedPath({ contract, folder }: Known): string | null {
  const source = contract.files[0]?.source ?? '';
  return contract.format === 'onnx' && source.startsWith('file:') ? localPath(source, folder) : null;
}

/** The hash that the network should have: the contract's, or what was noted when this machine converted it. */
async function expectedHash(model: Known, path: string): Promise<string | undefined> {
  const { contract } = model;
  if (contract.format === 'onnx') return contract.files[0]?.sha256;
  return contract.onnx?.sha256 ?? (await readFile(join(dirname(path), 'SHA256'), 'utf8').catch(() => '')).trim();
}

async function isWhole(model: Known, path: string, whole: Map<string, string>): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found) return false;
  const print = `${found.size} ${found.mtimeMs}`;
  if (whole.get(path) === print) return true;
  const sha256 = await sha256OfFiles([path]);
  const isSame = sha256 === (await expectedHash(model, path));
  if (isSame) whole.set(path, print);
  return isSame;
}

/** Of a model whose file stays where its user has it, and is not the one that was imported. */
async function otherFile({ contract, folder }: Known, path: string): Promise<ModelError> {
  const { id, files } = contract;
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  const fault = isThere
    ? `should have SHA-256 ${files[0]?.sha256}, got ${await sha256OfFiles([path])}. It is another file than the one that the contract was written for, and is not used`
    : 'is not there';
  return new ModelError(
    id,
    `Model "${id}": its file ${path} ${fault}. Put that one back; or run "reelmend models import <file> --name ${id}" on the one that is meant; or correct the contract ${join(folder, `${id}.json`)}.`,
  );
}

async function fetchWeights(
  { contract, folder }: Known,
  onBytes: (done: number, total: number) => void,
  signal: AbortSignal | undefined,
): Promise<FetchedSources> {
  const sources = contract.files.map(({ source }) => source);
  try {
    return await fetchSources(sources, folder, onBytes, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ModelError(
      contract.id,
      `The weights of model "${contract.id}" cannot be had from ${sources[0]}: ${reasonOf(cause)} ` +
        `Connect to the network and run "reelmend models pull ${contract.id}" once; afterwards no network is needed.`,
      { cause },
    );
  }
}

/** The innermost message: fetch hides the reason in `cause`. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? reasonOf(cause) : `${message.split('\n')[0]?.replace(/\.$/, '')}.`;
}

function expectHash(contract: Contract, source: string, expected: string, content: Uint8Array | undefined): void {
  const got = content ? sha256Of(content) : 'nothing';
  if (got === expected) return;
  throw new ModelError(
    contract.id,
    `Model "${contract.id}": ${source} should have SHA-256 ${expected}, got ${got}. ` +
      'The file is not the one that the contract was written for and is not used. Try again; if it stays so, correct the contract.',
  );
}

function convert(contract: Contract, { files }: FetchedSources): Uint8Array {
  const named = contract.files.map(({ source }) => ({
    name: source.replace(/^.*[#/:\\]/, ''),
    bytes: files.get(source) ?? new Uint8Array(0),
  }));
  try {
    return toOnnx(contract.format, named, outputNames(contract));
  } catch (cause) {
    throw new ModelError(
      contract.id,
      `Model "${contract.id}" (${contract.format}) cannot be converted: ${(cause as Error).message} ` +
        'Convert it to ONNX elsewhere and name that file in a contract of format "onnx".',
      { cause },
    );
  }
}

function licenceText({ id, title, files, licence, provenance }: Contract, texts: readonly string[]): string {
  return [
    `${title} (${id})`,
    `Sources: ${files.map(({ source }) => source).join(', ')}`,
    `Licence: ${licence.stated}, as stated in ${licence.statedIn}. ${licence.notStated}`,
    `Provenance: ${provenance}`,
    ...texts,
    '',
  ].join('\n\n');
}
