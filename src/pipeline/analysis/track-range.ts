import { addEveryFrame, everyFrameTotal } from '../../carry/track/every-frame.ts';
import { addCounts, emptyCounts, totalRuns } from '../../carry/track/inference-counts.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { Progress } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { planRange, type RangePart } from './range-plan.ts';
import { sliceShot } from './slice-shot.ts';
import type { ShotEntry, TrackCache } from './track-cache.ts';
import { type Looking, trackFrames } from './track-frames.ts';
import { type KeptShot, type LookedFrames, type TrackedReel, trackedReelOf } from './tracked-reel.ts';

/**
 * The tracks of a range of frames: from the cache where earlier runs looked at them, and by looking at the rest, shot by shot.
 *
 * @param cache null = neither read nor write one
 * @returns what was found, and sentences for the person who asked
 */
export async function trackRange(
  range: FrameRange,
  cache: TrackCache | null,
  looking: Looking,
  { onProgress }: RunOptions,
): Promise<{ readonly tracked: TrackedReel; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const parts = cache ? await keptParts(range, cache, notes) : [{ kept: null, range }];
  const total = parts.reduce((sum, part) => sum + (part.kept ? 0 : lengthOf(part.range)), 0);
  if (total > 0 && total < lengthOf(range)) {
    notes.push(`The tracks of ${lengthOf(range) - total} of ${lengthOf(range)} frames were kept from an earlier run.`);
  }

  const shots: KeptShot[] = [];
  let looked: LookedFrames | null = null;
  for (const part of parts) {
    if (part.kept) {
      shots.push(sliceShot(part.kept, part.range));
      continue;
    }
    const before = progressOf(looked);
    const found = await trackFrames(part.range, looking, (frame, { faces, runs, skipped }) => {
      onProgress({
        stage: 'tracking',
        done: before.done + frame - part.range.in + 1,
        total,
        unit: 'frames',
        faces,
        runs: before.runs + runs,
        skipped: before.skipped + skipped,
      });
    });
    looked = bothLooked(looked, found.looked);
    shots.push(...found.shots);
    const note = cache && (await cache.write(found.shots)).note;
    if (note && !notes.includes(note)) notes.push(note);
  }
  return { tracked: trackedReelOf(shots, looked), notes };
}

function progressOf(looked: LookedFrames | null): Pick<Required<Progress>, 'done' | 'runs' | 'skipped'> {
  if (!looked) return { done: 0, runs: 0, skipped: 0 };
  const runs = totalRuns(looked.counts);
  return { done: looked.frames, runs, skipped: Math.max(0, everyFrameTotal(looked.everyFrame) - runs) };
}

function bothLooked(before: LookedFrames | null, more: LookedFrames): LookedFrames {
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

/** The range by what is kept of it and can be read; each file that cannot is told, and done without. */
async function keptParts(range: FrameRange, cache: TrackCache, notes: string[]): Promise<RangePart<KeptShot>[]> {
  const read = new Map<ShotEntry, KeptShot>();
  let entries = await cache.entries();
  for (;;) {
    const plan = planRange(range, entries);
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
