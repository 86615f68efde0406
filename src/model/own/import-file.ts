import { copyFile, readFile, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { OnnxFileError } from '../../convert/onnx-file.ts';
import { makeFolder, publish, unfinishedName } from '../../disk/durable.ts';
import { fileHashes } from '../../disk/file-hashes.ts';
import { publishFile } from '../../disk/publish-file.ts';
import { type Contract, type KnownNetwork, parseContract } from '../contract.ts';
import { ContractError } from '../contract-error.ts';
import { localPath } from '../fetch-source.ts';
import { portText } from '../known/bind-ports.ts';
import { foreignFile } from '../known/foreign-file.ts';
import { type IdentifiedFile, identifyFile } from '../known/identify-file.ts';
import { unusedNetwork } from '../known/unused-network.ts';

/** What became of a file. */
export type Imported =
  | {
      readonly outcome: 'added' | 'kept' | 'moved' | 'changed';
      readonly contract: Contract;
      /** How it was recognised, and what was found of the file, in sentences. */
      readonly said: readonly string[];
    }
  /** It was not imported; `why` in sentences. */
  | { readonly outcome: 'refused'; readonly why: readonly string[] };

/** Where imported networks are written, and what is known. */
export interface ImportPlace {
  /** The user's folder of contracts. */
  readonly folder: string;
  /** Ids that come with Reelmend: no file may have one of them. */
  readonly builtIn: readonly string[];
  readonly networks: readonly KnownNetwork[];
}

export interface ImportWishes {
  /** True: the file is copied into the folder of contracts. */
  readonly copy?: boolean;
  /** Id of the known network that the file is, whatever it is called. */
  readonly as?: string | undefined;
  /** What the model is to be called; default as the known network. */
  readonly id?: string | undefined;
}

/** Recognises the file at `path` and writes a contract for it into the folder of the user's own. The same file again changes nothing. */
export async function importFile(path: string, place: ImportPlace, wishes: ImportWishes = {}): Promise<Imported> {
  const found = identified(path, place, wishes);
  if (typeof found === 'string') return refused(found);
  const { identity, file } = found;
  if (identity.kind !== 'known') {
    const unused = unusedNetwork(basename(path, extname(path)), file);
    return refused(...(unused ? [unused] : unknownSaid(found)));
  }
  const { sha256, crc32 } = await fileHashes(path);
  const stated = await statedCrc(path);
  if (stated !== null && stated !== crc32) {
    return refused(
      `It is not whole, or not the file that ${basename(hashPath(path))} is of: its CRC32 is ${crc32}, that of the whole file ${stated}. Fetch it again.`,
    );
  }
  const own = await ownContract(sha256, identity.network.id, path, place, wishes);
  if ('why' in own) return own;
  const { id, before } = own;
  const { known: _, ...description } = identity.network;
  const kept = wishes.copy ? join(place.folder, `${id}.onnx`) : resolve(path);
  const contract = {
    ...description,
    id,
    ...identity.bound,
    format: 'onnx',
    files: [{ source: sourceOf(kept, place), sha256 }],
  };
  const text = `${JSON.stringify(contract, null, 2)}\n`;
  const said = [
    `Recognised by ${wishes.as === undefined ? identity.by : 'its ports, and by what you said it is'}.`,
    ...(stated === null ? [] : [`Whole by ${basename(hashPath(path))}.`]),
    ...(file.producer === '' ? [] : [`Written by ${file.producer}.`]),
  ];
  const parsed = checkedContract(text, id);
  if (typeof parsed === 'string') return refused(parsed);
  if (resolve(path) !== kept) await copied(path, kept);
  await publishFile(join(place.folder, `${id}.json`), text);
  return { contract: parsed, ...changeOf(before, { sha256, kept, said }) };
}

/** Copies a file so that the copy's name never shows a part of it. */
async function copied(path: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  const draft = unfinishedName(to);
  try {
    await copyFile(path, draft);
    await publish(draft, to);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function refused(...why: readonly string[]): Imported {
  return { outcome: 'refused', why };
}

function identified(path: string, { networks }: ImportPlace, { as }: ImportWishes): IdentifiedFile | string {
  const among = as === undefined ? networks : networks.filter(({ id }) => id === as);
  if (among.length === 0) {
    return `No known network is called "${as}". Known are: ${networks.map(({ id }) => id).join(', ')}.`;
  }
  try {
    return identifyFile(
      path,
      as === undefined ? among : among.map((one) => ({ ...one, known: { ...one.known, named: false } })),
    );
  } catch (error) {
    if (error instanceof OnnxFileError) return foreignFile(path) ?? error.message;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return `It cannot be read (${code}). Check its permissions, and where it leads if it is a link.`;
  }
}

/** Why a file is none of the known networks: its ports, what is nearest, and what to do. */
function unknownSaid({ identity, file }: IdentifiedFile): string[] {
  const ports = (side: readonly Parameters<typeof portText>[0][]) =>
    side.map((port) => `"${port.name}" ${portText(port)}`).join(', ') || 'nothing';
  const has = `It is fed ${ports(file.inputs)}, and answers ${ports(file.outputs)}.`;
  const byHand = (id: string) =>
    `write a contract: copy models/known/${id}.json of this installation and follow models/README.md, "A model of your own".`;
  if (identity.kind === 'several') {
    const ids = identity.networks.map(({ id }) => id);
    return [
      has,
      `These are the ports of ${ids.join(', ')}, which its name tells none of. If it is one of them, say which: --as ${ids[0]}. If it is another, ${byHand(ids[0] as string)}`,
    ];
  }
  if (identity.kind !== 'unknown') throw new TypeError('Unreachable: a file that is known.');
  const { nearest, differences } = identity;
  return [
    has,
    `The nearest known network is ${nearest.id}: ${differences.join('; ')}.`,
    `To use it all the same, ${byHand(nearest.id)}`,
  ];
}

/** Where FaceFusion puts a file's hash: beside it, of its name. */
function hashPath(path: string): string {
  return `${path.slice(0, path.length - extname(path).length)}.hash`;
}

/** The CRC32 of the whole file that lies beside it; null where none does. */
async function statedCrc(path: string): Promise<string | null> {
  const text = await readFile(hashPath(path), 'utf8').catch(() => '');
  return /^[0-9a-f]{8}$/i.test(text.trim()) ? text.trim().toLowerCase() : null;
}

/** A contract of the user's, and where its file lies. */
interface Before {
  readonly sha256: string;
  readonly path: string;
}

/** What the network is called among the user's own: as before where it is there already. */
async function ownContract(
  sha256: string,
  network: string,
  path: string,
  place: ImportPlace,
  wishes: ImportWishes,
): Promise<{ readonly id: string; readonly before: Before | null } | Extract<Imported, { outcome: 'refused' }>> {
  const slug = modelName(basename(path, extname(path))) || `${network}-2`;
  for (const id of wishes.id === undefined ? [network, slug] : [wishes.id]) {
    if (place.builtIn.includes(id)) {
      return {
        outcome: 'refused',
        why: [`"${id}" is a model that comes with Reelmend. Give yours another name: --name ${id}-own.`],
      };
    }
    const before = await beforeOf(id, place);
    // Another file of the same network, such as one of half floats, is a model of its own.
    if (before === null || before.sha256 === sha256 || before.path === resolve(path)) return { id, before };
  }
  return {
    outcome: 'refused',
    why: [
      `"${wishes.id ?? slug}" is the name of another file of yours already. Give this one another: --name ${slug}-2.`,
    ],
  };
}

/** A text as a model may be called; empty where it has no letter or digit that serves. */
export function modelName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
}

async function beforeOf(id: string, { folder }: ImportPlace): Promise<Before | null> {
  const text = await readFile(join(folder, `${id}.json`), 'utf8').catch(() => null);
  if (text === null) return null;
  const [file] = parseContract(text, `${id}.json`).files;
  return file ? { sha256: file.sha256, path: localPath(file.source, folder) } : null;
}

/** A file's place as contracts write it: by its name in their folder, else absolute. */
function sourceOf(path: string, { folder }: ImportPlace): string {
  const inside = relative(folder, path);
  const isInside = !inside.startsWith('..') && resolve(folder, inside) === path && inside !== path;
  return `file:${(isInside ? inside : path).replaceAll('%', '%25')}`;
}

function checkedContract(text: string, id: string): Contract | string {
  try {
    return parseContract(text, `${id}.json`);
  } catch (error) {
    if (error instanceof ContractError) return error.message;
    throw error;
  }
}

/** What an import changed of what was known of a file. */
function changeOf(
  before: Before | null,
  { sha256, kept, said }: { readonly sha256: string; readonly kept: string; readonly said: readonly string[] },
): { readonly outcome: 'added' | 'kept' | 'moved' | 'changed'; readonly said: readonly string[] } {
  if (!before) return { outcome: 'added', said };
  if (before.sha256 !== sha256) {
    return {
      outcome: 'changed',
      said: [
        ...said,
        `The file has changed since it was imported: its SHA-256 was ${before.sha256}, and is ${sha256}.`,
      ],
    };
  }
  if (before.path !== kept) return { outcome: 'moved', said: [...said, `It was at ${before.path} before.`] };
  return { outcome: 'kept', said };
}
