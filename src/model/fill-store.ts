import { randomUUID } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { copyDurably, makeFolder, publish, sha256OfFiles, unfinishedName } from '../disk/durable.ts';
import { publishFile } from '../disk/publish-file.ts';
import { type Contract, parseContract } from './contract.ts';
import { contractsFolder } from './contracts-folder.ts';
import type { ModelLibrary } from './library.ts';
import { ModelError } from './model-error.ts';
import { isOwnFile } from './model-file.ts';
import { storeFiles } from './model-store.ts';
import { assertSameAsStored, assertSameNetwork } from './name-taken.ts';

/**
 * Puts networks into a farm's store, each once, so that machines which fetch nothing have them; of those that users own, their contracts
 * too. What is there and whole is left as it is.
 *
 * @param ids of models, or the paths of contracts
 * @returns the id of each as machines of the farm know it
 * @throws ModelError where one cannot be had, or the store has another one of its name
 */
export async function fillStore(
  library: ModelLibrary,
  ids: readonly string[],
  store: string,
): Promise<ReadonlyMap<string, string>> {
  const called = new Map<string, string>();
  for (const id of ids) {
    const contract = await library.contract(id);
    await assertOneOfItsName(contract, store);
    const path = await library.pull(id);
    const sha256 = await sha256OfFiles([path]);
    const files = storeFiles(store);
    await putNetwork(path, files.network(sha256), sha256);
    const licence = isOwnFile(contract) ? null : await readFile(join(dirname(path), 'LICENCE.txt')).catch(() => null);
    if (licence) await publishFile(files.licence(sha256), licence);
    if (contract.format !== 'onnx' && !contract.onnx) {
      await publishFile(files.converted({ contract, folder: store }), `${sha256}\n`);
    }
    if ((await builtIn(contract.id)) === null) await putContract(contract, store);
    called.set(id, contract.id);
  }
  return called;
}

async function putNetwork(from: string, to: string, sha256: string): Promise<void> {
  if ((await stat(to).catch(() => null)) && (await sha256OfFiles([to])) === sha256) return;
  await makeFolder(dirname(to));
  // Several submissions of one process may fill it at once.
  const draft = unfinishedName(`${to}-${randomUUID().slice(0, 8)}`);
  try {
    await copyDurably(from, draft);
    const got = await sha256OfFiles([draft]);
    if (got !== sha256) {
      throw new ModelError(
        basename(to),
        `"${from}" was copied to the store as other bytes: SHA-256 ${sha256} was expected, got ${got}. Check the store's disk, and submit again.`,
      );
    }
    await publish(draft, to);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The contract that is there stays: where its network lies on a user's disk is no difference, but a part of what tracks are known by. */
async function putContract(contract: Contract, store: string): Promise<void> {
  const path = join(storeFiles(store).contracts, `${contract.id}.json`);
  if ((await contractAt(path)) === null) await publishFile(path, `${JSON.stringify(contract, null, 2)}\n`);
}

/** @throws ModelError where another network is called so */
async function assertOneOfItsName(contract: Contract, store: string): Promise<void> {
  const own = await builtIn(contract.id);
  if (own) assertSameNetwork(contract, own, 'comes with Reelmend');
  const path = join(storeFiles(store).contracts, `${contract.id}.json`);
  const stored = await contractAt(path);
  if (stored) assertSameAsStored(contract, stored, path);
}

function builtIn(id: string): Promise<Contract | null> {
  return contractAt(join(contractsFolder(), `${id}.json`));
}

async function contractAt(path: string): Promise<Contract | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : parseContract(text, basename(path));
}
