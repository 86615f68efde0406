import { readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { copyDurably, makeFolder, publish, sha256OfFiles, unfinishedName } from '../disk/durable.ts';
import type { HotFolder } from '../disk/hot-folder.ts';
import { publishFile } from '../disk/publish-file.ts';
import { ModelError } from './model-error.ts';
import { type KnownModel, placeOfModel } from './model-file.ts';

/** Where a store's files are: networks by their SHA-256, and the contracts of those that users own by their ids. */
export function storeFiles(store: string) {
  const models = join(store, 'models');
  return {
    contracts: join(store, 'contracts'),
    network: (sha256: string) => join(models, `${sha256}.onnx`),
    licence: (sha256: string) => join(models, `${sha256}.txt`),
    /** The SHA-256 of a converted network whose contract does not state it. */
    converted: (model: KnownModel) => join(models, `${basename(dirname(placeOfModel(model, models)))}.sha256`),
  };
}

/** A model's network in a store. */
export interface StoredNetwork {
  readonly model: KnownModel;
  readonly sha256: string;
  readonly path: string;
  readonly bytes: number;
}

/** A model's network in a store, not hashed yet; null where the store has it not. */
export async function findStored(store: string, model: KnownModel): Promise<StoredNetwork | null> {
  const { contract } = model;
  const files = storeFiles(store);
  const stated = contract.format === 'onnx' ? contract.files[0]?.sha256 : contract.onnx?.sha256;
  const sha256 = stated ?? (await readFile(files.converted(model), 'utf8').catch(() => '')).trim();
  if (sha256 === '') return null;
  const path = files.network(sha256);
  const found = await stat(path).catch(() => null);
  return found ? { model, sha256, path, bytes: found.size } : null;
}

/** Milliseconds for which a network is held after it was asked for. It is read whole when it is opened. */
const OPENED_WITHIN = 10 * 60 * 1000;

/** The path of a stored network's copy in the hot folder. @throws ModelError where the store's is damaged */
export async function takeHot(hot: HotFolder, stored: StoredNetwork): Promise<string> {
  const { sha256, bytes, model } = stored;
  const hold = await hot.hold();
  setTimeout(() => void hold[Symbol.asyncDispose](), OPENED_WITHIN).unref();
  const name = `${model.contract.id}.onnx`;
  return hold.get({ sha256, bytes, name, fill: (draft) => copyStored(stored, draft) });
}

/** Copies a stored network to `path`, with its hash and its licence beside it. @throws ModelError where the store's is damaged */
export async function takeStored(store: string, stored: StoredNetwork, path: string): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const draft = unfinishedName(path);
  try {
    await copyStored(stored, draft);
    const licence = await readFile(storeFiles(store).licence(stored.sha256)).catch(() => null);
    if (licence) await publishFile(join(folder, 'LICENCE.txt'), licence);
    await publishFile(join(folder, 'SHA256'), `${stored.sha256}\n`);
    await publish(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

async function copyStored({ model, sha256, path }: StoredNetwork, draft: string): Promise<void> {
  await copyDurably(path, draft);
  const got = await sha256OfFiles([draft]);
  if (got === sha256) return;
  const { id } = model.contract;
  throw new ModelError(
    id,
    `Model "${id}": the store's file ${path} should have SHA-256 ${sha256}, got ${got}. It is damaged and is not used. Submit a reel that needs it again from a machine that has the model: what is damaged is replaced.`,
    { elsewhere: true },
  );
}

/** Of a model that a machine which fetches nothing lacks. */
export function notStored({ contract: { id } }: KnownModel, store: string | undefined): ModelError {
  const place = store === undefined ? 'no store is set (REELMEND_STORE)' : `the store ${store} has it not`;
  return new ModelError(
    id,
    `Model "${id}" is not on this machine, which fetches nothing, and ${place}. Submit the reel again from a machine that has the model ("reelmend models list" says so): what a reel needs is put into the store.`,
    { elsewhere: true },
  );
}
