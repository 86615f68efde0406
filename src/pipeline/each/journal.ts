import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, makeFolder } from '../../disk/durable.ts';
import { outputError } from '../../disk/output-error.ts';
import { type PictureRecord, pictureRecordSchema } from '../../report/pictures/picture-record.ts';

/** What became of pictures, in the order in which they were done, a line each. A kill cuts off its last line at most. */
export interface Journal extends AsyncDisposable {
  /** Resolves when the line is on the disk. */
  append(record: PictureRecord): Promise<void>;
}

/** The last record of every picture, by its name. Lines that cannot be read count for nothing. */
export async function readJournal(path: string): Promise<Map<string, PictureRecord>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return '';
    throw outputError(path, cause);
  });
  const records = new Map<string, PictureRecord>();
  for (const line of text.split('\n')) {
    const record = line === '' ? null : recordOf(line);
    if (record) records.set(record.name, record);
  }
  return records;
}

function recordOf(line: string): PictureRecord | null {
  try {
    return pictureRecordSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Opens a journal to add to it; a line that was cut off is ended first. */
export async function openJournal(path: string): Promise<Journal> {
  await makeFolder(dirname(path));
  const file = await openedToAppend(path);
  let last: Promise<void> = Promise.resolve();
  return {
    append(record) {
      // Lines of lanes that end at the same time come one after another.
      last = last.then(async () => {
        try {
          await file.appendFile(`${JSON.stringify(record)}\n`);
          await file.datasync();
        } catch (cause) {
          throw outputError(path, cause);
        }
      });
      return last;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function openedToAppend(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'a+');
    const { size } = await file.stat();
    if (size === 0) return file;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    if (buffer[0] !== 0x0a) await file.appendFile('\n');
    return file;
  } catch (cause) {
    throw outputError(path, cause);
  }
}
