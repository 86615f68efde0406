import { dirname, join } from 'node:path';
import { toOnnx } from '../convert/to-onnx.ts';
import { publishFile } from '../disk/publish-file.ts';
import { sha256Of } from '../disk/sha256.ts';
import { type Contract, outputNames } from './contract.ts';
import { type FetchedSources, fetchSources } from './fetch-source.ts';
import { ModelError } from './model-error.ts';
import type { KnownModel } from './model-file.ts';

export interface PullOptions {
  /** Bytes read so far; `total` is 0 where it is not known. Not called when the cache has the model. */
  readonly onProgress?: (progress: { readonly model: string; readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Fetches a model's weights, checks and converts them, and keeps the network at `path`, beside its hash and its licence.
 *
 * @throws ModelError where the weights cannot be had or are others than the contract names.
 */
export async function keepNetwork(
  model: KnownModel,
  path: string,
  { onProgress = () => {}, signal }: PullOptions,
): Promise<void> {
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
}

async function fetchWeights(
  { contract, folder }: KnownModel,
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
      { cause, elsewhere: true },
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
