import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Letters that a sealed file begins with: eight of them, ASCII. */
export type Magic = string;

/** Bytes behind the magic and before the header: its length (u32, little-endian), and SHA-256 of the header and of all that follows. */
const LENGTH_BYTES = 4;
const HASH_BYTES = 32;
/** Bytes that are gathered before they are written. */
const BLOCK_BYTES = 2 ** 18;

/** Writes a new file of a JSON header and floats (32 bits, little-endian) or bytes behind it, sealed by a checksum, and waits until it is on the disk. */
export async function writeSealed(
  path: string,
  magic: Magic,
  header: unknown,
  parts: Iterable<Float32Array | Uint8Array>,
): Promise<void> {
  const json = Buffer.from(JSON.stringify(header));
  const hash = createHash('sha256').update(json);
  await using file = await open(path, 'wx');
  const preamble = Buffer.alloc(magic.length + LENGTH_BYTES + HASH_BYTES);
  await file.write(preamble);
  await file.write(json);
  for (const block of blocksOf(parts)) {
    hash.update(block);
    for (let done = 0; done < block.length; ) done += (await file.write(block, done)).bytesWritten;
  }
  preamble.write(magic, 'ascii');
  preamble.writeUInt32LE(json.length, magic.length);
  hash.digest().copy(preamble, magic.length + LENGTH_BYTES);
  await file.write(preamble, 0, preamble.length, 0);
  await file.sync();
}

/** In blocks whose memory is used again: two thousand frames of a track are 13 MB. */
function* blocksOf(parts: Iterable<Float32Array | Uint8Array>): Generator<Uint8Array> {
  const block = new Uint8Array(BLOCK_BYTES);
  let full = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    for (let done = 0; done < byteLength; ) {
      const count = Math.min(byteLength - done, BLOCK_BYTES - full);
      block.set(new Uint8Array(buffer, byteOffset + done, count), full);
      full += count;
      done += count;
      if (full < BLOCK_BYTES) continue;
      yield block;
      full = 0;
    }
  }
  if (full > 0) yield block.subarray(0, full);
}

/** Takes the next floats of a sealed file, in memory of their own. */
export type NextFloats = (count: number) => Promise<Float32Array<ArrayBuffer>>;
/** The same for bytes. */
type NextBytes = (count: number) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Reads a file that `writeSealed` wrote. What `read` makes of it counts only when the whole file matches its checksum.
 *
 * @param read is given the header as JSON says it
 * @throws Error that says, as the end of a sentence, what is wrong with the file; and what `read` throws.
 */
export async function readSealed<T>(
  path: string,
  magic: Magic,
  read: (header: unknown, next: NextFloats, nextBytes: NextBytes) => Promise<T>,
): Promise<T> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  let at = 0;
  const take = async (length: number): Promise<Buffer<ArrayBuffer>> => {
    if (at + length > size) throw new Error('it is shorter than it says');
    // In memory of its own, from its first byte on, so that it can be seen as floats.
    const buffer = Buffer.from(new ArrayBuffer(length));
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(buffer, done, length - done);
      if (bytesRead === 0) throw new Error('it is shorter than it says');
      done += bytesRead;
    }
    at += length;
    return buffer;
  };
  const preamble = await take(magic.length + LENGTH_BYTES + HASH_BYTES);
  if (preamble.toString('latin1', 0, magic.length) !== magic) throw new Error('it is a file of another kind');
  const json = await take(preamble.readUInt32LE(magic.length));
  const hash = createHash('sha256').update(json);
  const nextBytes = async (count: number) => {
    const bytes = await take(count);
    hash.update(bytes);
    return new Uint8Array(bytes.buffer);
  };
  const next = async (count: number) => new Float32Array((await nextBytes(count * 4)).buffer);
  const result = await read(parsed(json), next, nextBytes);
  if (!hash.digest().equals(preamble.subarray(magic.length + LENGTH_BYTES))) {
    throw new Error('it does not match its checksum');
  }
  return result;
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch (cause) {
    throw new Error('its header is damaged', { cause });
  }
}
