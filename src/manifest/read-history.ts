import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.ts';
import { OutputError, outputError } from '../disk/output-error.ts';
import { c4OfBytes, HASH_FORMATS, type HashFormat } from './hash-formats.ts';
import { type ChainLink, TOOL } from './hash-list.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** The folder of a history, and the table of contents in it (ASC MHL specification 1.0, sections 5.3 and 7.3). */
export const HISTORY_FOLDER = 'ascmhl';
export const CHAIN_NAME = 'ascmhl_chain.xml';

/** A hash that an earlier generation has of a file. */
export interface KnownHash {
  readonly format: HashFormat;
  readonly digest: string;
}

/** All generations of a folder that there are so far. */
export interface History {
  readonly chain: readonly ChainLink[];
  /** By path below the folder: its hashes, earliest first, without failed ones; none where all of them failed. */
  readonly known: ReadonlyMap<string, readonly KnownHash[]>;
  readonly ignore: readonly string[];
  /** Manifests of runs of this program that were broken off before the chain listed them: to be removed. */
  readonly unlisted: readonly string[];
}

/**
 * Reads the history of a folder, and holds each manifest to the chain's hash of it; null where there is none yet.
 *
 * @throws OutputError for one that is damaged, or in which something was changed.
 */
export async function readHistory(folder: string): Promise<History | null> {
  const place = join(folder, HISTORY_FOLDER);
  const names = await readdir(place).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return null;
    throw outputError(place, cause);
  });
  if (names === null) return null;
  const chain = chainOf(await readRoot(join(place, CHAIN_NAME), 'ascmhldirectory'), place);
  const listed = new Set(chain.map(({ name }) => name));
  const known = new Map<string, KnownHash[]>();
  const ignore = new Set<string>();
  for (const { name, c4 } of chain) {
    const list = await readRoot(join(place, name), 'hashlist', c4);
    for (const pattern of within(list, 'processinfo', 'ignore', 'pattern')) ignore.add(pattern.text);
    for (const record of within(list, 'hashes', 'hash')) addRecord(known, record, join(place, name));
  }
  const unlisted = names.filter((name) => name.endsWith('.mhl') && !name.startsWith('.') && !listed.has(name));
  for (const name of unlisted) await expectOurs(join(place, name));
  return { chain, known, ignore: [...ignore], unlisted: unlisted.map((name) => join(place, name)) };
}

async function expectOurs(manifest: string): Promise<void> {
  const root = await readRoot(manifest, 'hashlist');
  if (within(root, 'creatorinfo', 'tool').some(({ text }) => text === TOOL)) return;
  throw new OutputError(
    manifest,
    `"${manifest}" is not listed in "${CHAIN_NAME}" beside it. Bring the chain back that lists it, or move the manifest out of the folder.`,
  );
}

function chainOf(root: XmlElement, place: string): ChainLink[] {
  return within(root, 'hashlist').map((list, index) => {
    const name = textOf(list, 'path');
    const c4 = textOf(list, 'c4');
    const number = Number(list.attributes.get('sequencenr'));
    if (number !== index + 1 || !c4 || !name || /[/\\]/.test(name)) {
      throw damaged(join(place, CHAIN_NAME), `its entry ${index + 1} should have that number, a file name and a c4`);
    }
    return { number, name, c4 };
  });
}

/** Follows a renamed file: what was known of its former path is known of it (section 6.5). */
function addRecord(known: Map<string, KnownHash[]>, record: XmlElement, manifest: string): void {
  const path = textOf(record, 'path');
  if (!path) throw damaged(manifest, 'a hash in it has no path');
  const former = textOf(record, 'previousPath');
  const hashes = known.get(former ?? path) ?? known.get(path) ?? [];
  if (former) known.delete(former);
  for (const { name, text, attributes } of record.children) {
    const format = HASH_FORMATS.find((one) => one === name);
    // Failed hashes cannot be used to verify (section 5.6.4).
    if (format && attributes.get('action') !== 'failed') hashes.push({ format, digest: text.trim() });
  }
  known.set(path, hashes);
}

async function readRoot(path: string, name: string, c4?: string): Promise<XmlElement> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    if (codeOf(cause) !== 'ENOENT') throw outputError(path, cause);
    throw damaged(path, 'it is missing');
  });
  if (c4 !== undefined && c4OfBytes(bytes) !== c4) throw damaged(path, `it does not match its c4 in "${CHAIN_NAME}"`);
  const root = parsed(path, bytes);
  if (root.name !== name) throw damaged(path, `it should hold <${name}>, not <${root.name}>`);
  return root;
}

function parsed(path: string, bytes: Buffer): XmlElement {
  try {
    return parseXml(bytes.toString('utf8'));
  } catch (cause) {
    throw damaged(path, (cause as Error).message, cause);
  }
}

function damaged(path: string, what: string, cause?: unknown): OutputError {
  return new OutputError(
    path,
    `The ASC MHL history cannot be continued from "${path}": ${what}. Bring the folder "${HISTORY_FOLDER}" back from a copy, or move it away to begin a new history.`,
    { cause },
  );
}

function within(element: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  return names.reduce<readonly XmlElement[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    [element],
  );
}

function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}
