import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Contract, parseContract, type Task } from './contract.ts';
import { contractsFolder } from './contracts-folder.ts';
import { keepNetwork, type PullOptions } from './keep-network.ts';
import { type LibraryOptions, libraryPlace } from './library-place.ts';
import { type LicenceUse, licenceUse } from './licence/licence-use.ts';
import { ModelError } from './model-error.ts';
import { isOwnFile, isWholeModel, type KnownModel, otherFile, placeOfModel, unconvertedPath } from './model-file.ts';
import { findStored, notStored, storeFiles, takeHot, takeStored } from './model-store.ts';
import { assertSameAsStored } from './name-taken.ts';

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
   * Path of the model's ONNX file: from the cache when it is there and whole, else from the store, else fetched, checked, converted and
   * kept. It is to be opened within ten minutes.
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

/** Opens the library. Nothing is read or fetched before it is asked for. */
export function openLibrary(options: LibraryOptions = {}): ModelLibrary {
  const { contractsDir, ownDir, cacheDir, store, hot, offline } = libraryPlace(options);
  const storeDir = store === undefined ? undefined : storeFiles(store).contracts;
  /** Files found whole by this library: their size and time of change then. */
  const whole = new Map<string, string>();

  const read = async (path: string): Promise<KnownModel | null> => {
    const text = await readFile(path, 'utf8').catch(() => null);
    return text === null ? null : { contract: parseContract(text, basename(path)), folder: dirname(path) };
  };

  const known = async (id: string): Promise<KnownModel> => {
    const named = (folder: string | undefined) => (folder === undefined ? null : read(join(folder, `${id}.json`)));
    const model = id.endsWith('.json')
      ? await read(resolve(id))
      : ((await named(contractsDir)) ?? oneOf(await named(storeDir), await named(ownDir)));
    if (!model) throw await unknownModel(id, [contractsDir, ...(storeDir ? [storeDir] : []), ownDir]);
    return model;
  };

  /** The network as the store has it, at its place on this machine; null where that has it not. */
  const fromStore = async (model: KnownModel): Promise<string | null> => {
    const stored = store === undefined ? null : await findStored(store, model);
    if (store === undefined || stored === null) return null;
    if (hot) return takeHot(await hot(), stored);
    const path = isOwnFile(model.contract)
      ? join(cacheDir, stored.sha256, 'model.onnx')
      : placeOfModel(model, cacheDir);
    if (!(await isWholeModel(model, path, whole))) await takeStored(store, stored, path);
    return path;
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
      const isOwn = isOwnFile(model.contract);
      // A user's own file may lie on a slow disk, or be another one on this machine.
      if (!isOwn && (await isWholeModel(model, path, whole))) return path;
      const stored = await fromStore(model);
      if (stored !== null) return stored;
      if (isOwn && (await isWholeModel(model, path, whole))) return path;
      if (offline) throw notStored(model, store);
      if (isOwn) throw await otherFile(model, path);
      await keepNetwork(model, path, options);
      return path;
    },
    async expectFile(id) {
      const model = await known(id);
      const path = unconvertedPath(model);
      if (store !== undefined && (await findStored(store, model)) !== null) return;
      if (path !== null && !(await isWholeModel(model, path, whole))) throw await otherFile(model, path);
    },
  };
}

/**
 * A store's contract goes before the user's own of the same network: all machines of a farm then know tracks and takes by one.
 *
 * @throws ModelError where they are of two
 */
function oneOf(stored: KnownModel | null, own: KnownModel | null): KnownModel | null {
  if (stored && own) assertSameAsStored(own.contract, stored.contract, join(stored.folder, `${own.contract.id}.json`));
  return stored ?? own;
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
    { elsewhere: true },
  );
}
