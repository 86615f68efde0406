import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyDurably, makeFolder, moveFile, syncPath } from '../../disk/durable.ts';
import { lockFolder } from '../../disk/lock.ts';
import { OutputError } from '../../disk/output-error.ts';
import type { PictureRecord } from '../../report/pictures/picture-record.ts';
import { type PicturesReport, picturesReportSchema } from '../../report/pictures/pictures-report.ts';
import { openJournal, readJournal } from './journal.ts';

/** Where a run writes to; absolute. */
export interface EachPlace {
  readonly out: string;
  /** On the disk of `out`: pictures on their way. */
  readonly work: string;
  readonly report: string;
}

/**
 * A folder of pictures that are done one by one. A picture is written into the work folder, then its record into the journal, then it
 * gets its name: killed at any point, a run goes on where it was, and what has a record is never done again.
 */
export interface EachOutput extends AsyncDisposable {
  /** Of every picture that is done, by name. */
  readonly records: ReadonlyMap<string, PictureRecord>;
  /** True where the picture is done and lies in its place, which may need a rename that a kill has prevented. */
  holds(record: PictureRecord): Promise<boolean>;
  /** Where a picture is written to before it has its name. */
  draft(key: string): string;
  /** Copies a picture as it is into its draft. */
  pass(from: string, key: string): Promise<void>;
  /** Takes a picture, whose draft is whole, as done. */
  finish(record: PictureRecord): Promise<void>;
  /** Removes the work folder. */
  close(): Promise<void>;
}

const JOURNAL = 'pictures.jsonl';

/** The report of an earlier run into `out`; null where none can be read. */
export async function earlierReport({ report, out }: EachPlace): Promise<PicturesReport | null> {
  try {
    const parsed = picturesReportSchema.parse(JSON.parse(await readFile(join(report, 'report.json'), 'utf8')));
    return parsed.out === out ? parsed : null;
  } catch {
    return null;
  }
}

/** @throws OutputError where another run holds the output, or what lies there is not ours */
export async function openEachOutput(place: EachPlace): Promise<EachOutput> {
  const { out, work, report } = place;
  const path = join(report, JOURNAL);
  const records = await readJournal(path);
  const there = await readdir(out).catch(() => []);
  if (there.length > 0 && records.size === 0) {
    throw new OutputError(
      out,
      `--out "${out}" already holds ${there.length} ${there.length === 1 ? 'file' : 'files'}, and no journal ("${path}") says that an earlier run of --each wrote them. Choose an empty or new folder, or give that run's --report.`,
    );
  }
  const isNew = !existsSync(work);
  await makeFolder(work);
  const lock = await lockFolder(work).catch(async (error: unknown) => {
    if (isNew) await rm(work, { recursive: true, force: true });
    throw error;
  });
  await makeFolder(out);
  const journal = await openJournal(path);
  const made = new Set<string>([out]);
  const draft = (key: string) => join(work, key);
  const publish = async ({ name, key }: PictureRecord) => {
    const final = join(out, name);
    const folder = dirname(final);
    if (!made.has(folder)) await makeFolder(folder);
    made.add(folder);
    await moveFile(draft(key), final);
  };
  return {
    records,
    draft,
    async holds(record) {
      if (record.output === null) return true;
      // A draft that has a record has not got its name yet; what has the name may be an earlier one.
      if (existsSync(draft(record.key))) await publish(record);
      const facts = await stat(join(out, record.name)).catch(() => null);
      return facts?.isFile() === true && facts.size === record.output.bytes;
    },
    async pass(from, key) {
      // A copy has its source's permissions: over what a kill has left of a read-only one nothing can be written.
      await rm(draft(key), { force: true });
      await copyDurably(from, draft(key));
    },
    async finish(record) {
      await journal.append(record);
      records.set(record.name, record);
      if (record.output) await publish(record);
    },
    async close() {
      for (const folder of made) await syncPath(folder);
      await rm(work, { recursive: true, force: true });
    },
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await lock[Symbol.asyncDispose]();
    },
  };
}
