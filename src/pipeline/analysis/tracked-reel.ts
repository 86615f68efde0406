import type { EveryFrame } from '../../carry/track/every-frame.ts';
import type { Search, TrackHistory } from '../../carry/track/frame-decision.ts';
import type { InferenceCounts } from '../../carry/track/inference-counts.ts';
import type { TrackedShot } from '../../carry/track/reel-tracker.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { Shot } from '../../film/shot.ts';

/** What tracking knows of the frames that were asked for. */
export interface TrackedReel {
  readonly shots: readonly Shot[];
  /** Smoothed, in plate pixels, in order of appearance. */
  readonly tracks: readonly FaceTrack[];
  /** How each track was followed, in the order of the tracks. */
  readonly histories: readonly TrackHistory[];
  /** When whole pictures were searched for faces. */
  readonly searches: readonly Search[];
  /** Frames of the range that only decoding showed to be damaged, counted from the reel's first, and why. */
  readonly damaged: ReadonlyMap<number, string>;
  /** What this run did to know it; null where all of it was kept from earlier ones, so that no network was run on the reel. */
  readonly work: TrackingWork | null;
}

/** Frames that were looked at, and what it took. */
export interface TrackingWork {
  readonly frames: number;
  readonly counts: InferenceCounts;
  /** What looking at every one of them afresh would have taken. */
  readonly everyFrame: EveryFrame;
}

/** A shot, or a part of one, with what is wrong with its frames: the unit in which tracks are kept. */
export interface KeptShot extends TrackedShot {
  readonly damaged: ReadonlyMap<number, string>;
}

/** @param shots without gaps between them, in order, cut to the range that was asked for */
export function trackedReelOf(shots: readonly KeptShot[], work: TrackingWork | null): TrackedReel {
  return {
    shots: shots.map((shot, index) => ({ index, in: shot.in, out: shot.out })),
    tracks: shots.flatMap((shot, index) => shot.tracks.map((track) => ({ ...track, shot: index }))),
    histories: shots.flatMap((shot) => shot.histories),
    searches: shots.flatMap((shot) => shot.searches),
    damaged: new Map(shots.flatMap((shot) => [...shot.damaged])),
    work,
  };
}
