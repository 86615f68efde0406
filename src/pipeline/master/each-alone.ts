import { FfmpegError } from '../../media/ffmpeg/ffmpeg-error.ts';

/** What failed alone, and why. */
export interface Failure<Of> {
  readonly of: Of;
  readonly error: Error;
}

/** What was done together. */
interface Done<Of, Result> {
  readonly of: readonly Of[];
  readonly result: Result;
}

/**
 * Does a work of ffmpeg's for all at once, because that costs one decode; where it fails, for each alone, so that one that cannot be
 * done does not take the others with it.
 */
export async function eachAlone<Of, Result>(
  all: readonly Of[],
  signal: AbortSignal,
  work: (some: readonly Of[]) => Promise<Result>,
): Promise<{ readonly done: readonly Done<Of, Result>[]; readonly failed: readonly Failure<Of>[] }> {
  try {
    return { done: [{ of: all, result: await work(all) }], failed: [] };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FfmpegError)) throw error;
    const [only, ...others] = all;
    if (only !== undefined && others.length === 0) return { done: [], failed: [{ of: only, error }] };
  }
  const done: Done<Of, Result>[] = [];
  const failed: Failure<Of>[] = [];
  for (const one of all) {
    const alone = await eachAlone([one], signal, work);
    done.push(...alone.done);
    failed.push(...alone.failed);
  }
  return { done, failed };
}
