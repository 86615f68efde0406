import { concatMap, lastValueFrom, takeWhile, tap } from 'rxjs';
import { addEveryFrame, type EveryFrame } from '../../carry/track/every-frame.ts';
import { addCounts, emptyCounts, type InferenceCounts } from '../../carry/track/inference-counts.ts';
import type { ReelTrackingOptions, TrackedShot, TrackingProgress } from '../../carry/track/reel-tracker.ts';
import { usableCores } from '../../disk/usable-cores.ts';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { isSeekable } from '../../media/read/movie/movie-input.ts';
import { CUT_CONTEXT } from '../../motion/cuts.ts';
import { framePool } from '../../stream/frame-pool.ts';
import { inParallel } from '../../stream/in-parallel.ts';
import type { Remote } from '../../workers/rpc.ts';
import type { Size, TrackingService } from '../../workers/tracking-service.ts';
import { memoryToPlanWith } from '../work/machine-memory.ts';
import { watchedProxies } from './decoded-damage.ts';
import type { OpenNetworks } from './open-networks.ts';

/** Proxies that a tracker has on loan at once: one is read, one is tracked, one waits. */
const PROXIES = 3;
/** Frames that a tracker begins before its own: more than cuts need, so that a few damaged ones change nothing. */
const SEAM_CONTEXT = 4 * CUT_CONTEXT;
/** Frames that one tracker is given at a time: long beside a shot, the end of which two trackers read. */
const SPAN = 1500;
const MOST_TRACKERS = 8;
/** A thread, its networks and the pictures that it looks back on. */
const TRACKER_BYTES = 256 * 2 ** 20;

/** How a long range is shared. The tracks are the same for any. */
export interface SideBySide {
  readonly trackers: number;
  /** Frames of a span. */
  readonly span: number;
}

/** As many trackers as this machine's cores and memory keep busy, one core being the decoder's. */
export function machineSideBySide(): SideBySide {
  const trackers = Math.min(MOST_TRACKERS, usableCores() - 1, Math.floor(memoryToPlanWith() / TRACKER_BYTES));
  return { trackers: Math.max(1, trackers), span: SPAN };
}

/** Where tracking a range stands. */
export type RangeProgress = Pick<TrackingProgress, 'faces' | 'runs' | 'skipped'> & {
  /** Frames that have been looked at. */
  readonly done: number;
};

export interface RangeToTrack {
  readonly reel: Reel;
  readonly range: FrameRange;
  readonly proxy: Size;
  readonly options: ReelTrackingOptions;
  readonly ffmpeg: Ffmpeg;
}

/** What tracking a range, or a span of one, found. */
export interface SpanFindings {
  readonly shots: readonly TrackedShot[];
  readonly damaged: ReadonlyMap<number, string>;
  readonly counts: InferenceCounts;
  readonly everyFrame: EveryFrame;
}

/**
 * Tracks a range, in spans side by side where it is long and can be read from anywhere. A tracker has the shots that begin in its
 * span, each to its end; every shot is followed by one tracker from its first frame to its last, as a single one would. Where two
 * trackers disagree on the cut between them, which damaged frames may bring about, one tracks all of it anew.
 */
export async function trackSpans(
  input: RangeToTrack,
  { tracking, openMore, trackers, span, signal }: Trackers,
  onTracked: (progress: RangeProgress) => void,
): Promise<SpanFindings> {
  const { reel, range } = input;
  const whole = () =>
    trackSpan(input, range, { tracking, signal }, (frame, progress) => {
      if (contains(range, frame)) onTracked({ ...progress, done: frame - range.in + 1 });
    });
  const spans = spansOf(reel, range, span);
  if (trackers < 2 || spans.length < 2) return whole();

  const found: SpanFindings[] = [];
  await using team = trackerTeam(tracking, openMore);
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const progress = spans.map(() => ({ runs: 0, skipped: 0, faces: 0, done: 0 }));
  const sum = (key: 'runs' | 'skipped' | 'done') => progress.reduce((all, one) => all + one[key], 0);
  await inParallel(spans.length, trackers, async (k) => {
    const own = spans[k] as FrameRange;
    const free = await team.take();
    try {
      found[k] = await trackSpan(input, own, { tracking: free, signal: stopped }, (frame, { runs, skipped, faces }) => {
        const done = Math.min(lengthOf(own), Math.max(0, frame - own.in + 1));
        progress[k] = { runs, skipped, faces, done };
        onTracked({ faces, runs: sum('runs'), skipped: sum('skipped'), done: sum('done') });
      });
    } catch (error) {
      // What the others do is in vain.
      stop.abort(error);
      throw error;
    } finally {
      team.giveBack(free);
    }
  });
  return joinedSpans(found) ?? whole();
}

