import type { DenseMap } from './dense-map.ts';
import { LANDMARK_COUNT } from './landmarks.ts';

/** How the creases of a mesh are smoothed on a patch: columns `left` up to `right`, rows `top` up to `bottom`; none where they are empty. */
export interface CreaseSmoothing {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Weights of a Gaussian: 2·`radius` + 1, their sum 1. */
  readonly radius: number;
  readonly weights: Float32Array;
}

/** A mesh's points, x, y, z each, the ring's behind the landmarks; the standard deviation by which its creases are smoothed, pixels. */
interface Creased {
  readonly points: Float64Array;
  readonly sigma: number;
}

/** The box of the ring, but for the patch's outermost pixels, which keep their values. */
export function creaseSmoothing({ points, sigma }: Creased, size: number): CreaseSmoothing {
  const radius = Math.max(1, Math.ceil(2.5 * sigma));
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, v) => sum + v, 0);
  const weights = Float32Array.from(kernel, (v) => v / total);
  const inside = (v: number) => Math.min(size - radius, Math.max(radius, Math.round(v)));
  const ring = (c: number) => Array.from(points.subarray(3 * LANDMARK_COUNT)).filter((_, k) => k % 3 === c);
  const [x, y] = [ring(0), ring(1)];
  const [left, right] = [inside(Math.min(...x)), inside(Math.max(...x))];
  const [top, bottom] = [inside(Math.min(...y)), inside(Math.max(...y))];
  return { left, right, top, bottom, radius, weights };
}

/** Smooths a map inside the ring's box. A Gaussian leaves what is linear as it is, so only creases are touched. */
export function smoothCreases({ size, xy }: DenseMap, mesh: Creased): void {
  const { left, right, top, bottom, radius, weights } = creaseSmoothing(mesh, size);
  const pairs = 2 * (right - left);
  if (pairs <= 0 || bottom <= top) return;
  const across = new Float32Array(pairs * (bottom - top + 2 * radius));
  for (let j = top - radius; j < bottom + radius; j++) {
    const row = (j - top + radius) * pairs;
    const from = 2 * (j * size + left - radius);
    for (let p = 0; p < pairs; p++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * xy[from + p + 2 * k];
      across[row + p] = sum;
    }
  }
  const line = new Float32Array(pairs);
  for (let j = top; j < bottom; j++) {
    line.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k];
      const row = (j - top + k) * pairs;
      for (let p = 0; p < pairs; p++) line[p] = line[p] + weight * across[row + p];
    }
    xy.set(line, 2 * (j * size + left));
  }
}

/** What `smoothCreases` makes of one pixel's entry, `c` 0 for x, 1 for y: the same number. */
export function smoothedEntry(
  { size, xy }: DenseMap,
  smoothing: CreaseSmoothing,
  at: readonly [x: number, y: number],
  c: number,
): number {
  const { left, right, top, bottom, radius, weights } = smoothing;
  const [x, y] = at;
  const own = 2 * (y * size + x) + c;
  if (x < left || x >= right || y < top || y >= bottom) return xy[own];
  let line = 0;
  for (let k = 0; k < weights.length; k++) {
    const from = own + 2 * ((k - radius) * size - radius);
    let sum = 0;
    for (let m = 0; m < weights.length; m++) sum += weights[m] * xy[from + 2 * m];
    // As many digits as what is smoothed whole keeps between both directions.
    line = Math.fround(line + weights[k] * Math.fround(sum));
  }
  return line;
}
