import type { TracksFile } from '../../src/report/tracks-file.ts';

type Track = TracksFile['tracks'][number];

/** How a look that rests agrees with one that runs every network on every frame (issue "Carry"). */
export interface Entrances {
  /** Tracks of the full look, and those of at least `LEAST` frames that the other does not have at all. */
  readonly tracks: number;
  readonly missed: number;
  /** Greatest difference of an entrance and of an exit, frames. */
  readonly entrance: number;
  readonly exit: number;
  /** Tracks that go over a cut. */
  readonly acrossCuts: number;
}

/** Shorter tracks are a detector's guesses. */
const LEAST = 3;
/** Farthest that two noses of one face lie apart, distances between the eyes. */
const NEAR = 0.6;

/** @param cuts first frames of shots, where they are known better than the look knows them */
export function entrancesOf(full: TracksFile, ours: TracksFile, cuts: readonly number[] = cutsOf(full)): Entrances {
  const known = full.tracks.filter((track) => track.out - track.in >= LEAST);
  let missed = 0;
  let entrance = 0;
  let exit = 0;
  for (const track of known) {
    const same = ours.tracks.filter((other) => isOneFace(track, other));
    if (same.length === 0) {
      missed += 1;
      continue;
    }
    // A face that the full look lost for a moment is one track here; where the other track begins is where the first did.
    const face = known.filter((one) => same.some((other) => isOneFace(one, other)));
    const from = Math.min(...same.map((other) => other.in));
    const out = Math.max(...same.map((other) => other.out));
    entrance = Math.max(entrance, Math.abs(Math.min(...face.map((one) => one.in)) - from));
    exit = Math.max(exit, Math.abs(Math.max(...face.map((one) => one.out)) - out));
  }
  const crossing = ours.tracks.filter((track) => cuts.some((cut) => track.in < cut && cut < track.out));
  return { tracks: known.length, missed, entrance, exit, acrossCuts: crossing.length };
}

function cutsOf({ shots }: TracksFile): number[] {
  return shots.slice(1).map((shot) => shot.in);
}

/** True where both show the same place in a frame. */
function isOneFace(a: Track, b: Track): boolean {
  return a.observations.some((one) => {
    const other = b.observations[one.frame - b.in];
    if (!other) return false;
    const at = (five: readonly number[], k: number) => five[k] as number;
    const size = Math.hypot(at(one.five, 2) - at(one.five, 0), at(one.five, 3) - at(one.five, 1));
    return Math.hypot(at(one.five, 4) - at(other.five, 4), at(one.five, 5) - at(other.five, 5)) < NEAR * size;
  });
}
