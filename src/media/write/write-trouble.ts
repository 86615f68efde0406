import { outputError } from '../../disk/output-error.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';

const CODES: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'ENOSPC'],
  [/Disk quota exceeded/, 'EDQUOT'],
  [/Read-only file system/, 'EROFS'],
  [/Permission denied/, 'EACCES'],
  [/File too large/, 'EFBIG'],
];

/** Where ffmpeg failed because `path` could not be written, the OutputError that says so; any other error as it is. */
export function writeTrouble(path: string, error: unknown): unknown {
  if (!(error instanceof FfmpegError)) return error;
  const found = CODES.find(([pattern]) => error.stderr.some((line) => pattern.test(line)));
  return found
    ? outputError(path, Object.assign(new Error(error.message, { cause: error }), { code: found[1] }))
    : error;
}
