import { addEveryFrame, everyFrameTotal } from '../../carry/track/every-frame.ts';
import { addCounts, emptyCounts, totalRuns } from '../../carry/track/inference-counts.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { Progress } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { joinedRanges, planRange, type RangePart } from './range-plan.ts';
import { sliceShot } from './slice-shot.ts';
import type { ShotEntry, TrackCache } from './track-cache.ts';
import { type TrackingInput, trackFrames } from './track-frames.ts';
import { type KeptShot, type TrackedReel, type TrackingWork, trackedReelOf } from './tracked-reel.ts';

/** What of a range is tracked, and where tracks are kept. */
export interface TracksWanted {
  /** Null = neither read nor write one. */
  readonly cache: TrackCache | null;
  /** Parts of the range, in order. Nobody looks at the frames beside them: they are shots without tracks. */
  readonly wanted: readonly FrameRange[];
}

/**
 * The tracks of a range of frames: from the cache where earlier runs tracked them, and by tracking the rest, shot by shot.
 *
 * @returns what was found, and sentences for the person who asked
 */
export async function trackRange(
  range: FrameRange,
  { cache, wanted }: TracksWanted,
  input: TrackingInput,
  { onProgress }: RunOptions,
): Promise<{ readonly tracked: TrackedReel; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const parts = await partsOf(wanted, cache, notes);
  const frames = parts.reduce((sum, part) => sum + lengthOf(part.range), 0);
  const total = parts.reduce((sum, part) => sum + (part.kept ? 0 : lengthOf(part.range)), 0);
  if (total > 0 && total < frames) {
    notes.push(`The tracks of ${frames - total} of ${frames} frames were kept from an earlier run.`);
  }

  const shots: KeptShot[] = [];
  let work: TrackingWork | null = null;
  let at = range.in;
  for (const part of parts) {
    if (at < part.range.in) shots.push(passedShot({ in: at, out: part.range.in }));
    at = part.range.out;
    if (part.kept) {
      shots.push(sliceShot(part.kept, part.range));
      continue;
    }
    const before = progressOf(work);
    const found = await trackFrames(part.range, input, ({ done, faces, runs, skipped }) => {
      onProgress({
        stage: 'tracking',
        done: before.done + done,
        total,
        unit: 'frames',
        faces,
        runs: before.runs + runs,
        skipped: before.skipped + skipped,
      });
    });
    work = sumOfWork(work, found.work);
    shots.push(...found.shots);
    const note = cache && (await cache.write(found.shots)).note;
    if (note && !notes.includes(note)) notes.push(note);
  }
  if (at < range.out) shots.push(passedShot({ in: at, out: range.out }));
  return { tracked: trackedReelOf(shots, work), notes };
}

/** Frames at which nobody looked. */
export function passedShot(range: FrameRange): KeptShot {
  return {
    ...range,
    startsShot: false,
    endsShot: false,
    tracks: [],
    histories: [],
    searches: [],
    damaged: new Map(),
    passed: true,
  };
}

/** True where the tracks of every frame of a range are kept. */
export async function keepsTracks(range: FrameRange, cache: TrackCache): Promise<boolean> {
  return planRange(range, await cache.entries()).every(({ kept }) => kept !== null);
}

function progressOf(work: TrackingWork | null): Pick<Required<Progress>, 'done' | 'runs' | 'skipped'> {
  if (!work) return { done: 0, runs: 0, skipped: 0 };
  const runs = totalRuns(work.counts);
  return { done: work.frames, runs, skipped: Math.max(0, everyFrameTotal(work.everyFrame) - runs) };
}

function sumOfWork(before: TrackingWork | null, more: TrackingWork): TrackingWork {
  if (!before) return more;
  const counts = emptyCounts();
  addCounts(counts, before.counts);
  addCounts(counts, more.counts);
  return {
    frames: before.frames + more.frames,
    counts,
    everyFrame: addEveryFrame(before.everyFrame, more.everyFrame),
  };
}

/** The parts of ranges, kept ones where their files can be read. A file that cannot be read is noted and left out. */
async function partsOf(
  wanted: readonly FrameRange[],
  cache: TrackCache | null,
  notes: string[],
): Promise<RangePart<KeptShot>[]> {
  if (!cache) return joinedRanges(wanted, []).map((range) => ({ kept: null, range }));
  const read = new Map<ShotEntry, KeptShot>();
  let entries = await cache.entries();
  for (;;) {
    const plan = joinedRanges(wanted, entries).flatMap((range) => planRange(range, entries));
    const lacking = plan.flatMap(({ kept }) => (kept && !read.has(kept) ? [kept] : []));
    for (const entry of lacking) {
      const { shot, note } = await cache.read(entry);
      if (note) notes.push(note);
      if (shot) read.set(entry, shot);
      else entries = entries.filter((one) => one !== entry);
    }
    const parts = plan.flatMap(({ kept, range }): RangePart<KeptShot>[] => {
      if (!kept) return [{ kept, range }];
      const shot = read.get(kept);
      return shot ? [{ kept: shot, range }] : [];
    });
    if (parts.length === plan.length) return parts;
  }
}
