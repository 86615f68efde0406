import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { z } from 'zod';
import { sha256Of } from '../disk/sha256.ts';
import { ReelError } from '../film/reel-error.ts';
import { parseRequestFile } from '../pipeline/evidence/request-file.ts';
import type { RestoreRequest } from '../pipeline/request/request.ts';
import type { FaceFrames } from '../report/face-frames.ts';
import { facesFileSchema } from '../report/faces-file.ts';
import { type Report, reportSchema } from '../report/report.ts';
import { type TracksFile, tracksFileSchema } from '../report/tracks-file.ts';
import type { ReelId } from './api.ts';

/** What the report of a run says, as it was read. */
export interface ReadReport {
  readonly id: ReelId;
  /** Absolute, without links. */
  readonly folder: string;
  readonly report: Report;
  readonly tracks: TracksFile;
  /** By track; empty in reports of versions that did not keep them. */
  readonly faces: ReadonlyMap<string, FaceFrames>;
  /** What was asked for; null in reports of versions that did not keep it. */
  readonly request: RestoreRequest | null;
  /** The frames that were restored or passed through. */
  readonly in: number;
  readonly out: number;
  /** Changes with every run. */
  readonly version: string;
}

/** Most bytes of a report's file that are read. */
const MOST_BYTES = 512 * 2 ** 20;

/**
 * The report folders at a path: itself, or those that lie in it. Links among the latter are left out: they may lead anywhere.
 *
 * @throws ReelError where there is none
 */
export async function reportFolders(path: string): Promise<string[]> {
  const given = resolve(path);
  const root = await realpath(given).catch((cause: unknown) => {
    throw new ReelError(`"${path}" does not exist. Give the report of a run, <out>.report, or a folder of reports.`, {
      cause,
    });
  });
  if (await isReport(root)) return [root];
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const folder = join(root, entry.name);
    if (entry.isDirectory() && (await isReport(folder))) folders.push(folder);
  }
  if (folders.length > 0) return folders;
  throw new ReelError(
    `"${path}" holds no report: neither a report.json nor a folder with one. Give <out>.report of "reelmend restore", or a folder of such.`,
  );
}

async function isReport(folder: string): Promise<boolean> {
  const found = await lstat(join(folder, 'report.json')).catch(() => null);
  return found?.isFile() ?? false;
}

/** Known for as long as the report lies where it does. */
export function reelIdOf(folder: string): ReelId {
  return sha256Of(folder).slice(0, 16);
}

/** @throws ReelError where a file of it is missing, a link, or of another version */
export async function readReport(folder: string): Promise<ReadReport> {
  const reportText = await textIn(folder, 'report.json');
  const report = parsedAs(reportSchema, reportText, folder, 'report.json');
  const tracks = parsedAs(tracksFileSchema, await textIn(folder, 'tracks.json'), folder, 'tracks.json');
  const facesText = await textIn(folder, 'faces.json').catch(() => null);
  const faces = facesText === null ? [] : parsedAs(facesFileSchema, facesText, folder, 'faces.json').tracks;
  const requestText = await textIn(folder, 'request.json').catch(() => null);
  const { takes } = report;
  return {
    id: reelIdOf(folder),
    folder,
    report,
    tracks,
    faces: new Map(faces.map((one) => [one.track, one])),
    request: requestText === null ? null : parseRequestFile(requestText),
    in: Math.min(...takes.map((take) => take.in), report.reel.frames),
    out: Math.max(...takes.map((take) => take.out), 0),
    version: sha256Of(reportText).slice(0, 16),
  };
}

/** Another one when the report was written anew; empty where it has gone. */
export async function reportStamp(folder: string): Promise<string> {
  const found = await lstat(join(folder, 'report.json')).catch(() => null);
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : '';
}

/** The output's file or folder name. */
export function nameOfReport({ report, folder }: Pick<ReadReport, 'report' | 'folder'>): string {
  return basename(report.outputs[0]?.path ?? folder);
}

/** The text of a file of a folder, which is no link; a pipe of that name is not waited for. */
export async function textIn(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  try {
    await using file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const facts = await file.stat();
    if (!facts.isFile() || facts.size > MOST_BYTES) throw new Error('it is no file of a report');
    return await file.readFile('utf8');
  } catch (cause) {
    throw new ReelError(
      `"${path}" cannot be read: ${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}. Restore the reel anew to write its report.`,
      { cause },
    );
  }
}

function parsedAs<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  folder: string,
  name: string,
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ReelError(
      `"${join(folder, name)}" is no file that this version of Reelmend wrote. Restore the reel anew to write its report.`,
      { cause },
    );
  }
}
