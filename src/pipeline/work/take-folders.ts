import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { codeOf, makeFolder, publish, unfinishedName, writeDurably } from '../../disk/durable.ts';
import { OutputError } from '../../disk/output-error.ts';
import type { Take } from '../../film/shot.ts';
import type { Segment, Target } from '../../media/write/target.ts';
import { type TakeFaces, type TakeRecord, takeFacesSchema, takeRecordSchema } from './take-record.ts';

/** A take of a run, and what it is known by. */
export interface KeyedTake extends Take {
  /** See `takeKey`. */
  readonly key: string;
  /** See `takeContent`. */
  readonly content: string;
}

/** A take that lies whole in its folder. */
export interface FinishedTake {
  readonly record: TakeRecord;
  readonly faces: TakeFaces;
  readonly segment: Segment;
}

/** Finished takes on the disk, by their keys: whichever run made one, every run that would make the same finds it. */
export interface TakeFolders {
  /** The take, checked to the bit; null where it is missing or damaged, or lacks a side output that is wanted, by its id. */
  find(take: KeyedTake, sides: readonly string[]): Promise<FinishedTake | null>;
  /** Names of other devices by which it lies finished. */
  devicesOf(take: KeyedTake): Promise<readonly string[]>;
  /** The take as any device has rendered it, checked likewise; null where none has. */
  findContent(take: KeyedTake, sides: readonly string[]): Promise<FinishedTake | null>;
  /** The same, but files that are as they were left, by size and time, are not read; see `Target.stands`. */
  findStanding(take: KeyedTake, sides: readonly string[]): Promise<FinishedTake | null>;
  /** True where a record of the take is there, by any device, be it whole or not. */
  isRecorded(take: KeyedTake): Promise<boolean>;
  /**
   * Writes the take into an empty folder, this process's own, and gives that its final name with all that is in it at once. Where
   * another process has finished the same take meanwhile, that one stays and is answered. What fails leaves nothing.
   */
  write(take: KeyedTake, render: (folder: string) => Promise<FinishedTake>): Promise<FinishedTake>;
  /** True where any take is finished. */
  any(): Promise<boolean>;
  /** Removes all but these, and what was not finished. */
  keepOnly(takes: readonly KeyedTake[]): Promise<void>;
}

const RECORD = 'take.json';
const FACES = 'faces.json';
/** The pictures of a take, in its folder. */
export function evidenceIn(folder: string): string {
  return join(folder, 'evidence');
}

/** Digits of the key in a folder's name: enough to tell any takes of one reel apart; the record holds the whole. */
const KEY_DIGITS = 16;

/** Times that a finished take is given its name, where others take the name and leave it. */
const ATTEMPTS = 3;

/**
 * @param root the folder that holds the takes' folders; made when the first take is begun
 * @param mayFinish asked last before a take is given its name; rejects where this process has lost the right to
 */
export function openTakeFolders(
  root: string,
  target: Pick<Target, 'holds' | 'stands'>,
  mayFinish: () => Promise<void> = async () => {},
): TakeFolders {
  const pathOf = ({ in: from, key }: Pick<KeyedTake, 'in' | 'key'>) => join(root, nameOf(from, key));
  type Check = (segment: Segment) => Promise<boolean>;
  const findBy = async (
    check: Check,
    take: Pick<KeyedTake, 'in' | 'key'>,
    sides: readonly string[],
  ): Promise<FinishedTake | null> => {
    const folder = pathOf(take);
    const record = await readJson(join(folder, RECORD), takeRecordSchema);
    if (record?.key !== take.key) return null;
    // Where nothing was restored there is nothing to lack.
    if (record.restored > 0 && !sides.every((id) => record.sides.includes(id))) return null;
    const faces = await readJson(join(folder, FACES), takeFacesSchema);
    const { in: from, out, sha256, packets, files, pictures } = record;
    const told = { ...(packets ? { packets } : {}), ...(files ? { files } : {}), ...(pictures ? { pictures } : {}) };
    const segment = { in: from, out, folder, sha256, ...told };
    return faces && (await check(segment)) ? { record, faces, segment } : null;
  };
  const find = (take: Pick<KeyedTake, 'in' | 'key'>, sides: readonly string[]) => findBy(target.holds, take, sides);
  /** Records of the same content by other keys. */
  const othersOf = async ({ in: from, key, content }: KeyedTake): Promise<TakeRecord[]> => {
    const records: TakeRecord[] = [];
    for (const name of await namesIn(root)) {
      if (!name.startsWith(startOf(from)) || name === nameOf(from, key)) continue;
      const record = await readJson(join(root, name, RECORD), takeRecordSchema);
      if (record?.content === content) records.push(record);
    }
    return records;
  };
  const findAny = async (check: Check, take: KeyedTake, sides: readonly string[]): Promise<FinishedTake | null> => {
    const own = await findBy(check, take, sides);
    if (own) return own;
    for (const record of await othersOf(take)) {
      const other = await findBy(check, record, sides);
      if (other) return other;
    }
    return null;
  };
  return {
    find,
    findContent: (take, sides) => findAny(target.holds, take, sides),
    findStanding: (take, sides) =>
      findAny(async (segment) => (await target.stands(segment)) || (await target.holds(segment)), take, sides),
    async isRecorded(take) {
      const own = await readJson(join(pathOf(take), RECORD), takeRecordSchema);
      return own?.key === take.key || (await othersOf(take)).length > 0;
    },
    async devicesOf(take) {
      return [...new Set((await othersOf(take)).map(({ device }) => device))];
    },
    async write(take, render) {
      const folder = unfinishedName(`${pathOf(take)}-${randomUUID().slice(0, 8)}`);
      await makeFolder(folder);
      try {
        const { segment, record, faces } = await render(folder);
        await writeDurably(join(folder, FACES), Buffer.from(JSON.stringify(faces)));
        await writeDurably(join(folder, RECORD), Buffer.from(JSON.stringify(record)));
        await mayFinish();
        for (let attempt = 1; ; attempt++) {
          const final = pathOf(record);
          try {
            await publish(folder, final);
            return { record, faces, segment: { ...segment, folder: final } };
          } catch (error) {
            if (!isTaken(error) || attempt === ATTEMPTS) throw error;
          }
          const theirs = await find(record, record.sides);
          if (theirs) return theirs;
          // It is damaged, or lacks a side output.
          await rm(final, { recursive: true, force: true });
        }
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async any() {
      for (const name of await namesIn(root)) {
        if (await readJson(join(root, name, RECORD), takeRecordSchema)) return true;
      }
      return false;
    },
    async keepOnly(takes) {
      const kept = new Set(takes.map(({ in: from, key }) => nameOf(from, key)));
      for (const name of await namesIn(root)) {
        if (!kept.has(name)) await rm(join(root, name), { recursive: true, force: true });
      }
    },
  };
}

function nameOf(from: number, key: string): string {
  return `${startOf(from)}${key.slice(0, KEY_DIGITS)}`;
}

function startOf(from: number): string {
  return `${String(from).padStart(8, '0')}-`;
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function isTaken(error: unknown): boolean {
  return error instanceof OutputError && ['ENOTEMPTY', 'EEXIST'].includes(codeOf(error.cause));
}

/** Null where there is no such file, or another version or a failing disk wrote it. */
async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema> | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
