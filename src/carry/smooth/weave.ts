import { carryPoints, type Similarity3 } from '../../motion/similarity3.ts';
import { smoothInTime } from './zero-phase.ts';

/** The parts of a face's motion through the picture, pixels. */
export interface MotionParts {
  /** Weave of the gate: root mean square distance of the film from the camera's smooth path. */
  readonly weave: number;
  /** Mean motion of the camera in a frame. */
  readonly camera: number;
  /** Mean motion of the head in a frame, with the film's taken out. */
  readonly head: number;
}

/**
 * Standard deviation of the Gaussian that gives the camera's smooth path, frames. The rest, which changes from frame to frame, is
 * weave.
 */
const SMOOTH = 6;
const FEWEST = 8;

/** Motion of a face and of the film into one frame; null where it could not be measured. */
export interface TrackedStep {
  /** Centroid of the face's still points in the frame before, pixels, depth included. */
  readonly from: readonly [number, number, number];
  readonly face: Similarity3 | null;
  readonly film: Similarity3 | null;
}

/** Null where the film's motion is known in too few frames. */
export function motionParts(steps: readonly TrackedStep[]): MotionParts | null {
  const known = steps.flatMap(({ from, face, film }) =>
    film ? [{ film: shiftAt(film, from), face: face ? shiftAt(face, from) : null }] : [],
  );
  if (known.length < FEWEST) return null;
  const film = known.map((step) => Float32Array.from(step.film));
  const camera = smoothInTime(film, SMOOTH);
  // The film's distance from the camera's path is the sum of what that path leaves of each step.
  const aside: (readonly [number, number])[] = [[0, 0]];
  film.forEach(([x = 0, y = 0], k) => {
    const [u = 0, v = 0] = camera[k] as Float32Array;
    const [left, top] = aside[k] as readonly [number, number];
    aside.push([left + x - u, top + y - v]);
  });
  const middle = [0, 1].map((c) => mean(aside.map((at) => at[c] as number)));
  return {
    weave: Math.sqrt(mean(aside.map((at) => distance(at, middle) ** 2))),
    camera: mean(camera.map((step) => Math.hypot(...step))),
    head: mean(known.flatMap((step) => (step.face ? [distance(step.face, step.film)] : []))),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
}

function shiftAt(motion: Similarity3, from: TrackedStep['from']): readonly [number, number] {
  const [x = 0, y = 0] = carryPoints(motion, Float32Array.from(from));
  return [x - from[0], y - from[1]];
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot((a[0] as number) - (b[0] as number), (a[1] as number) - (b[1] as number));
}
