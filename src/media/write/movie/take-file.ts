import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { publish, sha256OfFiles, syncPath } from '../../../disk/durable.ts';
import { OutputError } from '../../../disk/output-error.ts';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { shownPackets } from '../../ffmpeg/packet-hashes.ts';
import type { MovieCodec } from '../codec-facts.ts';
import { filesAsLeft, isAsLeft } from '../segment-files.ts';
import type { Segment } from '../target.ts';
import { takeExtension } from './take-coding.ts';

/** The name of a take's finished file in its folder. */
export function takePath(folder: string, codec: MovieCodec, take: FrameRange): string {
  return join(folder, `${nameOf(take)}${takeExtension(codec)}`);
}

function nameOf(take: FrameRange): string {
  const number = (frame: number) => String(frame).padStart(8, '0');
  return `take-${number(take.in)}-${number(take.out)}`;
}

/** The name of the word that a take is deferred, in its place. */
export function deferredPath(folder: string, take: FrameRange): string {
  return join(folder, `${nameOf(take)}.deferred`);
}

/** Checks the count of a written take, and seals it. */
export async function publishTake(
  take: FrameRange,
  { unfinished, path }: { readonly unfinished: string; readonly path: string },
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<Segment> {
  const pictures = await shownPackets(unfinished, ffmpeg, signal);
  if (pictures.length !== lengthOf(take)) {
    throw new OutputError(
      path,
      `"${path}": ${lengthOf(take)} frames were written, but the file has ${pictures.length}. Check the disk, then run the same command again.`,
    );
  }
  return { ...(await sealTake(take, { unfinished, path })), pictures };
}

/** Makes a written take durable and gives it its name. */
export async function sealTake(
  take: FrameRange,
  { unfinished, path }: { readonly unfinished: string; readonly path: string },
): Promise<Segment> {
  await syncPath(unfinished);
  const [file] = await filesAsLeft(dirname(unfinished), [basename(unfinished)]);
  if (!file) throw new Error('Unreachable: one file was read.');
  await publish(unfinished, path);
  const { sha256 } = file;
  return { in: take.in, out: take.out, folder: dirname(path), sha256, files: [{ ...file, name: basename(path) }] };
}

export async function holdsTake(path: string, sha256: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && (await sha256OfFiles([path])) === sha256;
}

/** True where a take's file is as it was left, by size and time; see `Target.stands`. */
export async function standsTake(path: string, { sha256, files }: Pick<Segment, 'sha256' | 'files'>): Promise<boolean> {
  const [file] = files ?? [];
  const found = await stat(path).catch(() => undefined);
  return file?.sha256 === sha256 && file.name === basename(path) && found !== undefined && isAsLeft(found, file);
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}
