import { rm, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import type { FolderReel } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { inParallel } from '../../../stream/in-parallel.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { DamagedStill } from '../../still/damaged-still.ts';
import { readStillInfo } from '../../still/still.ts';
import { DECLARING_VERSION } from '../declared-frame.ts';
import { isFrameOf } from '../frames/frame-names.ts';
import { joinedFrames } from '../joined-frames.ts';
import type { Declaring, Target } from '../target.ts';
import { folderTake, passFrame } from './folder-take.ts';

export interface FolderTargetOptions {
  /** The folder that the frames shall be in. */
  readonly out: string;
  /** Folder of the work in progress, on the same disk as `out`: frames are joined here. */
  readonly work: string;
  readonly range: FrameRange;
  /** What altered frames declare; undefined = nothing. */
  readonly declaring?: Declaring | undefined;
}

/** Files that are read at once. */
const READERS = 8;
/** Files that are copied at once: waiting for a disk is most of a copy. */
const COPIERS = 4;

/**
 * A folder of stills of the source's own kind, named as the source's files are.
 *
 * A frame without changes is a byte copy of its file; a changed one is a copy of its file with the changed rows in it. A frame
 * that is missing from the source is missing from the output.
 *
 * @throws ReelError when a changed picture could not be written back into files like the source's.
 */
export async function openFolderTarget(
  reel: FolderReel,
  options: FolderTargetOptions,
  // Stills are written here, without ffmpeg; the parameter is the movie target's.
  _ffmpeg?: Ffmpeg,
): Promise<Target> {
  const { range, declaring } = options;
  const { notes, bytes } = await survey(reel, range);
  const frames = joinedFrames({
    out: resolve(options.out),
    work: resolve(options.work),
    range,
    namesOf: (part) => namesOf(reel, part),
    isOwn: isFrameOf(reel),
  });

  return {
    // Joining gives frames another name and takes no space.
    estimatedBytes: (missing) => (bytes * missing) / lengthOf(range),
    notes,
    // A still is written into a copy of its source's file, whatever the take.
    coding: ({ touched }) => ({
      still: reel.still,
      ...(declaring && touched ? { declaring: DECLARING_VERSION } : {}),
    }),
    conforming: {},

    async openTake(take, { folder, signal, note }) {
      const unfinished = await frames.begin(take, folder);
      const finish = () => frames.finish(take, folder, unfinished);
      return folderTake(reel, take, { unfinished, finish, signal, note, declaring });
    },

    async copyTake(take, { folder, signal }) {
      const unfinished = await frames.begin(take, folder);
      try {
        await inParallel(lengthOf(take), COPIERS, async (index) => {
          signal.throwIfAborted();
          await passFrame(reel, take.in + index, unfinished);
        });
        return await frames.finish(take, folder, unfinished);
      } catch (cause) {
        await rm(unfinished, { recursive: true, force: true });
        throw cause;
      }
    },

    holds: frames.holds,
    stands: frames.stands,
    foreignFiles: frames.foreignFiles,
    conform: frames.conform,
  };
}

/** File names of a range in frame order, without those that the source lacks. */
function namesOf(reel: FolderReel, range: FrameRange): string[] {
  return reel.files.slice(range.in, range.out).flatMap((file) => (file === null ? [] : [basename(file)]));
}

/** Reads all headers once more, so that a file that cannot be written back is reported before hours of work. */
async function survey(reel: FolderReel, range: FrameRange): Promise<{ notes: string[]; bytes: number }> {
  const notes = new Set<string>();
  const obstacles: { readonly frame: number; readonly why: string }[] = [];
  let bytes = 0;
  await inParallel(lengthOf(range), READERS, async (index) => {
    const frame = range.in + index;
    const file = reel.files[frame];
    if (!file) return;
    const { size } = await stat(file);
    bytes += size;
    if (reel.damaged.has(frame)) return;
    const info = await readStillInfo(file, reel.still, reel.layer).catch((cause: unknown) => {
      if (cause instanceof DamagedStill)
        throw new ReelError(`"${file}" ${cause.message} since the reel was opened.`, { cause });
      throw cause;
    });
    if (info.obstacle) obstacles.push({ frame, why: `"${file}": ${info.obstacle}` });
    if (info.note) notes.add(`${info.note}.`);
  });
  const [first] = obstacles.sort((a, b) => a.frame - b.frame);
  if (first) {
    throw new ReelError(
      `${obstacles.length} of the reel's stills cannot be written back in their own kind. The first is ${first.why}. ${movieInstead(reel)}`,
    );
  }
  return { notes: [...notes], bytes };
}

/** What holds the samples where stills like the source's do not. */
function movieInstead({ format, pixelFormat }: FolderReel): string {
  if (format.kind === 'float') return 'Convert the stills first; no movie holds their scene light.';
  const kept = pixelFormat.startsWith('ya') ? 'every sample but alpha' : 'every sample';
  return `Write to a movie instead (--out with the extension .mkv keeps ${kept}), or convert the stills first.`;
}
