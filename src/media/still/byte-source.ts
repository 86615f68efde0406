import type { FileHandle } from 'node:fs/promises';
import { DamagedStill } from './damaged-still.ts';

/** Bytes that can be read anywhere: an open file, of which little is read, or a file already in memory. */
export interface ByteSource {
  readonly size: number;
  /** Bytes `[offset, offset + length)`. @throws DamagedStill when they are not all there. */
  read(offset: number, length: number): Promise<Buffer>;
}

export function bytesInMemory(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      checkInside(offset, length, bytes.length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

export function bytesInFile(file: FileHandle, size: number): ByteSource {
  return {
    size,
    async read(offset, length) {
      checkInside(offset, length, size);
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) throw new DamagedStill(`became shorter than ${size} bytes while it was read`);
        filled += bytesRead;
      }
      return bytes;
    },
  };
}

/** The same bytes, fetched `window` bytes at a time: for many small reads one after another. */
export function readAhead(source: ByteSource, window = 1 << 20): ByteSource {
  let from = 0;
  let held: Buffer = Buffer.alloc(0);
  return {
    size: source.size,
    async read(offset, length) {
      if (offset < from || offset + length > from + held.length) {
        held = await source.read(offset, Math.max(length, Math.min(window, source.size - offset)));
        from = offset;
      }
      return held.subarray(offset - from, offset - from + length);
    },
  };
}

function checkInside(offset: number, length: number, size: number): void {
  if (offset < 0 || length < 0 || offset + length > size) {
    throw new DamagedStill(
      `is cut off or damaged: bytes ${offset} to ${offset + length} are needed, the file has ${size}`,
    );
  }
}
