import type { RgbPicture } from '../../face/networks.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { FrameRange } from '../../film/range.ts';
import { cutDetector } from '../../motion/cuts.ts';
import { type Luma, sampledLuma } from '../../motion/luma.ts';
import { finishTrack, type ProxyScale } from '../smooth/finish-track.ts';
import type { SmoothingSigmas } from '../smooth/smooth-landmarks.ts';
import { centroidOf } from '../smooth/still-centroid.ts';
import { type MotionParts, motionParts, type TrackedStep } from '../smooth/weave.ts';
import type { Networks } from './counted-networks.ts';
import { type EveryFrame, everyFrameRuns, everyFrameTotal } from './every-frame.ts';
import type { Search, TrackHistory } from './frame-look.ts';
import { addCounts, emptyCounts, type InferenceCounts, totalRuns } from './inference-counts.ts';
import type { RawObservation } from './raw-observation.ts';
import type { RawTrack } from './raw-track.ts';
import { type ShotTracker, shotTracker } from './shot-tracker.ts';
import { trackIds } from './track-id.ts';
import type { Measures, ShotTrackingOptions } from './tracking-context.ts';

/** A shot, or the part of one that was looked at, that lies wholly behind; its tracks are smoothed, in plate pixels, in order. */
export interface TrackedShot extends FrameRange {
  /** False where the shot begins before the first frame that was looked at, or goes on behind the last. */
  readonly startsShot: boolean;
  readonly endsShot: boolean;
  readonly tracks: readonly FaceTrack[];
  /** How each track was followed, in the same order. */
  readonly histories: readonly TrackHistory[];
  /** When the whole picture was searched for faces. */
  readonly searches: readonly Search[];
}

export interface Looked {
  /** Faces in the frame that was looked at last. */
  readonly faces: number;
  /** Network runs so far, and those that looking at every frame would have taken besides. */
  readonly runs: number;
  readonly skipped: number;
  readonly shots: readonly TrackedShot[];
}

/** What was looked at, when all of it has been. */
export interface LookedAll extends Looked {
  readonly counts: InferenceCounts;
  readonly everyFrame: EveryFrame;
}

/** The frames of a reel that are looked at. */
export interface ReelSpan extends FrameRange {
  /** Number of frames of the whole reel. */
  readonly frames: number;
  /** The number that people give its first frame. */
  readonly first: number;
}

export interface ReelTrackingOptions {
  readonly tracking: ShotTrackingOptions;
  readonly scale: ProxyScale;
  readonly smoothing: SmoothingSigmas;
  /** Standard deviation of the filter over light, frames. */
  readonly lightSigma: number;
}

/** Looks at a reel's pictures in order, finds its cuts and follows its faces. */
export interface ReelTracker {
  /**
   * Shots are reported with a lag of a few frames behind their last one. Frames before and behind the span help to find the cuts
   * near its ends, and are not looked at: `CUT_CONTEXT` of them on each side make a span's cuts those of the whole reel.
   */
  look(frame: number, picture: RgbPicture): Promise<Looked>;
  end(): Promise<LookedAll>;
}

/** Width of the picture in which cuts are looked for, and the film's own motion. */
const SMALL_WIDTH = 160;

export function reelTracker(
  networks: Networks,
  measures: Measures,
  options: ReelTrackingOptions,
  span: ReelSpan,
): ReelTracker {
  const cuts = cutDetector();
  const counts = emptyCounts();
  /** Pictures whose place before or after a cut is not decided yet. */
  const undecided: Array<{ readonly frame: number; readonly picture: RgbPicture; readonly small: Luma }> = [];
  let shot: OpenShot | null = null;
  /** Shots that are closed, frames and faces that were looked at. */
  let shots = 0;
  let frames = 0;
  let faces = 0;
  let closedFaces = 0;
  let tiles = 1;

  const close = (out: number, endsShot: boolean): TrackedShot[] => {
    if (!shot) return [];
    const { in: start, startsShot, tracker } = shot;
    const found: FaceTrack[] = [];
    const histories: TrackHistory[] = [];
    const raws = tracker.close();
    const ids = trackIds(raws, startsShot ? null : start, span.first);
    for (const [k, raw] of raws.entries()) {
      const id = ids[k] as string;
      found.push(finishTrack(raw, id, shots, options.scale, options.smoothing, options.lightSigma));
      histories.push({
        id,
        looks: raw.observations.map(({ look }) => look),
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
    if (frame < span.in) return [];
    if (frame >= span.out) return close(span.out, isCut && frame === span.out);
    const closed = isCut ? close(frame, true) : [];
    shot ??= {
      in: frame,
      startsShot: shots > 0 || span.in === 0 || (isCut && frame === span.in),
      tracker: shotTracker(networks, measures, options.tracking),
    };
    faces = await shot.tracker.look(frame, picture, small);
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

  const looked = (closed: readonly TrackedShot[]): Looked => {
    const runs = totalRuns(counts) + (shot ? totalRuns(shot.tracker.counts) : 0);
    return { faces, runs, skipped: Math.max(0, everyFrameTotal(everyFrame()) - runs), shots: closed };
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
    async look(frame, picture) {
      const height = Math.max(1, Math.round((picture.height * SMALL_WIDTH) / picture.width));
      const small = sampledLuma(picture, SMALL_WIDTH, height);
      undecided.push({ frame, picture, small });
      return looked(await decide(cuts.push(frame, small)));
    },
    async end() {
      const closed = await decide(cuts.end());
      closed.push(...close(span.out, span.out === span.frames));
      return { ...looked(closed), counts, everyFrame: everyFrame() };
    },
  };
}

/** A shot, or the part of one that is looked at, from the first frame that was shown of it. */
interface OpenShot {
  readonly in: number;
  readonly startsShot: boolean;
  readonly tracker: ShotTracker;
}

/** What the track's way was made of, plate pixels. */
function partsOf({ observations }: RawTrack, { x }: ProxyScale): MotionParts | null {
  const steps = observations.slice(1).map(({ step, film }, k): TrackedStep => {
    return { from: centroidOf((observations[k] as RawObservation).landmarks), face: step, film };
  });
  const parts = motionParts(steps);
  return parts && { weave: x * parts.weave, camera: x * parts.camera, head: x * parts.head };
}
