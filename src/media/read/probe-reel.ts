import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { openFolder } from './frame-folder.ts';
import type { OpenOptions } from './open-options.ts';
import { openMovie } from './probe-movie.ts';

export type { OpenOptions } from './open-options.ts';

const STILLS = /^\.(dpx|cin|tiff?|png|jpe?g|exr)$/i;

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
  const found = await stat(absolute).catch(() => undefined);
  if (found?.isDirectory()) return openFolder(absolute, options, ffmpeg, signal);
  if (!found && isPattern(absolute)) return openFolder(absolute, options, ffmpeg, signal);
  if (!found) {
    throw new ReelError(
      `"${path}" does not exist. A movie, a folder of numbered stills or a pattern such as scan.%04d.dpx was expected: check the path.`,
    );
  }
  if (!found.isFile())
    throw new ReelError(`"${path}" is neither a file nor a folder. Give a movie or a folder of stills.`);
  if (STILLS.test(extname(absolute))) {
    throw new ReelError(
      `"${path}" is one still; a reel is a movie or a numbered sequence. Give its folder, or a pattern such as ${patternOf(absolute)}.`,
    );
  }
  if (options.layer !== undefined) {
    throw new ReelError(`"${path}" is a movie, which has no layers. Leave --layer out.`);
  }
  return openMovie(absolute, options, ffmpeg, signal);
}

function isPattern(path: string): boolean {
  return /%0?\d*d|#|\[\d+-\d+\]/.test(basename(path));
}

function patternOf(path: string): string {
  return basename(path).replace(/\d+(?=\D*$)/, (digits) => `%0${digits.length}d`);
}
