import { boxOfLandmarks } from '../../face/box.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import type { FaceObservation } from '../../face/observation.ts';
import type { FaceTrack } from '../../face/track.ts';
import { mix } from '../../film/interpolate.ts';
import type { FrameRange } from '../../film/range.ts';

/** Frames in which a face may still be seen that was not found there. */
export interface BeyondTrack {
  /** Frames before a track and after it. */
  readonly margin: number;
  /** Longest absence, frames, of a face that comes back in about its place. */
  readonly bridge: number;
}

/** Frames from whose motion it is told where a face goes on, and how much of the motion is left in each frame further. */
const MOVED_OVER = 4;
const KEPT_MOTION = 0.85;
/** How much larger a face is taken to be in each frame further, since nobody knows where it is. */
const GROWTH = 0.03;
/** A face that comes back is at most so many widths from where it went, and so many times as large or as small. */
const NEAR = 1;
const ALIKE = 1.6;

/**
 * A track with the frames around it in which its face may still be seen: a few at both ends, where it is taken to go on moving and to be
 * a little larger each frame; and those up to another track of the same shot that begins soon in about its place, where it is moved
 * evenly from the one to the other. Never across a cut.
 *
 * @param others tracks of the reel
 * @param shot that of the track
 */
export function beyondTrack(
  track: FaceTrack,
  others: readonly FaceTrack[],
  shot: FrameRange,
  { margin, bridge }: BeyondTrack,
): FaceTrack {
  const inShot = others.filter((other) => other.shot === track.shot);
  const successor = nextOf(track, inShot, bridge);
  const isSucceeding = inShot.some((other) => nextOf(other, inShot, bridge) === track);
  // What leads up to a track is that of the one before it.
  const from = isSucceeding ? track.in : Math.max(shot.in, track.in - margin);
  const out = successor ? successor.in : Math.min(shot.out, track.out + margin);
  const before = Array.from({ length: track.in - from }, (_, k) => goingOn(track, from + k));
  const after = Array.from({ length: out - track.out }, (_, k) =>
    successor ? between(track, successor, track.out + k) : goingOn(track, track.out + k),
  );
  return { ...track, in: from, out, observations: [...before, ...track.observations, ...after] };
}

/** The track of its shot that is taken to go on with a face that was lost: the one that begins the soonest; null where none does. */
function nextOf(track: FaceTrack, inShot: readonly FaceTrack[], bridge: number): FaceTrack | null {
  const last = track.observations.at(-1);
  if (!last) return null;
  const candidates = inShot.filter(
    (other) => other.in > track.out && other.in - track.out <= bridge && isNear(last, other),
  );
  return candidates.reduce<FaceTrack | null>(
    (soonest, other) => (soonest && soonest.in <= other.in ? soonest : other),
    null,
  );
}

function isNear({ landmarks }: FaceObservation, { observations: [first] }: FaceTrack): boolean {
  if (!first) return false;
  const [a, b] = [boxOfLandmarks(landmarks), boxOfLandmarks(first.landmarks)];
  const width = Math.max(a[2], b[2]);
  const apart = Math.hypot(a[0] + a[2] / 2 - b[0] - b[2] / 2, a[1] + a[3] / 2 - b[1] - b[3] / 2);
  return apart <= NEAR * width && width <= ALIKE * Math.min(a[2], b[2]);
}

/** A track's face in a frame before or after it. */
function goingOn({ observations, in: first, out }: FaceTrack, frame: number): FaceObservation {
  const isBefore = frame < first;
  const inOrder = isBefore ? observations.slice(0, MOVED_OVER + 1) : observations.slice(-MOVED_OVER - 1).reverse();
  const [end, far] = [inOrder[0] as FaceObservation, inOrder.at(-1) as FaceObservation];
  const steps = isBefore ? first - frame : frame - out + 1;
  const [x, y] = middleOf(end.landmarks);
  const [farX, farY] = middleOf(far.landmarks);
  // What is left of the motion after so many steps, each a share of the one before.
  const moved = (KEPT_MOTION * (1 - KEPT_MOTION ** steps)) / (1 - KEPT_MOTION) / Math.max(1, inOrder.length - 1);
  const grown = 1 + GROWTH * steps;
  const shift = [(x - farX) * moved, (y - farY) * moved, 0];
  const middle = [x, y, 0];
  const landmarks = end.landmarks.map((v, i) => {
    const c = i % 3;
    return (middle[c] as number) + grown * (v - (middle[c] as number)) + (shift[c] as number);
  });
  return { ...end, frame, origin: 'carried', score: 0, landmarks };
}

/** A face between where it was lost and where it is found again. */
function between(lost: FaceTrack, found: FaceTrack, frame: number): FaceObservation {
  const [from, to] = [lost.observations.at(-1) as FaceObservation, found.observations[0] as FaceObservation];
  const share = (frame - lost.out + 1) / (found.in - lost.out + 1);
  const steps = Math.min(frame - lost.out + 1, found.in - frame);
  const evenly = from.landmarks.map((v, i) => mix(v, to.landmarks[i] as number, share));
  const [x, y] = middleOf(evenly);
  const grown = 1 + GROWTH * steps;
  const landmarks = evenly.map((v, i) => (i % 3 === 2 ? grown * v : mix(i % 3 === 0 ? x : y, v, grown)));
  return { ...(share < 0.5 ? from : to), frame, origin: 'carried', score: 0, landmarks };
}

function middleOf(landmarks: Landmarks): readonly [number, number] {
  const [left, top, width, height] = boxOfLandmarks(landmarks);
  return [left + width / 2, top + height / 2];
}
