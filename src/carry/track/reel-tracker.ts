import type { RgbPicture } from '../../face/networks.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { FrameRange } from '../../film/range.ts';
import { cutDetector } from '../../motion/cuts.ts';
import { type Luma, sampledLuma } from '../../motion/luma.ts';
import { type FinishOptions, finishTrack, type ProxyScale } from '../smooth/finish-track.ts';
import { centroidOf } from '../smooth/still-centroid.ts';
import { type MotionParts, motionParts, type TrackedStep } from '../smooth/weave.ts';
import type { Networks } from './counted-networks.ts';
import { type EveryFrame, everyFrameRuns, everyFrameTotal } from './every-frame.ts';
import type { Search, TrackHistory } from './frame-decision.ts';
import { addCounts, emptyCounts, type InferenceCounts, totalRuns } from './inference-counts.ts';
import type { RawObservation } from './raw-observation.ts';
import type { RawTrack } from './raw-track.ts';
import { type ShotTracker, shotTracker } from './shot-tracker.ts';
import { trackEnds } from './track-ends.ts';
import { trackIds } from './track-id.ts';
import type { Measures, ShotTrackingOptions } from './tracking-context.ts';

/** A finished shot, or the tracked part of one. Its tracks are smoothed, in plate pixels, in order. */
export interface TrackedShot extends FrameRange {
  /** False where the shot begins before the first tracked frame, or goes on after the last. */
  readonly startsShot: boolean;
  readonly endsShot: boolean;
  readonly tracks: readonly FaceTrack[];
  /** How each track was followed, in the same order. */
  readonly histories: readonly TrackHistory[];
  /** Frames in which the whole picture was searched for faces. */
  readonly searches: readonly Search[];
}

/** Where tracking stands after a frame. */
export interface TrackingProgress {
  /** Faces in the frame that was tracked last. */
  readonly faces: number;
  /** Network runs so far, and runs that were skipped: the further ones that every network on every frame would have made. */
  readonly runs: number;
  readonly skipped: number;
  readonly shots: readonly TrackedShot[];
  /** True where no later frame belongs to the span; see `SpanSeams`. */
  readonly isDone: boolean;
}

/** What tracking a whole span came to. */
export interface TrackingResult extends TrackingProgress {
  readonly counts: InferenceCounts;
  readonly everyFrame: EveryFrame;
}

/** The frames of a reel that are tracked. */
export interface ReelSpan extends FrameRange {
  /** Number of frames of the whole reel. */
  readonly frames: number;
  /** The number that people give its first frame. */
  readonly first: number;
  /** Where several trackers share a range; absent where one does all of it. */
  readonly seams?: SpanSeams;
}

/** Which shots of a span are this tracker's: it begins with a shot, and ends where the next tracker's first one begins. */
export interface SpanSeams {
  /** True: frames before the first cut are of a shot that the tracker before follows to its end. */
  readonly afterCut: boolean;
  /** The first cut at this frame or behind it ends the tracker's last shot. */
  readonly untilCut: number;
}

export interface ReelTrackingOptions extends FinishOptions {
  readonly tracking: ShotTrackingOptions;
}

/** Takes a reel's pictures in order, finds its cuts and follows its faces. */
export interface ReelTracker {
  /**
   * Tracks the next frame. A shot is returned a few frames after its last one. Frames outside the span only help to find the cuts
   * near its ends: with `CUT_CONTEXT` of them on each side, a span's cuts are those of the whole reel.
   */
  track(frame: number, picture: RgbPicture): Promise<TrackingProgress>;
  end(): Promise<TrackingResult>;
}

/** Width of the small picture in which cuts and the film's own motion are found, pixels. */
const SMALL_WIDTH = 160;

