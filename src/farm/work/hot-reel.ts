import type { HotFolder } from '../../disk/hot-folder.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';

/** A reel whose frames of a range are read from the hot folder. They may go from there once it is disposed of. */
export interface HotReel extends AsyncDisposable {
  readonly reel: Reel;
}

/**
 * Copies the frames of a range into the hot folder, so that a take of it is read from there: give it the take's handles, too. What is made
 * from it is the same to the byte: files keep their names, and takes are known by the print, which is to be checked before. A movie is one
 * file, and damaged frames may not be readable: both are left where they are.
 *
 * @throws OutputError where there is no room; where a frame cannot be read, what the file system says
 */
export async function hotReel(reel: Reel, range: FrameRange, hot: HotFolder, signal?: AbortSignal): Promise<HotReel> {
  if (reel.kind === 'movie') return { reel, [Symbol.asyncDispose]: async () => {} };
  const sound: { readonly frame: number; readonly file: string }[] = [];
  for (let frame = range.in; frame < range.out; frame++) {
    const file = reel.files[frame];
    if (file && !reel.damaged.has(frame)) sound.push({ frame, file });
  }
  const hold = await hot.hold();
  try {
    const copies = await hold.copy(
      sound.map(({ file }) => file),
      signal,
    );
    const files = [...reel.files];
    for (const [k, { frame }] of sound.entries()) files[frame] = copies[k] ?? null;
    return { reel: { ...reel, files }, [Symbol.asyncDispose]: () => hold[Symbol.asyncDispose]() };
  } catch (error) {
    await hold[Symbol.asyncDispose]();
    throw error;
  }
}
