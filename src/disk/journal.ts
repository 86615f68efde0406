import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { z } from 'zod';
import { syncPath } from './durable.ts';
import { OutputError, outputError } from './output-error.ts';

/** What a run has finished, one record after another, in a file that survives the loss of power. */
export interface Journal<Entry> extends AsyncDisposable {
  /** In the order of appending: those found on opening, then those of this run. */
  readonly records: readonly Entry[];
  /** Resolves when the record is on the disk. Concurrent appends are written in the order of their calls. */
  append(record: Entry): Promise<void>;
}

/**
 * Opens or creates the journal at `path`: lines of eight hex digits of CRC-32, a space, the record as JSON, a line feed.
 *
 * A last line that was not written whole (a crash, zeros after a loss of power) was never acknowledged, and is cut off. A bad line
 * that has a good one behind it is damage of another kind, and stops. One writer at a time: hold the folder's lock.
 *
 * @throws OutputError when the file cannot be written, is damaged in the middle, or holds records that are not `schema`'s.
 */
export async function openJournal<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<Journal<z.output<Schema>>> {
  const file = await openDurably(path);
  try {
    const { lines, end } = wholeLines(await file.readFile(), path);
    const records = lines.map(({ json, number }) => parseRecord(schema, json, path, number));
    if (end < (await file.stat()).size) {
      await file.truncate(end);
      await file.datasync();
    }
    return journalOn(file, path, records, end);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function journalOn<Entry>(file: FileHandle, path: string, records: Entry[], start: number): Journal<Entry> {
  let end = start;
  let last: Promise<void> = Promise.resolve();

  const write = async (record: Entry, line: Buffer): Promise<void> => {
    try {
      for (let done = 0; done < line.length; ) {
        done += (await file.write(line, done, line.length - done, end + done)).bytesWritten;
      }
      await file.datasync();
    } catch (cause) {
      // The next record must not land behind half of this one: that would be damage in the middle.
      await file.truncate(end).catch(() => {});
      throw outputError(path, cause);
    }
    end += line.length;
    records.push(record);
  };

  return {
    records,
    append(record) {
      const line = frame(JSON.stringify(record));
      const written = last.then(() => write(record, line));
      last = written.catch(() => {});
      return written;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await file.close();
    },
  };
}

/** The file for reading and writing; a new one's name is made durable with it. */
async function openDurably(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw outputError(path, error);
  }
  try {
    const file = await open(path, 'wx+');
    await syncPath(dirname(path));
    return file;
  } catch (error) {
    throw outputError(path, error);
  }
}

function frame(json: string): Buffer {
  const body = Buffer.from(json);
  return Buffer.concat([Buffer.from(`${checksum(body)} `), body, Buffer.from('\n')]);
}

function checksum(body: Uint8Array): string {
  return crc32(body).toString(16).padStart(8, '0');
}

interface Line {
  readonly json: string;
  /** Counted from 1. */
  readonly number: number;
}

function wholeLines(bytes: Buffer, path: string): { lines: Line[]; end: number } {
  const lines: Line[] = [];
  let end = 0;
  let firstBad: number | undefined;
  for (let from = 0, number = 1; from < bytes.length; number++) {
    const feed = bytes.indexOf(0x0a, from);
    if (feed < 0) break;
    const json = unframe(bytes.subarray(from, feed));
    if (json === undefined) firstBad ??= number;
    else if (firstBad !== undefined) {
      throw new OutputError(
        path,
        `The journal "${path}" is damaged: line ${firstBad} does not match its checksum, but line ${number} behind it does. Its disk may be failing. Copy the folder if you need it, then delete the journal to start this output afresh.`,
      );
    } else {
      lines.push({ json, number });
      end = feed + 1;
    }
    from = feed + 1;
  }
  return { lines, end };
}

function unframe(line: Buffer): string | undefined {
  const body = line.subarray(9);
  const intact = line[8] === 0x20 && line.toString('latin1', 0, 8) === checksum(body);
  return intact ? body.toString('utf8') : undefined;
}

function parseRecord<Schema extends z.ZodType>(
  schema: Schema,
  json: string,
  path: string,
  number: number,
): z.output<Schema> {
  const result = schema.safeParse(JSON.parse(json));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new OutputError(
    path,
    `The journal "${path}" was written by another version of Reelmend: line ${number}, "${issue?.path.join('.')}": ${issue?.message}. Finish with that version, or delete the journal to start this output afresh.`,
  );
}
