import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  isUnfinished,
  linkFile,
  makeFolder,
  moveFile,
  publish,
  sha256OfFiles,
  syncPath,
  unfinishedName,
} from '../../disk/durable.ts';
import { OutputError } from '../../disk/output-error.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { FolderReel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import { inParallel } from '../../stream/in-parallel.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { DamagedStill } from '../still/damaged-still.ts';
import { readStillInfo } from '../still/still.ts';
import { folderTake, passFrame } from './folder-take.ts';
import { exists, publishFrames } from './publish-frames.ts';
import type { Output, Segment, Target } from './target.ts';

export interface FolderTargetOptions {
  /** The folder that the frames shall be in. */
  readonly out: string;
  /** Folder of the work in progress, on the same disk as `out`: frames are joined here. */
  readonly work: string;
  readonly range: FrameRange;
}

/** In the work folder: the frames of all segments on their way to `out`. */
const JOINED = 'joined';
/** Files that are read at once. */
const READERS = 8;
/** Files that are copied at once: waiting for a disk is most of a copy. */
const COPIERS = 4;

/**
 * A folder of stills of the source's own kind, named as the source's files are.
 *
 * A frame without changes is a byte copy of its file; a changed one is a copy of its file with the changed rows in it. A frame
 * that is missing from the source is missing from the output. A segment is a folder in its take's folder, named after its range,
 * and its hash is over the files' bytes in frame order.
 *
 * @throws ReelError when a changed picture could not be written back into files like the source's.
 */
export async function openFolderTarget(
  reel: FolderReel,
  options: FolderTargetOptions,
  // Stills are written here, without ffmpeg; the parameter is the movie target's.
  _ffmpeg?: Ffmpeg,
): Promise<Target> {
  const out = resolve(options.out);
  const work = resolve(options.work);
  const { range } = options;
  const { notes, bytes } = await survey(reel, range);
  const joined = join(work, JOINED);

  /** Where a frame of a segment is now: taken as written, moved to join the others, or already published. */
  const placesOf = (segment: Segment, name: string) => [
    join(segmentPath(segment.folder, segment), name),
    join(joined, name),
    join(out, name),
  ];

  const finish = async (take: FrameRange, folder: string, unfinished: string): Promise<Segment> => {
    await syncPath(unfinished);
    const sha256 = await sha256OfFiles(namesOf(reel, take).map((name) => join(unfinished, name)));
    const final = segmentPath(folder, take);
    // A segment of that range that has no record belongs to a run that ended before it could note it.
    await rm(final, { recursive: true, force: true });
    await publish(unfinished, final);
    return { in: take.in, out: take.out, folder, sha256 };
  };

  return {
    // Joining gives frames another name and takes no space.
    estimatedBytes: (missing) => (bytes * missing) / lengthOf(range),
    notes,
    // A still is written into a copy of its source's file, whatever the take.
    coding: () => ({ still: reel.still }),
    conforming: {},

    async openTake(take, { folder, signal }) {
      const unfinished = unfinishedName(segmentPath(folder, take));
      await makeFolder(unfinished);
      return folderTake(reel, take, { unfinished, finish: () => finish(take, folder, unfinished), signal });
    },

    async copyTake(take, { folder, signal }) {
      const unfinished = unfinishedName(segmentPath(folder, take));
      try {
        await makeFolder(unfinished);
        await inParallel(lengthOf(take), COPIERS, async (index) => {
          signal.throwIfAborted();
          await passFrame(reel, take.in + index, unfinished);
        });
        return await finish(take, folder, unfinished);
      } catch (cause) {
        await rm(unfinished, { recursive: true, force: true });
        throw cause;
      }
    },

    async holds(segment) {
      const files: string[] = [];
      for (const name of namesOf(reel, segment)) {
        const file = await firstThatExists(placesOf(segment, name));
        if (file === undefined) return false;
        files.push(file);
      }
      return (await sha256OfFiles(files)) === segment.sha256;
    },

    async foreignFiles() {
      const known = new Set(namesOf(reel, { in: 0, out: reel.frames }));
      const names: string[] = await readdir(out).catch(() => []);
      return names.filter((name) => !known.has(name) && !isUnfinished(name));
    },

    async conform(segments, { signal, replace, keep }) {
      const ordered = [...segments].sort((a, b) => a.in - b.in);
      checkWhole(ordered, range);
      // Where segments stay, what an earlier attempt has joined is only another name of their frames.
      if (keep) await rm(joined, { recursive: true, force: true });
      await makeFolder(joined);
      for (const segment of ordered) {
        const folder = segmentPath(segment.folder, segment);
        for (const name of namesOf(reel, segment)) {
          signal.throwIfAborted();
          const place = await firstThatExists(placesOf(segment, name));
          if (place === undefined) {
            throw new OutputError(
              folder,
              `"${join(folder, name)}" has disappeared. Run the same command again to render it anew.`,
            );
          }
          if (dirname(place) === folder) await (keep ? linkFile : moveFile)(place, join(joined, name));
        }
        await syncPath(joined);
        if (!keep) await rm(folder, { recursive: true, force: true });
      }
      const names = namesOf(reel, range);
      // A run of other frames that was stopped while it joined its own.
      for (const name of await readdir(joined)) if (!names.includes(name)) await rm(join(joined, name));
      await publishFrames({ joined, out, work, names, replace });
      const there = new Set(await readdir(out));
      const lost = names.filter((name) => !there.has(name));
      if (lost.length > 0) {
        throw new OutputError(
          out,
          `"${out}" should hold ${names.length} frames and lacks ${lost.length}, the first ${lost[0]}. Empty it and run the same command again.`,
        );
      }
      const sha256 = await sha256OfFiles(
        names.map((name) => join(out, name)),
        signal,
      );
      return [{ path: out, sha256, frames: names.length }] satisfies Output[];
    },
  };
}

function segmentPath(folder: string, { in: from, out }: FrameRange): string {
  return join(folder, `frames-${String(from).padStart(7, '0')}-${String(out).padStart(7, '0')}`);
}

/** File names of a range in frame order, without those that the source lacks. */
function namesOf(reel: FolderReel, range: FrameRange): string[] {
  return reel.files.slice(range.in, range.out).flatMap((file) => (file === null ? [] : [basename(file)]));
}

/** Reads all headers once more, so that a file that cannot be written back is reported before hours of work. */
async function survey(reel: FolderReel, range: FrameRange): Promise<{ notes: string[]; bytes: number }> {
  const notes = new Set<string>();
  const obstacles: string[] = [];
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
    if (info.obstacle) obstacles.push(`"${file}": ${info.obstacle}`);
    if (info.note) notes.add(`${info.note}.`);
  });
  if (obstacles.length > 0) {
    throw new ReelError(
      `${obstacles.length} of the reel's stills cannot be written back in their own kind. The first is ${obstacles[0]}. Write to a movie instead (--out with the extension .mkv keeps every sample), or convert the stills first.`,
    );
  }
  return { notes: [...notes], bytes };
}

async function firstThatExists(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

function checkWhole(segments: readonly Segment[], range: FrameRange): void {
  let next = range.in;
  for (const segment of segments) {
    if (segment.in !== next) throw new TypeError(`The segments leave or repeat frames: ${segment.in} follows ${next}.`);
    next = segment.out;
  }
  if (next !== range.out) throw new TypeError(`The segments end at frame ${next}, the range at ${range.out}.`);
}
