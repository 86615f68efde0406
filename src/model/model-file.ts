import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CONVERTER_VERSION } from '../convert/to-onnx.ts';
import { sha256OfFiles } from '../disk/durable.ts';
import { sha256Of } from '../disk/sha256.ts';
import { type Contract, outputNames } from './contract.ts';
import { localPath } from './fetch-source.ts';
import { ModelError } from './model-error.ts';

/** A contract, and where it lies. */
export interface KnownModel {
  readonly contract: Contract;
  /** Folder of the contract, from which `file:` sources are counted. */
  readonly folder: string;
}

/** Where a model's network is: a user's own ONNX file stays where it is, everything else has a folder in the cache. */
export function placeOfModel(model: KnownModel, cacheDir: string): string {
  const { contract } = model;
  const key = JSON.stringify([CONVERTER_VERSION, contract.format, contract.files, outputNames(contract)]);
  const folder = `${contract.id}-${sha256Of(key).slice(0, 12)}`;
  return unconvertedPath(model) ?? join(cacheDir, folder, 'model.onnx');
}

/** True of a user's own network, whose file stays where it is; of others the cache has one, which can be fetched again. */
export function isOwnFile({ format, files }: Contract): boolean {
  return format === 'onnx' && files[0]?.source.startsWith('file:') === true;
}

/** Where the file of a user's own network is; null of other models. */
export function unconvertedPath({ contract, folder }: KnownModel): string | null {
  return isOwnFile(contract) ? localPath(contract.files[0]?.source ?? '', folder) : null;
}

/** The hash that the network should have: the contract's, or what was noted when this machine converted it. */
async function expectedHash(model: KnownModel, path: string): Promise<string | undefined> {
  const { contract } = model;
  if (contract.format === 'onnx') return contract.files[0]?.sha256;
  return contract.onnx?.sha256 ?? (await readFile(join(dirname(path), 'SHA256'), 'utf8').catch(() => '')).trim();
}

/**
 * True where the network is there and is the one that its contract names.
 *
 * @param whole files found so before: their size and time of change then
 */
export async function isWholeModel(model: KnownModel, path: string, whole: Map<string, string>): Promise<boolean> {
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
export async function otherFile({ contract, folder }: KnownModel, path: string): Promise<ModelError> {
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
    { elsewhere: true },
  );
}
