import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../settings/usage-error.ts';

/** Names of logs in a folder: those that end as logs do, rotated ones (`x.log.1`, `x.log-20260302.gz`) among them. */
const LOG_NAME = /\.(?:log|ndjson|jsonl)(?:[.-]\d+)*(?:\.gz)?$/;

/** The files of logs: each as it is, and of a folder those in it. @throws UsageError where there is none */
export async function logFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const facts = await stat(path).catch(() => null);
    if (!facts)
      throw new UsageError(`There is no log "${path}". Give a file that --log wrote, or a folder of such files.`);
    if (!facts.isDirectory()) {
      files.push(path);
      continue;
    }
    const names = (await readdir(path)).filter((name) => LOG_NAME.test(name)).sort();
    if (names.length === 0) {
      throw new UsageError(
        `The folder "${path}" holds no logs: names such as run.log, run.log.1 and run.log.2.gz are read.`,
      );
    }
    files.push(...names.map((name) => join(path, name)));
  }
  return [...new Set(files)];
}

/** Longest line that is read, in characters: a log's own are a few thousand at most. */
const LONGEST = 1 << 20;

/** What a file gives: its lines, null in place of one that is too long to be one, and at its end why it ended early, if it did. */
export async function* linesOf(path: string, onEarlyEnd: (why: string) => void): AsyncGenerator<string | null> {
  const source = textOf(path);
  let rest = '';
  let isTooLong = false;
  try {
    for await (const chunk of source) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        yield isTooLong || part.length > LONGEST ? null : part;
        isTooLong = false;
      }
      if (rest.length > LONGEST) {
        isTooLong = true;
        rest = '';
      }
    }
  } catch (error) {
    onEarlyEnd((error as Error).message);
  } finally {
    source.destroy();
  }
  if (rest !== '' || isTooLong) yield isTooLong ? null : rest;
}

function textOf(path: string): Readable {
  const bytes = createReadStream(path, { highWaterMark: 1 << 20 });
  if (!path.endsWith('.gz')) return bytes.setEncoding('utf8');
  const text = createGunzip().setEncoding('utf8');
  // Who has read enough closes the text alone.
  text.on('close', () => void bytes.destroy());
  // A pipe does not hand errors on.
  bytes.on('error', (error) => text.destroy(error)).pipe(text);
  return text;
}
