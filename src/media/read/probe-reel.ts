import { readlink, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { openFolder } from './folder/frame-folder.ts';
import { parseFramePattern } from './folder/frame-pattern.ts';
import { stillKindOf } from './folder/frame-sequence.ts';
import { patternWith } from './folder/list-sequence.ts';
import { openMovie } from './movie/probe-movie.ts';
import type { OpenOptions } from './open-options.ts';

export type { OpenOptions } from './open-options.ts';

/**
 * Opens a movie, a folder of numbered stills, or a pattern of them (`scan.%04d.dpx`, `scan.####.dpx`, `scan.[1001-1100].dpx`).
 *
 * @throws ReelError with a sentence for the user where it is none of them, or cannot be read as one reel.
 */
export async function probeReel(
  path: string,
  options: OpenOptions,
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<Reel> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch((cause: unknown) => {
    throwUnlessMissing(path, cause);
  });
  if (found?.isDirectory()) return openFolder(absolute, options, ffmpeg, signal);
  if (!found && parseFramePattern(absolute)) return openFolder(absolute, options, ffmpeg, signal);
  if (!found) throw await missing(path, absolute);
  if (!found.isFile())
    throw new ReelError(`"${path}" is neither a file nor a folder. Give a movie or a folder of stills.`);
  if (stillKindOf(basename(absolute))) throw await oneStill(path, absolute);
  if (options.layer !== undefined) {
    throw new ReelError(`"${path}" is a movie, which has no layers. Leave --layer out.`);
  }
  return openMovie(absolute, options, ffmpeg, signal);
}

function throwUnlessMissing(path: string, cause: unknown): undefined {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  const why =
    code === 'EACCES'
      ? 'a folder on the way to it is closed to this user'
      : code === 'ELOOP'
        ? 'it is a link that leads in a circle'
        : (code ?? message);
  throw new ReelError(`"${path}" cannot be read: ${why}. Check the path.`, { cause });
}

async function missing(path: string, absolute: string): Promise<ReelError> {
  const target = await readlink(absolute).catch(() => undefined);
  if (target !== undefined) {
    return new ReelError(`"${path}" is a link to "${target}", which does not exist. Give the path of the reel itself.`);
  }
  // What the shell hands over in other bytes than UTF-8 has come as this sign.
  const spelling = path.includes('\ufffd') ? 'its name is not UTF-8: rename it' : 'check the path';
  return new ReelError(
    `"${path}" does not exist. A movie, a folder of numbered stills or a pattern such as scan.%04d.dpx was expected: ${spelling}.`,
  );
}

async function oneStill(path: string, absolute: string): Promise<ReelError> {
  const pattern = await patternWith(absolute);
  const advice =
    pattern === undefined
      ? 'To restore it alone, put it into a folder of its own and give that.'
      : `Give the pattern "${pattern}".`;
  return new ReelError(`"${path}" is one still; a reel is a movie or a numbered sequence. ${advice}`);
}
