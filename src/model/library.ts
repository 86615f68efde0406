import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { cacheFolder } from '../disk/cache-folder.ts';
import { ownModelsFolder } from '../disk/user-folders.ts';
import { type Contract, parseContract, type Task } from './contract.ts';
import { contractsFolder } from './contracts-folder.ts';
import { keepNetwork, type PullOptions } from './keep-network.ts';
import { type LicenceUse, licenceUse } from './licence/licence-use.ts';
import { ModelError } from './model-error.ts';
import { isWholeModel, type KnownModel, otherFile, placeOfModel, unconvertedPath } from './model-file.ts';

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

/** Opens the library. Nothing is read or fetched before it is asked for. */
export function openLibrary(options: LibraryOptions = {}): ModelLibrary {
  const contractsDir = options.contractsDir ?? contractsFolder();
  const ownDir = resolve(options.ownDir ?? ownModelsFolder());
  const cacheDir = options.cacheDir ?? join(cacheFolder(), 'models');
  /** Files found whole by this library: their size and time of change then. */
  const whole = new Map<string, string>();

  const read = async (path: string): Promise<KnownModel | null> => {
    const text = await readFile(path, 'utf8').catch(() => null);
    return text === null ? null : { contract: parseContract(text, basename(path)), folder: dirname(path) };
  };

  const known = async (id: string): Promise<KnownModel> => {
    const model = id.endsWith('.json')
      ? await read(resolve(id))
      : ((await read(join(contractsDir, `${id}.json`))) ?? (await read(join(ownDir, `${id}.json`))));
    if (!model) throw await unknownModel(id, [contractsDir, ownDir]);
    return model;
  };

  const stateOf = async (model: KnownModel): Promise<ModelState> => {
    const { contract } = model;
    const path = placeOfModel(model, cacheDir);
    const found = await stat(path).catch(() => null);
    const state = !found ? 'absent' : (await isWholeModel(model, path, whole)) ? 'present' : 'damaged';
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
    async pull(id, options = {}) {
      const model = await known(id);
      const path = placeOfModel(model, cacheDir);
      if (await isWholeModel(model, path, whole)) return path;
      if (path === unconvertedPath(model)) throw await otherFile(model, path);
      await keepNetwork(model, path, options);
      return path;
    },
    async expectFile(id) {
      const model = await known(id);
      const path = unconvertedPath(model);
      if (path !== null && !(await isWholeModel(model, path, whole))) throw await otherFile(model, path);
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
