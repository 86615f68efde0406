import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

type C2pa = Pick<typeof import('@contentauth/c2pa-wasm'), 'WasmBuilder' | 'WasmReader'>;

const PACKAGE = '@contentauth/c2pa-wasm';

let opened: Promise<C2pa> | undefined;

/**
 * The library that signs and reads content credentials, for browsers, given what it asks of one.
 *
 * @throws Error where it is not installed
 */
export function openC2pa(): Promise<C2pa> {
  opened ??= load();
  return opened;
}

async function load(): Promise<C2pa> {
  const library = await import('@contentauth/c2pa-wasm').catch((cause: unknown) => {
    throw new Error(`Content credentials need ${PACKAGE}, which is not installed: npm install ${PACKAGE}@0.13.3`, {
      cause,
    });
  });
  const wasm = createRequire(import.meta.url).resolve(`${PACKAGE}/c2pa.wasm`);
  Object.assign(globalThis, { FileReaderSync: SyncReader });
  await library.default({ module_or_path: await readFile(wasm) });
  return library;
}

/** A part of a file as the library reads it: piece by piece, and never whole. Of a browser's blob it asks for size and slices alone. */
interface FileBlob {
  readonly size: number;
  slice(start?: number, end?: number): FileBlob;
  read(): ArrayBuffer;
}

function fileBlob(fd: number, from: number, size: number): FileBlob {
  return {
    size,
    slice: (start = 0, end = size) => fileBlob(fd, from + start, Math.max(0, Math.min(end, size) - start)),
    read() {
      const bytes = new Uint8Array(size);
      let done = 0;
      while (done < size) {
        const read = readSync(fd, bytes, done, size - done, from + done);
        if (read === 0) throw new RangeError('The file became shorter while it was read.');
        done += read;
      }
      return bytes.buffer;
    },
  };
}

/** What browsers have in workers, for such blobs; a class, since the library makes it by `new`. */
class SyncReader {
  readAsArrayBuffer(blob: FileBlob): ArrayBuffer {
    return blob.read();
  }
}

/** Opens a file for the library. */
export function openBlob(path: string): { readonly blob: Blob } & Disposable {
  const fd = openSync(path, 'r');
  return { blob: fileBlob(fd, 0, fstatSync(fd).size) as unknown as Blob, [Symbol.dispose]: () => closeSync(fd) };
}
