import type { Landmarks } from '../../src/face/landmarks.ts';

/** How deep the surface through a face's landmarks lies, on a grid around the origin. */
export interface DepthMap {
  readonly side: number;
  readonly depth: Float32Array;
}

/** Half width of the grid and its step, inter-ocular distances; beyond it depth is that of its border. */
const REACH = 2;
const STEP = 0.04;
/** Distance within which a landmark does not stand out among others. */
const SOFTNESS = 0.08;

/** @param landmarks upright at the origin, one unit between the eyes */
export function depthMap(landmarks: Landmarks): DepthMap {
  const side = Math.round((2 * REACH) / STEP) + 1;
  const depth = new Float32Array(side * side);
  for (let i = 0; i < depth.length; i++) {
    const x = STEP * (i % side) - REACH;
    const y = STEP * Math.floor(i / side) - REACH;
    let total = 0;
    let sum = 0;
    for (let k = 0; k + 2 < landmarks.length; k += 3) {
      const square = (x - (landmarks[k] as number)) ** 2 + (y - (landmarks[k + 1] as number)) ** 2 + SOFTNESS ** 2;
      const weight = 1 / (square * square);
      total += weight;
      sum += weight * (landmarks[k + 2] as number);
    }
    depth[i] = sum / total;
  }
  return { side, depth };
}

/** Bilinear between the grid's nodes. */
export function depthAt({ side, depth }: DepthMap, x: number, y: number): number {
  const u = Math.min(side - 1.001, Math.max(0, (x + REACH) / STEP));
  const v = Math.min(side - 1.001, Math.max(0, (y + REACH) / STEP));
  const p = Math.floor(v) * side + Math.floor(u);
  const [fx, fy] = [u % 1, v % 1];
  const above = (depth[p] as number) * (1 - fx) + (depth[p + 1] as number) * fx;
  const below = (depth[p + side] as number) * (1 - fx) + (depth[p + side + 1] as number) * fx;
  return above + fy * (below - above);
}
