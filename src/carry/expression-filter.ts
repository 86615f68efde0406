import type { Landmarks } from '../face/landmarks.ts';
import { smoothInTime } from './zero-phase.ts';

/** Noise of a landmark for which the network may be taken at most, over inter-ocular distance: beyond it lies expression. */
const MOST_NOISE = 0.003;
const LEAST_NOISE = 0.001;
/** Deviation of white noise between a short and a long filter of it, over the noise itself (σ = 0.8 and 4 frames: 0.53). */
const NOISE_BETWEEN = 0.53;
/** A difference of this many times the noise begins to count as expression, and of this many is. */
const BEGINS = 1;
const IS = 2.5;
/** Frames by which expression is believed before and after it shows, and the softness of that edge. */
const WIDEN = 2;
const SOFTEN = 1;
/** Second differences of white noise: √(1 + 4 + 1) times its deviation. */
const SECOND_DIFFERENCE = Math.sqrt(6);

/**
 * Shapes filtered short where a group of landmarks moves and long where it only trembles: a blink and a syllable keep their
 * height, and a quiet eye does not twitch.
 *
 * The noise is the network's own, read from second differences of the track. All shapes are in one frame of `size` pixels between
 * the eyes.
 */
export function filterExpression(
  shapes: readonly Landmarks[],
  short: readonly Landmarks[],
  long: readonly Landmarks[],
  groups: readonly (readonly number[])[],
  size: number,
): Landmarks[] {
  const out = short.map((landmarks) => landmarks.slice());
  for (const group of groups) {
    const noise = NOISE_BETWEEN * Math.min(MOST_NOISE, Math.max(LEAST_NOISE, noiseOf(shapes, group) / size)) * size;
    const active = short.map((landmarks, k) => {
      const d = distance(landmarks, long[k] as Landmarks, group) / noise;
      const t = Math.min(1, Math.max(0, (d - BEGINS) / (IS - BEGINS)));
      return t * t * (3 - 2 * t);
    });
    const widened = active.map((_, k) =>
      Float32Array.of(Math.max(...active.slice(Math.max(0, k - WIDEN), k + WIDEN + 1))),
    );
    smoothInTime(widened, SOFTEN).forEach((weight, k) => {
      const w = weight[0] as number;
      const quiet = long[k] as Landmarks;
      const own = out[k] as Landmarks;
      for (const i of group) {
        for (let c = 3 * i; c < 3 * i + 3; c++)
          own[c] = (quiet[c] as number) + w * ((own[c] as number) - (quiet[c] as number));
      }
    });
  }
  return out;
}

/** Typical noise of a group's landmarks, pixels: the median over frames of the root mean square second difference. */
function noiseOf(shapes: readonly Landmarks[], group: readonly number[]): number {
  const found: number[] = [];
  for (let k = 1; k + 1 < shapes.length; k++) {
    const [a, b, c] = shapes.slice(k - 1, k + 2) as [Landmarks, Landmarks, Landmarks];
    let sum = 0;
    for (const i of group) {
      for (const j of [3 * i, 3 * i + 1]) sum += ((a[j] as number) - 2 * (b[j] as number) + (c[j] as number)) ** 2;
    }
    found.push(Math.sqrt(sum / group.length));
  }
  return found.length > 0 ? (found.sort((p, q) => p - q)[found.length >> 1] as number) / SECOND_DIFFERENCE : 0;
}

function distance(a: Landmarks, b: Landmarks, group: readonly number[]): number {
  let sum = 0;
  for (const i of group) {
    for (const j of [3 * i, 3 * i + 1]) sum += ((a[j] as number) - (b[j] as number)) ** 2;
  }
  return Math.sqrt(sum / group.length);
}
