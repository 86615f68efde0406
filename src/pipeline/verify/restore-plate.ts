import { mkdtemp, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { copyDurably } from '../../disk/durable.ts';
import { OutputError } from '../../disk/output-error.ts';
import { frameNumber, type Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { openMovieTarget } from '../../media/write/movie/movie-target.ts';
import { UsageError } from '../../settings/usage-error.ts';

/**
 * Writes a frame of the reel to `to` as it was: of a folder its file, byte for byte; of a movie a lossless movie of that one frame.
 * Answers what was written, as a sentence.
 *
 * @throws UsageError where `to` is no .mkv and the reel a movie; OutputError where it is there already
 */
export async function restorePlate(
  reel: Reel,
  frame: number,
  to: string,
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<string> {
  const path = resolve(to);
  if (await stat(path).catch(() => null))
    throw new OutputError(path, `"${to}" is there already, and nothing is replaced. Choose another --to.`);
  const number = frameNumber(reel, frame);
  if (reel.kind === 'folder') {
    const file = reel.files[frame];
    if (!file) throw new UsageError(`--restore-plate ${number}: the reel lacks this frame.`);
    await copyDurably(file, path);
    return `"${to}" is the plate of frame ${number}: "${basename(file)}" of the reel, byte for byte.`;
  }
  if (extname(path).toLowerCase() !== '.mkv') {
    throw new UsageError(
      `--to "${to}": the plate of a movie is written as a lossless movie of one frame. Give a .mkv.`,
    );
  }
  const work = await mkdtemp(join(dirname(path), '.reelmend-plate-'));
  try {
    const take = { in: frame, out: frame + 1, touched: false };
    const target = await openMovieTarget(reel, { out: path, codec: 'ffv1', range: take, untouched: false }, ffmpeg);
    const segment = await target.copyTake(take, { folder: work, signal, note: () => {} });
    await target.conform([segment], { signal, replace: false, keep: false });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return `"${to}" is the plate of frame ${number}, its samples coded without loss.`;
}
