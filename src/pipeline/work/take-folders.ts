import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { makeFolder, publish, unfinishedName, writeDurably } from '../../disk/durable.ts';
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
  /** An empty folder for it. What is in it counts from `finish` on. */
  begin(take: KeyedTake): Promise<string>;
  finish(folder: string, segment: Segment, record: TakeRecord, faces: TakeFaces): Promise<FinishedTake>;
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

/** @param root the folder that holds the takes' folders; made when the first take is begun */
export function openTakeFolders(root: string, target: Pick<Target, 'holds'>): TakeFolders {
  const pathOf = ({ in: from, key }: KeyedTake) => join(root, nameOf(from, key));
  return {
    async find(take, sides) {
      const folder = pathOf(take);
      const record = await readJson(join(folder, RECORD), takeRecordSchema);
      if (record?.key !== take.key) return null;
      // Where nothing was restored there is nothing to lack.
      if (record.restored > 0 && !sides.every((id) => record.sides.includes(id))) return null;
      const faces = await readJson(join(folder, FACES), takeFacesSchema);
      const { in: from, out, sha256, packets } = record;
      const segment = { in: from, out, folder, sha256, ...(packets ? { packets } : {}) };
      return faces && (await target.holds(segment)) ? { record, faces, segment } : null;
    },
    async devicesOf({ in: from, key, content }) {
      const devices = new Set<string>();
      for (const name of await namesIn(root)) {
        if (!name.startsWith(startOf(from)) || name === nameOf(from, key)) continue;
        const record = await readJson(join(root, name, RECORD), takeRecordSchema);
        if (record?.content === content) devices.add(record.device);
      }
      return [...devices];
    },
    async begin(take) {
      const folder = pathOf(take);
      await rm(folder, { recursive: true, force: true });
      await makeFolder(folder);
      return folder;
    },
    async finish(folder, segment, record, faces) {
      await writeJson(join(folder, FACES), faces);
      await writeJson(join(folder, RECORD), record);
      return { record, faces, segment };
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

async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = unfinishedName(path);
  await writeDurably(draft, Buffer.from(JSON.stringify(value)));
  await publish(draft, path);
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
