import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
import type { FrameRange } from '../../film/range.ts';
import { exists, publishFrames } from './publish-frames.ts';
import type { ConformOptions, Output, OutputFrame, Segment } from './target.ts';

/** An output that is a file a frame. */
export interface FramesToJoin {
  /** The folder that the frames shall be in. */
  readonly out: string;
  /** Folder of the work in progress, on the same disk as `out`: frames are joined here. */
  readonly work: string;
  readonly range: FrameRange;
  /** File names of a range's frames in order, without those that the output lacks. */
  readonly namesOf: (range: FrameRange) => string[];
  /** True for a name that a frame of the reel may have, whichever range is written, and however. */
  readonly isOwn: (name: string) => boolean;
}

/** In the work folder: the frames of all segments on their way to `out`. */
const JOINED = 'joined';

/**
 * How the frames of takes become a folder. A segment is a folder in its take's folder, named after its range, and its hash is over the
 * files' bytes in frame order.
 */
export function joinedFrames({ out, work, range, namesOf, isOwn }: FramesToJoin) {
  const joined = join(work, JOINED);

  /** Where a frame of a segment is now: taken as written, moved to join the others, or already published. */
  const placesOf = (segment: Segment, name: string) => [
    join(segmentPath(segment.folder, segment), name),
    join(joined, name),
    join(out, name),
  ];

  return {
    /** An empty folder for a take's frames, which has no final name yet. */
    async begin(take: FrameRange, folder: string): Promise<string> {
      const unfinished = unfinishedName(segmentPath(folder, take));
      await makeFolder(unfinished);
      return unfinished;
    },

    /** Gives a take's frames, which are all there, their final name. */
    async finish(take: FrameRange, folder: string, unfinished: string): Promise<Segment> {
      await syncPath(unfinished);
      const sha256 = await sha256OfFiles(namesOf(take).map((name) => join(unfinished, name)));
      const final = segmentPath(folder, take);
      // A segment of that range that has no record belongs to a run that ended before it could note it.
      await rm(final, { recursive: true, force: true });
      await publish(unfinished, final);
      return { in: take.in, out: take.out, folder, sha256 };
    },

    async holds(segment: Segment): Promise<boolean> {
      const files: string[] = [];
      for (const name of namesOf(segment)) {
        const file = await firstThatExists(placesOf(segment, name));
        if (file === undefined) return false;
        files.push(file);
      }
      return (await sha256OfFiles(files)) === segment.sha256;
    },

    async foreignFiles(): Promise<string[]> {
      const names: string[] = await readdir(out).catch(() => []);
      return names.filter((name) => !isOwn(name) && !isUnfinished(name));
    },

    async conform(segments: readonly Segment[], { signal, replace, keep }: ConformOptions): Promise<Output[]> {
      const ordered = [...segments].sort((a, b) => a.in - b.in);
      checkWhole(ordered, range);
      // Where segments stay, what an earlier attempt has joined is only another name of their frames.
      if (keep) await rm(joined, { recursive: true, force: true });
      await makeFolder(joined);
      for (const segment of ordered) {
        const folder = segmentPath(segment.folder, segment);
        for (const name of namesOf(segment)) {
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
      const names = namesOf(range);
      // A run of other frames that was stopped while it joined its own.
      const wanted = new Set(names);
      for (const name of await readdir(joined)) if (!wanted.has(name)) await rm(join(joined, name));
      await publishFrames({ joined, out, work, names, replace });
      const there = new Set(await readdir(out));
      const lost = names.filter((name) => !there.has(name));
      if (lost.length > 0) {
        throw new OutputError(
          out,
          `"${out}" should hold ${names.length} frames and lacks ${lost.length}, the first ${lost[0]}. Empty it and run the same command again.`,
        );
      }
      const frameOf = framesByName(range, namesOf);
      const pictures: OutputFrame[] = [];
      const sha256 = await sha256OfFiles(
        names.map((name) => join(out, name)),
        signal,
        (path, sha256) => {
          const name = basename(path);
          pictures.push({ frame: frameOf.get(name) as number, name, sha256 });
        },
      );
      return [{ path: out, sha256, frames: names.length, pictures }];
    },
  };
}

function framesByName(range: FrameRange, namesOf: FramesToJoin['namesOf']): ReadonlyMap<string, number> {
  const frames = new Map<string, number>();
  for (let frame = range.in; frame < range.out; frame++)
    for (const name of namesOf({ in: frame, out: frame + 1 })) frames.set(name, frame);
  return frames;
}

function segmentPath(folder: string, { in: from, out }: FrameRange): string {
  return join(folder, `frames-${String(from).padStart(7, '0')}-${String(out).padStart(7, '0')}`);
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
