import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A file that is read a piece at a time, wherever in it. */
export interface FileBytes extends Disposable {
  readonly size: number;
  /** `length` bytes from `at`; they are the caller's until the next call. @throws where the file has become shorter. */
  read(at: number, length: number): Uint8Array;
}

/** What is read at once, at the least: neighbouring pieces then cost one call. */
const WINDOW_BYTES = 2 ** 16;

/** Opens a file to be read a piece at a time. */
export function openFileBytes(path: string): FileBytes {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  let window = new Uint8Array(0);
  let begin = 0;
  return {
    size,
    read(at, length) {
      if (at < begin || at + length > begin + window.length) {
        window = readWhole(file, path, at, Math.max(length, Math.min(WINDOW_BYTES, size - at)));
        begin = at;
      }
      return window.subarray(at - begin, at - begin + length);
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

function readWhole(file: number, path: string, at: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, length - done, at + done);
    if (read === 0)
      throw new Error(`${path} ends at byte ${at + done}, before all of it was read: it was changed meanwhile.`);
    done += read;
  }
  return bytes;
}
