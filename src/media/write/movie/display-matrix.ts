import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';

/** True for a file name of a container with a display matrix that this program writes: QuickTime and its kin. */
export function holdsDisplayMatrix(path: string): boolean {
  return /^\.(mov|mp4)$/i.test(extname(path));
}

/**
 * Writes the matrix by which players place a movie's picture into its track's header (ISO/IEC 14496-12 §8.3.2), whose place is fixed.
 * Nothing else of the file changes. What ffmpeg can be told of it depends on its version, and flips are not in it.
 *
 * @throws Error for a file without a picture's track.
 */
export async function writeDisplayMatrix(path: string, matrix: readonly number[]): Promise<void> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  const movie = (await boxesIn(file, { start: 0, end: size })).find(({ type }) => type === 'moov');
  for (const track of movie ? await boxesIn(file, movie) : []) {
    if (track.type !== 'trak' || !(await isPicture(file, track))) continue;
    const header = (await boxesIn(file, track)).find(({ type }) => type === 'tkhd');
    if (!header) continue;
    const version = (await bytesAt(file, header.start, 1))[0];
    const bytes = Buffer.alloc(36);
    matrix.forEach((value, k) => void bytes.writeInt32BE(value | 0, k * 4));
    await file.write(bytes, 0, bytes.length, header.start + (version === 1 ? 52 : 40));
    return;
  }
  throw new Error(`"${path}" has no track of a picture.`);
}

/** A box of the file: its contents are the bytes `[start, end)`. */
interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

async function boxesIn(file: FileHandle, { start, end }: Pick<Box, 'start' | 'end'>): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = start; at + 8 <= end; ) {
    const head = await bytesAt(file, at, 16);
    const short = head.readUInt32BE(0);
    const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? end - at : short;
    if (size < 8) break;
    boxes.push({ type: head.toString('latin1', 4, 8), start: at + (short === 1 ? 16 : 8), end: at + size });
    at += size;
  }
  return boxes;
}

/** Whether a track's handler (§8.4.3) is the picture's. */
async function isPicture(file: FileHandle, track: Box): Promise<boolean> {
  const media = (await boxesIn(file, track)).find(({ type }) => type === 'mdia');
  const handler = media && (await boxesIn(file, media)).find(({ type }) => type === 'hdlr');
  return handler !== undefined && (await bytesAt(file, handler.start + 8, 4)).toString('latin1') === 'vide';
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, at);
  return bytes;
}