export function reelTracker(
  networks: Networks,
  measures: Measures,
  options: ReelTrackingOptions,
  span: ReelSpan,
): ReelTracker {
  const cuts = cutDetector();
  const counts = emptyCounts();
  /** Pictures for which it is not known yet whether a cut lies before them. */
  const undecided: Array<{ readonly frame: number; readonly picture: RgbPicture; readonly small: Luma }> = [];
  let shot: OpenShot | null = null;
  /** Closed shots, tracked frames, and faces in the last frame. */
  let shots = 0;
  let frames = 0;
  let faces = 0;
  let closedFaces = 0;
  let tiles = 1;
  let isDone = false;

  const close = (out: number, endsShot: boolean): TrackedShot[] => {
    if (!shot) return [];
    const { in: start, startsShot, tracker, picture } = shot;
    const found: FaceTrack[] = [];
    const histories: TrackHistory[] = [];
    const raws = tracker.close();
    const ids = trackIds(raws, startsShot ? null : start, span.first);
    for (const [k, raw] of raws.entries()) {
      const id = ids[k] as string;
      const ends = trackEnds(raw, { in: start, out }, picture);
      found.push({ ...finishTrack(raw, { id, shot: shots }, options), ...ends });
      histories.push({
        id,
        decisions: raw.observations.map(({ decision }) => decision),
        audits: raw.audits,
        limitHalvings: raw.limitHalvings,
        motion: partsOf(raw, options.scale),
      });
    }
    closedFaces += tracker.faces;
    addCounts(counts, tracker.counts);
    shots += 1;
    shot = null;
    return [{ in: start, out, startsShot, endsShot, tracks: found, histories, searches: tracker.searches }];
  };

  const lookAt = async (
    { frame, picture, small }: (typeof undecided)[number],
    isCut: boolean,
  ): Promise<TrackedShot[]> => {
    if (isDone || frame < span.in) return [];
    if (frame >= span.out) return close(span.out, isCut && frame === span.out);
    const isAnothers = !shot && !isCut && shots === 0 && span.seams?.afterCut === true;
    if (span.seams && frame >= span.seams.untilCut && (isCut || isAnothers)) {
      isDone = true;
      return close(frame, true);
    }
    if (isAnothers) return [];
    const closed = isCut ? close(frame, true) : [];
    shot ??= {
      in: frame,
      startsShot: shots > 0 || span.in === 0 || (isCut && (frame === span.in || span.seams?.afterCut === true)),
      tracker: shotTracker(networks, measures, options.tracking),
      picture: { width: picture.width, height: picture.height },
    };
    faces = await shot.tracker.track(frame, picture, small);
    frames += 1;
    tiles = Math.max(tiles, shot.tracker.tiles);
    return closed;
  };

  const everyFrame = (): EveryFrame =>
    everyFrameRuns({
      frames,
      tiles,
      faces: closedFaces + (shot?.tracker.faces ?? 0),
      refined: networks.refiner !== undefined,
    });

  const progress = (closed: readonly TrackedShot[]): TrackingProgress => {
    const runs = totalRuns(counts) + (shot ? totalRuns(shot.tracker.counts) : 0);
    return { faces, runs, skipped: Math.max(0, everyFrameTotal(everyFrame()) - runs), shots: closed, isDone };
  };

  const decide = async (decisions: ReturnType<typeof cuts.push>): Promise<TrackedShot[]> => {
    const closed: TrackedShot[] = [];
    for (const decision of decisions) {
      const next = undecided.shift();
      if (!next) throw new Error('Unreachable: a cut is decided for a frame that was shown.');
      closed.push(...(await lookAt(next, decision.cut)));
    }
    return closed;
  };

  return {
    async track(frame, picture) {
      const height = Math.max(1, Math.round((picture.height * SMALL_WIDTH) / picture.width));
      const small = sampledLuma(picture, SMALL_WIDTH, height);
      undecided.push({ frame, picture, small });
      return progress(await decide(cuts.push(frame, small)));
    },
    async end() {
      const closed = await decide(cuts.end());
      closed.push(...close(span.out, span.out === span.frames));
      return { ...progress(closed), counts, everyFrame: everyFrame() };
    },
  };
}

/** A shot that is being tracked, from its first tracked frame. */
interface OpenShot {
  readonly in: number;
  readonly startsShot: boolean;
  readonly tracker: ShotTracker;
  /** Size of the pictures that it is shown. */
  readonly picture: Pick<RgbPicture, 'width' | 'height'>;
}

/** Weave, camera and head in the track's motion, plate pixels. */
function partsOf({ observations }: RawTrack, { x }: ProxyScale): MotionParts | null {
  const steps = observations.slice(1).map(({ step, film }, k): TrackedStep => {
    return { from: centroidOf((observations[k] as RawObservation).landmarks), face: step, film };
  });
  const parts = motionParts(steps);
  return parts && { weave: x * parts.weave, camera: x * parts.camera, head: x * parts.head };
}
