import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { publish, sweepStale, unfinishedName, writeDurably } from '../disk/durable.ts';
import { OutputError } from '../disk/output-error.ts';
import { packageVersion } from '../disk/package-version.ts';
import { publishFile } from '../disk/publish-file.ts';
import { checksumFile } from './checksum-file.ts';
import { deliveredFiles } from './delivered-files.ts';
import { type HashedFile, openHashing } from './hash-file.ts';
import { c4OfBytes, HASH_FORMATS, type HashFormat } from './hash-formats.ts';
import { type ChainLink, chainXml, type HashAction, type HashRecord, hashListXml, manifestName } from './hash-list.ts';
import { DEFAULT_IGNORE, ignoresOf } from './ignore-patterns.ts';
import { CHAIN_NAME, HISTORY_FOLDER, type History, type KnownHash, readHistory } from './read-history.ts';
import { fitsXml } from './xml.ts';

/** The list of SHA-256 in the folder that it is about. */
const CHECKSUMS_NAME = 'SHA256SUMS';

/** `mhl`: a generation of the folder's ASC MHL history. `sha256sum`: a list that `sha256sum -c` reads. */
export type ManifestKind = 'mhl' | 'sha256sum';

export interface ManifestOptions {
  /** Both by default. */
  readonly kinds?: readonly ManifestKind[];
  /** Patterns of what is left out, as a line of .gitignore has them; a history keeps them. */
  readonly ignore?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What was written, and how the folder's files compare with the generations before. */
export interface WrittenManifests {
  /** The generation's number, from 1 on, and its manifest. */
  readonly generation?: { readonly number: number; readonly path: string };
  /** The list of SHA-256. */
  readonly checksums?: string;
  /** Files that no generation had before; files that are what they were. */
  readonly originals: number;
  readonly verified: number;
  /** Paths of files that are not what they were, and of those that have gone: a delivery in which something is wrong. */
  readonly failed: readonly string[];
  readonly missing: readonly string[];
}

const NO_HISTORY: History = { chain: [], known: new Map(), ignore: [], unlisted: [] };

/**
 * Writes what proves a folder of delivered files: the next generation of its ASC MHL history (2.0; xxh64, and what verifies hashes of
 * earlier generations), and a list of SHA-256. Each file is read once. A reader finds each manifest whole or not at all.
 *
 * @throws OutputError for a folder without files, with what no manifest can hold, or whose history was damaged.
 */
export async function writeManifests(folder: string, options: ManifestOptions = {}): Promise<WrittenManifests> {
  const { kinds = ['mhl', 'sha256sum'], signal } = options;
  const created = new Date();
  await sweepStale(folder);
  const history = (kinds.includes('mhl') ? await readHistory(folder) : null) ?? NO_HISTORY;
  // The list of SHA-256 is written anew each time, so it cannot stay what it was in the first generation. Its pattern has no slash
  // before it, because the reference implementation 1.2 matches whole paths of the disk.
  const own = kinds.includes('sha256sum') ? [CHECKSUMS_NAME] : [];
  const ignore = [...new Set([...DEFAULT_IGNORE, ...history.ignore, ...own, ...(options.ignore ?? [])])];
  const paths = await deliveredFiles(folder, ignoresOf(ignore));
  expectNames(folder, paths, kinds);

  const hashFile = openHashing(signal);
  const records: HashRecord[] = [];
  const lines: { path: string; sha256: string }[] = [];
  for (const path of paths) {
    const known = history.known.get(path) ?? [];
    const file = await hashFile(join(folder, path), formatsOf(kinds, known));
    const sha256 = file.hashes.get('sha256');
    if (sha256 !== undefined) lines.push({ path, sha256 });
    records.push(recordOf(path, file, history.known.has(path) ? known : undefined));
  }
  if (kinds.includes('sha256sum')) await publishFile(join(folder, CHECKSUMS_NAME), checksumFile(lines));
  const list = { created, host: hostname(), version: packageVersion(), ignore, records };
  for (const manifest of history.unlisted) await rm(manifest, { force: true });
  const generation = kinds.includes('mhl')
    ? await writeGeneration(folder, history.chain, { created, xml: hashListXml(list) })
    : undefined;
  return {
    ...(generation && { generation }),
    ...(kinds.includes('sha256sum') && { checksums: join(folder, CHECKSUMS_NAME) }),
    originals: records.filter(({ action }) => action === 'original').length,
    verified: records.filter(({ action }) => action === 'verified').length,
    failed: records.flatMap(({ action, path }) => (action === 'failed' ? [path] : [])),
    missing: missingOf(history, paths, ignore),
  };
}

/** xxh64 for the next generation, and the format in which the file is known, where it is not known in that one. */
function formatsOf(kinds: readonly ManifestKind[], known: readonly KnownHash[]): Set<HashFormat | 'sha256'> {
  const formats = new Set<HashFormat | 'sha256'>();
  if (kinds.includes('mhl')) formats.add('xxh64').add(judgeOf(known)?.format ?? 'xxh64');
  if (kinds.includes('sha256sum')) formats.add('sha256');
  return formats;
}

/** The hash that a file is held to: the earliest in xxh64, else the earliest. */
function judgeOf(known: readonly KnownHash[]): KnownHash | undefined {
  return known.find(({ format }) => format === 'xxh64') ?? known[0];
}

function recordOf(path: string, file: HashedFile, known: readonly KnownHash[] | undefined): HashRecord {
  const hashes = new Map<HashFormat, string>();
  for (const format of HASH_FORMATS) {
    const digest = file.hashes.get(format);
    if (digest !== undefined) hashes.set(format, digest);
  }
  return { path, size: file.size, modified: file.modified, action: actionOf(hashes, known), hashes };
}

function actionOf(hashes: ReadonlyMap<HashFormat, string>, known: readonly KnownHash[] | undefined): HashAction {
  if (known === undefined) return 'original';
  const judge = judgeOf(known);
  return judge && hashes.get(judge.format) === judge.digest ? 'verified' : 'failed';
}

function missingOf(history: History, paths: readonly string[], ignore: readonly string[]): readonly string[] {
  const there = new Set(paths);
  const ignores = ignoresOf(ignore);
  return [...history.known.keys()].filter((path) => !there.has(path) && !ignores(path, false));
}

function expectNames(folder: string, paths: readonly string[], kinds: readonly ManifestKind[]): void {
  if (paths.length === 0) {
    throw new OutputError(folder, `"${folder}" holds no files, so there is nothing to write a manifest of.`);
  }
  const odd = kinds.includes('mhl') ? paths.find((path) => !fitsXml(path)) : undefined;
  if (odd === undefined) return;
  throw new OutputError(
    join(folder, odd),
    `The name ${JSON.stringify(odd)} has a character that no ASC MHL manifest can hold. Rename the file, or write only the list of SHA-256.`,
  );
}

/** The manifest first, then the chain that lists it; a first generation as a folder that appears whole. */
async function writeGeneration(
  folder: string,
  chain: readonly ChainLink[],
  { created, xml }: { readonly created: Date; readonly xml: string },
): Promise<{ readonly number: number; readonly path: string }> {
  const number = chain.length + 1;
  const name = manifestName(number, basename(resolve(folder)) || 'root', created);
  const links = chainXml([...chain, { number, name, c4: c4OfBytes(Buffer.from(xml)) }]);
  const place = join(folder, HISTORY_FOLDER);
  if (number > 1) {
    await publishFile(join(place, name), xml);
    await publishFile(join(place, CHAIN_NAME), links);
  } else {
    const draft = unfinishedName(place);
    await mkdir(draft);
    try {
      await writeDurably(join(draft, name), Buffer.from(xml));
      await writeDurably(join(draft, CHAIN_NAME), Buffer.from(links));
      await publish(draft, place);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  }
  return { number, path: join(place, name) };
}
