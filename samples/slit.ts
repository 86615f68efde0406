import type { Landmarks } from '../src/face/landmarks.ts';
import { applyX, applyY, type Similarity } from '../src/face/similarity.ts';

/** The slit between two lips or lids at rest, in face units, as functions of u. */
export interface Slit {
  readonly left: number;
  readonly right: number;
  /** v of the upper and lower edge at `left + k·(right − left)/(LUT − 1)`. */
  readonly upper: Float64Array;
  readonly lower: Float64Array;
  readonly widest: number;
}

const LUT = 129;

/** The slit between the landmarks of its edges, each from image left to right; both edges begin and end at the same two corners. */
export function slitOf(
  landmarks: Landmarks,
  toFace: Similarity,
  upper: readonly number[],
  lower: readonly number[],
): Slit {
  const points = (ids: readonly number[]) =>
    ids.map((id) => {
      const x = landmarks[3 * id] as number;
      const y = landmarks[3 * id + 1] as number;
      return [applyX(toFace, x, y), applyY(toFace, x, y)] as const;
    });
  const top = points(upper);
  const bottom = points(lower);
  const left = top[0]?.[0] ?? 0;
  const right = top.at(-1)?.[0] ?? 0;
  const curve = (line: ReadonlyArray<readonly [number, number]>) =>
    Float64Array.from({ length: LUT }, (_, k) => interpolated(line, left + ((right - left) * k) / (LUT - 1)));
  const slit = { left, right, upper: curve(top), lower: curve(bottom) };
  return { ...slit, widest: Math.max(...slit.lower.map((v, k) => v - (slit.upper[k] as number))) };
}

/** v at u on a line of points, by the cubic of Catmull and Rom with slopes over uneven steps. */
function interpolated(line: ReadonlyArray<readonly [number, number]>, u: number): number {
  const at = (k: number) => line[Math.min(line.length - 1, Math.max(0, k))] as readonly [number, number];
  let k = 0;
  while (k < line.length - 2 && at(k + 1)[0] < u) k++;
  const [a, b] = [at(k), at(k + 1)];
  const span = b[0] - a[0];
  const slope = (j: number) => {
    const [p, q] = [at(j - 1), at(j + 1)];
    return (q[1] - p[1]) / (q[0] - p[0]);
  };
  const t = Math.min(1, Math.max(0, (u - a[0]) / span));
  const [t2, t3] = [t * t, t * t * t];
  return (
    (2 * t3 - 3 * t2 + 1) * a[1] +
    (t3 - 2 * t2 + t) * span * slope(k) +
    (3 * t2 - 2 * t3) * b[1] +
    (t3 - t2) * span * slope(k + 1)
  );
}

/** v of an edge at u; beyond the corners both edges meet halfway. */
export function edge(slit: Slit, line: Float64Array, u: number): number {
  const t = ((u - slit.left) / (slit.right - slit.left)) * (LUT - 1);
  if (t <= 0) return ((slit.upper[0] as number) + (slit.lower[0] as number)) / 2;
  if (t >= LUT - 1) return ((slit.upper[LUT - 1] as number) + (slit.lower[LUT - 1] as number)) / 2;
  const k = Math.floor(t);
  return (line[k] as number) + (t - k) * ((line[k + 1] as number) - (line[k] as number));
}
