import { smoothstep } from '../src/film/interpolate.ts';
import { cloud } from './backdrop.ts';
import type { Raster } from './resample.ts';

/** A gloved hand that passes before the face: premultiplied RGBA. */
export interface Occluder {
  readonly stamp: Raster;
}

/** A finger, the thumb or the palm: a line with a thickness, in units of the stamp's half side. */
type Limb = readonly [x0: number, y0: number, x1: number, y1: number, radius: number];

const HAND: readonly Limb[] = [
  [-0.03, -0.17, 0.08, -0.05, 0.24],
  [-0.2, -0.35, -0.3, -0.7, 0.077],
  [-0.05, -0.4, -0.08, -0.84, 0.08],
  [0.11, -0.38, 0.13, -0.8, 0.077],
  [0.24, -0.3, 0.33, -0.64, 0.068],
  [-0.2, -0.09, -0.49, -0.27, 0.087],
  [0.1, 0.05, 0.36, 1.4, 0.2],
];

/** The hand for a face of inter-ocular distance `iod` plate pixels: about as large as the face, on an arm that leaves the picture. */
export function glovedHand(iod: number, seed: number): Occluder {
  const half = Math.round(2.7 * iod);
  const size = 2 * half;
  const data = new Float32Array(4 * size * size);
  const heights = new Float32Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) heights[j * size + i] = depthInside((i + 0.5) / half - 1, (j + 0.5) / half - 1);
  }
  for (let j = 1; j < size - 1; j++) {
    for (let i = 1; i < size - 1; i++) {
      const at = j * size + i;
      const depth = heights[at] as number;
      const alpha = smoothstep(-0.7 / half, 0.9 / half, depth);
      if (alpha === 0) continue;
      const slope = (k: number) => rounded(heights[at + k] as number) - rounded(heights[at - k] as number);
      const light = 0.6 - half * (0.06 * slope(1) + 0.07 * slope(size)) * 0.62 + 0.3 * rounded(depth);
      const [x, y] = [i / half, j / half];
      const leather =
        0.8 + 0.4 * cloud(x * 14, y * 14, seed) - 0.35 * smoothstep(0.62, 0.75, cloud(x * 6, y * 22, seed + 1));
      const tone = Math.max(0.04, light * leather);
      data[4 * at] = alpha * Math.min(1, 0.5 * tone);
      data[4 * at + 1] = alpha * Math.min(1, 0.36 * tone);
      data[4 * at + 2] = alpha * Math.min(1, 0.24 * tone);
      data[4 * at + 3] = alpha;
    }
  }
  return { stamp: { width: size, height: size, channels: 4, data } };
}

/** Height of a round limb over its flat outline. */
function rounded(depth: number): number {
  const t = Math.min(1, Math.max(0, depth / 0.1));
  return Math.sqrt(1 - (1 - t) * (1 - t));
}

/** Distance into the hand from its outline, negative outside; limbs are joined smoothly (Quilez, *smooth minimum*). */
function depthInside(x: number, y: number): number {
  let depth = -10;
  for (const [x0, y0, x1, y1, radius] of HAND) {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
    const limb = radius - Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
    const blend = Math.max(0.05 - Math.abs(depth - limb), 0) / 0.05;
    depth = Math.max(depth, limb) + blend * blend * 0.05 * 0.25;
  }
  return depth;
}

/** Where the stamp's middle is at frame `t` of a shot, in face units from the point between the eyes; the hand comes, waits and goes once in 48 frames. */
export function handAt(t: number, length: number): readonly [number, number] {
  const cycle = Math.min(length, 48);
  const at = (t % cycle) / cycle;
  const comes = smoothstep(0.08, 0.42, at);
  const goes = smoothstep(0.55, 0.92, at);
  return [7 - 6.8 * comes - 7.2 * goes, 1.9 + 0.5 * Math.cos(Math.PI * (comes + goes))];
}
