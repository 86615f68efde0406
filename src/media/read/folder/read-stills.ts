import { lstat, open, readlink, stat } from 'node:fs/promises';
import type { StillKind } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { inParallel } from '../../../stream/in-parallel.ts';
import { DamagedStill } from '../../still/damaged-still.ts';
import { readStillInfo } from '../../still/still.ts';
import type { StillInfo } from '../../still/still-info.ts';
import type { OpenOptions } from '../open-options.ts';

/** Files that are read at once while a reel is opened, enough to keep a network disk busy. */
const READERS = 8;

/** A still of which no byte can be had: a link that leads nowhere, a folder with a frame's name, a bad place of a disk. */
export class UnreachableStill extends DamagedStill {}

/** A still of a kind that is read, under the name of another. */
export class MisnamedStill extends DamagedStill {}

/** Each file's header, or its damage; null where there is no file. @throws ReelError for files that a person can make readable */
export async function readStills(
  files: readonly (string | null)[],
  kind: StillKind,
  { onRead, layer }: Pick<OpenOptions, 'onRead' | 'layer'>,
  signal: AbortSignal | undefined,
): Promise<(StillInfo | DamagedStill | null)[]> {
  const stills: (StillInfo | DamagedStill | null)[] = files.map(() => null);
  let read = 0;
  await inParallel(files.length, READERS, async (i) => {
    signal?.throwIfAborted();
    const file = files[i];
    if (file) stills[i] = await readOne(file, kind, layer);
    read += 1;
    onRead?.(read, files.length);
  });
  return stills;
}

async function readOne(file: string, kind: StillKind, layer: string | undefined): Promise<StillInfo | DamagedStill> {
  try {
    const found = await stat(file);
    // To open a pipe would wait for a writer.
    if (!found.isFile()) return new UnreachableStill(`is ${found.isDirectory() ? 'a folder' : 'no file'}`);
    if (found.size === 0) return new DamagedStill('is empty: it has 0 bytes');
    return await readStillInfo(file, kind, layer);
  } catch (cause) {
    if (cause instanceof DamagedStill) return (await misnamed(file, kind)) ?? cause;
    return await unreachable(file, cause);
  }
}

/** What the first bytes of a still say that it is. */
const BEGINNINGS: readonly (readonly [kind: StillKind, title: string, bytes: string])[] = [
  ['dpx', 'DPX', 'SDPX'],
  ['dpx', 'DPX', 'XPDS'],
  ['tiff', 'TIFF', 'II*\0'],
  ['tiff', 'TIFF', 'MM\0*'],
  ['tiff', 'TIFF', 'II+\0'],
  ['tiff', 'TIFF', 'MM\0+'],
  ['png', 'PNG', '\x89PNG'],
  ['jpeg', 'JPEG', '\xff\xd8\xff'],
  ['exr', 'EXR', '\x76\x2f\x31\x01'],
];

/** The kind of still that a file is by its first bytes; undefined where they are none's. */
export function kindOfBytes(file: Buffer): StillKind | undefined {
  return beginningOf(file)?.[0];
}

function beginningOf(file: Buffer) {
  const begins = file.toString('latin1', 0, 4);
  return BEGINNINGS.find(([, , bytes]) => begins.startsWith(bytes));
}

/** The damage of a file whose name ends in another kind than it is; undefined where it does not. */
async function misnamed(path: string, kind: StillKind): Promise<DamagedStill | undefined> {
  await using file = await open(path, 'r');
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
  const found = beginningOf(buffer);
  if (!found || found[0] === kind) return undefined;
  return new MisnamedStill(`is a ${found[1]} file by its first bytes, whatever its name ends in`);
}

/** What keeps a file from being read, as damage. @throws ReelError where a person has to see to it first; what is no system's error */
async function unreachable(file: string, cause: unknown): Promise<DamagedStill> {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined) throw cause;
  if (code === 'EACCES' || code === 'EPERM') {
    throw new ReelError(
      `"${file}" cannot be read: this user may not. Make it readable, or copy the reel to where it is.`,
      { cause },
    );
  }
  if (code === 'ELOOP') return new UnreachableStill('is a link that leads in a circle');
  if (code === 'EIO') return new UnreachableStill('cannot be read from its disk (EIO)');
  const isLink = await lstat(file).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (isLink && (code === 'ENOENT' || code === 'ENOTDIR')) {
    return new UnreachableStill(`is a link to "${await readlink(file)}", which does not exist`);
  }
  const why = code === 'ENOENT' ? 'it was there a moment ago, and is gone' : code;
  throw new ReelError(`"${file}" cannot be read: ${why}. Give the reel again when it is back.`, { cause });
}
