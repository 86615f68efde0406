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

function checkInside(offset: number, length: number, size: number): void {
  if (offset < 0 || length < 0 || offset + length > size) {
    throw new DamagedStill(
      `is cut off or damaged: bytes ${offset} to ${offset + length} are needed, the file has ${size}`,
    );
  }
}
