import type { Stats } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
import { inParallel } from '../../stream/in-parallel.ts';
import { publishFrames } from './publish-frames.ts';
import { filesAsLeft, isAsLeft, type SegmentFile, sha256OfList } from './segment-files.ts';
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
/** Files that are asked for, or given a name, at once: a share answers each of them late. */
const AT_ONCE = 8;

/**
 * How the frames of takes become a folder. A segment is a folder in its take's folder, named after its range. Joining gives its files
 * another name; what their content is, the segment says.
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
      const files = await filesAsLeft(unfinished, namesOf(take));
      const final = segmentPath(folder, take);
      // A segment of that range that has no record belongs to a run that ended before it could note it.
      await rm(final, { recursive: true, force: true });
      await publish(unfinished, final);
      return { in: take.in, out: take.out, folder, sha256: sha256OfList(files), files };
    },

    async holds(segment: Segment): Promise<boolean> {
      const paths: string[] = [];
      for (const name of namesOf(segment)) {
        const found = await firstThatExists(placesOf(segment, name));
        if (found === undefined) return false;
        paths.push(found.path);
      }
      const read: { sha256: string }[] = [];
      const whole = await sha256OfFiles(paths, undefined, (_, sha256) => void read.push({ sha256 }));
      return (segment.files ? sha256OfList(read) : whole) === segment.sha256;
    },

    async stands(segment: Segment): Promise<boolean> {
      const names = namesOf(segment);
      const { files } = segment;
      if (files?.length !== names.length || sha256OfList(files) !== segment.sha256) return false;
      let isStanding = true;
      await inParallel(names.length, AT_ONCE, async (k) => {
        const [name, file] = [names[k] as string, files[k] as SegmentFile];
        const found = isStanding && file.name === name ? await firstThatExists(placesOf(segment, name)) : undefined;
        if (!found || !isAsLeft(found.facts, file)) isStanding = false;
      });
      return isStanding;
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
      const hashes = new Map<string, string>();
      for (const segment of ordered) {
        const folder = segmentPath(segment.folder, segment);
        const segmentNames = namesOf(segment);
        const files = new Map(segment.files?.map((file) => [file.name, file]));
        await inParallel(segmentNames.length, AT_ONCE, async (k) => {
          const name = segmentNames[k] as string;
          signal.throwIfAborted();
          const found = await firstThatExists(placesOf(segment, name));
          if (found === undefined) {
            throw new OutputError(
              folder,
              `"${join(folder, name)}" has disappeared. Run the same command again to render it anew.`,
            );
          }
          hashes.set(name, await hashOf(found, files.get(name)));
          if (dirname(found.path) === folder) await (keep ? linkFile : moveFile)(found.path, join(joined, name));
        });
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
      const pictures = names.map(
        (name): OutputFrame => ({ frame: frameOf.get(name) as number, name, sha256: hashes.get(name) as string }),
      );
      return [{ path: out, sha256: sha256OfList(pictures), frames: names.length, pictures }];
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

interface FoundFile {
  readonly path: string;
  readonly facts: Stats;
}

async function firstThatExists(paths: readonly string[]): Promise<FoundFile | undefined> {
  for (const path of paths) {
    const facts = await stat(path).catch(() => null);
    if (facts) return { path, facts };
  }
  return undefined;
}

/** SHA-256 of a frame's file, as its take left it; read only where it is not as it was left, or nobody said how. @throws OutputError */
async function hashOf({ path, facts }: FoundFile, left: SegmentFile | undefined): Promise<string> {
  if (left && isAsLeft(facts, left)) return left.sha256;
  const sha256 = await sha256OfFiles([path]);
  if (left && sha256 !== left.sha256) {
    throw new OutputError(
      path,
      `"${path}" was changed since its take was finished: it should have SHA-256 ${left.sha256}, and has ${sha256}. Run the same command again to render it anew.`,
    );
  }
  return sha256;
}

function checkWhole(segments: readonly Segment[], range: FrameRange): void {
  let next = range.in;
  for (const segment of segments) {
    if (segment.in !== next) throw new TypeError(`The segments leave or repeat frames: ${segment.in} follows ${next}.`);
    next = segment.out;
  }
  if (next !== range.out) throw new TypeError(`The segments end at frame ${next}, the range at ${range.out}.`);
}
