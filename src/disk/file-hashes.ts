import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';

/** Bytes that are read at once. */
const PIECE_BYTES = 2 ** 20;

/** SHA-256 and CRC32 of a file, lower-case hex, of 64 and 8 digits. A piece of it is in memory at a time. */
export async function fileHashes(path: string): Promise<{ readonly sha256: string; readonly crc32: string }> {
  const sha = createHash('sha256');
  let crc = 0;
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    sha.update(piece);
    crc = crc32(piece, crc);
  }
  return { sha256: sha.digest('hex'), crc32: crc.toString(16).padStart(8, '0') };
}
