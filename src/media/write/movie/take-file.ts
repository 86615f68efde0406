import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { publish, sha256OfFiles, syncPath } from '../../../disk/durable.ts';
import { OutputError } from '../../../disk/output-error.ts';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { countFrames } from '../../read/movie/count-frames.ts';
import type { MovieCodec } from '../codec-facts.ts';
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
  const found = await countFrames(unfinished, ffmpeg, signal);
  if (found !== lengthOf(take)) {
    throw new OutputError(
      path,
      `"${path}": ${lengthOf(take)} frames were written, but the file has ${found}. Check the disk, then run the same command again.`,
    );
  }
  return sealTake(take, { unfinished, path }, signal);
}

/** Makes a written take durable and gives it its name. */
export async function sealTake(
  take: FrameRange,
  { unfinished, path }: { readonly unfinished: string; readonly path: string },
  signal?: AbortSignal,
): Promise<Segment> {
  await syncPath(unfinished);
  const sha256 = await sha256OfFiles([unfinished], signal);
  await publish(unfinished, path);
  return { in: take.in, out: take.out, folder: dirname(path), sha256 };
}

export async function holdsTake(path: string, sha256: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && (await sha256OfFiles([path])) === sha256;
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}
