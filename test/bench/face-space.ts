import { faceRegion } from '../../samples/face-region.ts';
import type { ReelTruth } from '../../samples/reel-truth.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { CANONICAL_POINTS } from '../../src/face/canonical-face.ts';
import { STEADY_POINTS } from '../../src/face/regions.ts';
import { applyX, applyY, fitSimilarity, type Similarity } from '../../src/face/similarity.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { lumaOfFrame } from './picture-score.ts';

/** Side of a face's patch, pixels, and pixels a centimetre of the canonical face, which is 18 cm high. */
export const PATCH = 224;
const SCALE = 11.8;

/** From patch to plate, so that the true face stands still. Null where the frame shows none. */
export function patchToPlate(truth: ReelTruth, frame: number): Similarity | null {
  const face = truth.frame(frame).face;
  if (!face) return null;
  const still = STEADY_POINTS.flatMap((i) => patchPoint(i));
  const there = STEADY_POINTS.flatMap((i) => [face.landmarks[3 * i] as number, face.landmarks[3 * i + 1] as number]);
  return fitSimilarity(still, there);
}

/** Luma of the face in the patch, `Float32Array` of PATCH², 0 … 1, by bilinear interpolation. */
export function faceLuma(frame: RgbFrame, toPlate: Similarity): Float32Array {
  return lumaPatch(lumaOfFrame(frame), toPlate, PATCH);
}

/** A square of `side` pixels of a picture, looked up where `toPlate` leads: `Float32Array` of side², by bilinear interpolation. */
export function lumaPatch({ width, height, samples }: Luma, toPlate: Similarity, side: number): Float32Array {
  const out = new Float32Array(side * side);
  for (let i = 0; i < out.length; i++) {
    const u = (i % side) + 0.5;
    const v = Math.floor(i / side) + 0.5;
    const x = Math.min(width - 1.001, Math.max(0, applyX(toPlate, u, v) - 0.5));
    const y = Math.min(height - 1.001, Math.max(0, applyY(toPlate, u, v) - 0.5));
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = x - left;
    const at = top * width + left;
    const above = (samples[at] as number) * (1 - fx) + (samples[at + 1] as number) * fx;
    const below = (samples[at + width] as number) * (1 - fx) + (samples[at + width + 1] as number) * fx;
    out[i] = above + (y - top) * (below - above);
  }
  return out;
}

/** Pixels of the patch that lie inside the true face's outline in every one of the frames: PATCH², 1 = inside. */
export function steadyFace(truth: ReelTruth, frames: readonly number[]): Uint8Array {
  const mask = new Uint8Array(PATCH * PATCH).fill(1);
  for (const frame of frames) {
    const toPlate = patchToPlate(truth, frame);
    if (!toPlate) continue;
    const region = faceRegion(truth, frame);
    for (let i = 0; i < mask.length; i++) {
      const u = (i % PATCH) + 0.5;
      const v = Math.floor(i / PATCH) + 0.5;
      const x = Math.floor(applyX(toPlate, u, v));
      const y = Math.floor(applyY(toPlate, u, v));
      const inside = x >= 0 && y >= 0 && x < truth.width && y < truth.height && region[y * truth.width + x] === 1;
      if (!inside) mask[i] = 0;
    }
  }
  return mask;
}

function patchPoint(landmark: number): [number, number] {
  const [x, y] = [CANONICAL_POINTS[3 * landmark] as number, CANONICAL_POINTS[3 * landmark + 1] as number];
  return [PATCH / 2 + (SCALE * x) / 1000, PATCH / 2 + (SCALE * y) / 1000];
}
