import type { EveryFrame } from '../../carry/track/every-frame.ts';
import type { Search, TrackHistory } from '../../carry/track/frame-decision.ts';
import type { InferenceCounts } from '../../carry/track/inference-counts.ts';
import type { TrackedShot } from '../../carry/track/reel-tracker.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { Shot } from '../../film/shot.ts';

/** The tracks of the requested frames. */
export interface TrackedReel {
  readonly shots: readonly Shot[];
  /** Smoothed, in plate pixels, in order of appearance. */
  readonly tracks: readonly FaceTrack[];
  /** How each track was followed, in the order of the tracks. */
  readonly histories: readonly TrackHistory[];
  /** When whole pictures were searched for faces. */
  readonly searches: readonly Search[];
  /** Frames of the range whose damage only decoding showed, counted from the reel's first, and why. */
  readonly damaged: ReadonlyMap<number, string>;
  /** The work of this run; null where all tracks were kept from earlier ones, so that no network ran on the reel. */
  readonly work: TrackingWork | null;
}

/** Tracked frames, and the network runs that they took. */
export interface TrackingWork {
  readonly frames: number;
  readonly counts: InferenceCounts;
  /** The runs that every network on every one of them would make. */
  readonly everyFrame: EveryFrame;
}

/** A shot, or a part of one, with what is wrong with its frames: the unit in which tracks are kept. */
export interface KeptShot extends TrackedShot {
  readonly damaged: ReadonlyMap<number, string>;
  /** See `Shot`; such a shot is never kept. */
  readonly passed?: true;
}

/** @param shots without gaps between them, in order, cut to the range that was asked for */
export function trackedReelOf(shots: readonly KeptShot[], work: TrackingWork | null): TrackedReel {
  return {
    shots: shots.map(({ in: from, out, passed }, index) => ({ index, in: from, out, ...(passed ? { passed } : {}) })),
    tracks: shots.flatMap((shot, index) => shot.tracks.map((track) => ({ ...track, shot: index }))),
    histories: shots.flatMap((shot) => shot.histories),
    searches: shots.flatMap((shot) => shot.searches),
    damaged: new Map(shots.flatMap((shot) => [...shot.damaged])),
    work,
  };
}
