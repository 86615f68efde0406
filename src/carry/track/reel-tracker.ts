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
import type { Search, TrackHistory } from './frame-look.ts';
import { addCounts, emptyCounts, type InferenceCounts, totalRuns } from './inference-counts.ts';
import type { RawObservation } from './raw-observation.ts';
import type { RawTrack } from './raw-track.ts';
import { type ShotTracker, shotTracker } from './shot-tracker.ts';
import type { Measures, ShotTrackingOptions } from './tracking-context.ts';

/** A shot that lies wholly behind, with its smoothed tracks in plate pixels. Track ids count through the reel. */
export interface TrackedShot extends FrameRange {
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

export interface ReelTrackingOptions {
  readonly tracking: ShotTrackingOptions;
  readonly scale: ProxyScale;
  readonly smoothing: SmoothingSigmas;
  /** Standard deviation of the filter over light, frames. */
  readonly lightSigma: number;
}

/** Looks at a reel's pictures in order, finds its cuts and follows its faces. */
export interface ReelTracker {
  /** Shots are reported with a lag of a few frames behind their last one. */
  look(frame: number, picture: RgbPicture): Promise<Looked>;
  /** @param out the first frame that was not to be looked at */
  end(out: number): Promise<Looked & { readonly counts: InferenceCounts }>;
}

/** Width of the picture in which cuts are looked for, and the film's own motion. */
const SMALL_WIDTH = 160;

export function reelTracker(networks: Networks, measures: Measures, options: ReelTrackingOptions): ReelTracker {
  const cuts = cutDetector();
  const counts = emptyCounts();
  /** Pictures whose place before or after a cut is not decided yet. */
  const undecided: Array<{ readonly frame: number; readonly picture: RgbPicture; readonly small: Luma }> = [];
  let shot: { readonly in: number; readonly index: number; readonly tracker: ShotTracker } | null = null;
  let shots = 0;
  let tracks = 0;
  let faces = 0;
  let perFrameRuns = 0;
  let tilesPerSearch = 1;

  const close = (out: number): TrackedShot[] => {
    if (!shot) return [];
    const { in: start, index, tracker } = shot;
    const found: FaceTrack[] = [];
    const histories: TrackHistory[] = [];
    for (const raw of tracker.close()) {
      tracks += 1;
      const id = `t${tracks}`;
      found.push(finishTrack(raw, id, index, options.scale, options.smoothing, options.lightSigma));
      histories.push({
        id,
        looks: raw.observations.map(({ look }) => look),
        audits: raw.audits,
        limitHalvings: raw.limitHalvings,
        motion: partsOf(raw, options.scale),
      });
    }
    const { searches } = tracker;
    addCounts(counts, tracker.counts);
    shot = null;
    return [{ in: start, out, tracks: found, histories, searches }];
  };

  const lookAt = async (
    { frame, picture, small }: (typeof undecided)[number],
    startsShot: boolean,
  ): Promise<TrackedShot[]> => {
    const closed = startsShot ? close(frame) : [];
    shot ??= { in: frame, index: shots++, tracker: shotTracker(networks, measures, options.tracking) };
    faces = await shot.tracker.look(frame, picture, small);
    tilesPerSearch = Math.max(tilesPerSearch, shot.tracker.tiles);
    perFrameRuns += tilesPerSearch + (networks.refiner ? 3 : 2) * faces;
    return closed;
  };

  const looked = (closed: readonly TrackedShot[]): Looked => {
    const runs = totalRuns(counts) + (shot ? totalRuns(shot.tracker.counts) : 0);
    return { faces, runs, skipped: Math.max(0, perFrameRuns - runs), shots: closed };
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
    async end(out) {
      const closed = await decide(cuts.end());
      closed.push(...close(out));
      return { ...looked(closed), counts };
    },
  };
}

/** What the track's way was made of, plate pixels. */
function partsOf({ observations }: RawTrack, { x }: ProxyScale): MotionParts | null {
  const steps = observations.slice(1).map(({ step, film }, k): TrackedStep => {
    return { from: centroidOf((observations[k] as RawObservation).landmarks), face: step, film };
  });
  const parts = motionParts(steps);
  return parts && { weave: x * parts.weave, camera: x * parts.camera, head: x * parts.head };
}