export interface Trackers extends Pick<OpenNetworks, 'tracking' | 'openMore'>, SideBySide {
  readonly signal: AbortSignal;
}

/** A range in spans of so many frames; one where the reel cannot be read from anywhere. */
export function spansOf(reel: Reel, range: FrameRange, span: number): FrameRange[] {
  if (reel.kind === 'movie' && !isSeekable(reel)) return [range];
  return Array.from({ length: Math.ceil(lengthOf(range) / span) }, (_, k) => ({
    in: range.in + k * span,
    out: Math.min(range.out, range.in + (k + 1) * span),
  }));
}

/** The findings of spans as those of their range; null where their shots do not meet. */
export function joinedSpans(found: readonly SpanFindings[]): SpanFindings | null {
  const shots = found.flatMap((one) => one.shots);
  if (shots.some((shot, k) => k > 0 && shots[k - 1]?.out !== shot.in)) return null;
  const counts = emptyCounts();
  for (const one of found) addCounts(counts, one.counts);
  return {
    shots,
    damaged: new Map(found.flatMap(({ damaged }) => [...damaged])),
    counts,
    everyFrame: found.map((one) => one.everyFrame).reduce(addEveryFrame),
  };
}

/**
 * Tracks the shots that begin in `own`; where it is the whole range, all of its frames.
 *
 * @param onFrame told after each frame that was looked at, those beside `own` among them
 */
export async function trackSpan(
  { reel, range, proxy, options, ffmpeg }: RangeToTrack,
  own: FrameRange,
  { tracking, signal }: { readonly tracking: Remote<TrackingService>; readonly signal: AbortSignal },
  onFrame: (frame: number, progress: TrackingProgress) => void,
): Promise<SpanFindings> {
  const isFirst = own.in === range.in;
  const isLast = own.out === range.out;
  const seams = isFirst && isLast ? {} : { seams: { afterCut: !isFirst, untilCut: isLast ? Infinity : own.out } };
  const place = { in: own.in, out: range.out, frames: reel.frames, first: reel.first };
  await tracking.call('begin', { proxy, options, span: { ...place, ...seams } });

  const shots: TrackedShot[] = [];
  const pool = framePool(PROXIES, proxy.width * proxy.height * 3);
  /** Tracks frames until they end or none of them belongs to the span any more. */
  const show = async (read: FrameRange) => {
    const proxies = watchedProxies(reel, read, proxy, { pool, ffmpeg, signal });
    const frames = proxies.frames.pipe(
      concatMap(async ({ frame, loan }) => {
        try {
          // The tracker keeps it: a copy that moves there is one copy, and a clone would be two.
          const rgb = loan.bytes.slice();
          return { frame, progress: await tracking.call('track', { frame, rgb }, [rgb.buffer]) };
        } finally {
          loan.release();
        }
      }),
      tap(({ frame, progress }) => {
        shots.push(...progress.shots);
        onFrame(frame, progress);
      }),
      takeWhile(({ progress }) => !progress.isDone),
    );
    await lastValueFrom(frames, { defaultValue: undefined });
    return proxies;
  };
  const context = isFirst ? CUT_CONTEXT : SEAM_CONTEXT;
  const end = Math.min(reel.frames, range.out + CUT_CONTEXT);
  const proxies = await show({ in: Math.max(0, own.in - context), out: isLast ? end : own.out });
  // Frames behind its own: what is wrong with them is told by the tracker whose they are.
  if (!isLast) await show({ in: own.out, out: end });
  const { shots: last, counts, everyFrame } = await tracking.call('end', null);
  return { shots: [...shots, ...last], damaged: await proxies.damage(own, signal), counts, everyFrame };
}

/** Threads with the same networks, opened as they are asked for; those beyond the first end with it. */
interface TrackerTeam extends AsyncDisposable {
  take(): Promise<Remote<TrackingService>>;
  giveBack(tracker: Remote<TrackingService>): void;
}

function trackerTeam(first: Remote<TrackingService>, openMore: OpenNetworks['openMore']): TrackerTeam {
  const free = [first];
  const more: Remote<TrackingService>[] = [];
  return {
    async take() {
      const waiting = free.pop();
      if (waiting) return waiting;
      const opened = await openMore();
      more.push(opened);
      return opened;
    },
    giveBack: (tracker) => void free.push(tracker),
    async [Symbol.asyncDispose]() {
      await Promise.all(more.map((tracker) => tracker[Symbol.asyncDispose]()));
    },
  };
}
