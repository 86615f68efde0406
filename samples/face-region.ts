import { FACE_OVAL } from '../src/face/regions.ts';
import type { ReelTruth } from './reel-truth.ts';

/**
 * Where a restored frame is compared with the truth: the pixels whose middle lies inside the true face's outline and that nothing
 * covers. `Uint8Array` of width·height, 1 = inside; all 0 where the frame shows no face.
 */
export function faceRegion(truth: ReelTruth, frame: number): Uint8Array {
  const { width, height } = truth;
  const region = new Uint8Array(width * height);
  const landmarks = truth.frame(frame).face?.landmarks;
  if (!landmarks) return region;
  const outline = FACE_OVAL.map((id) => [landmarks[3 * id] as number, landmarks[3 * id + 1] as number] as const);
  for (let y = 0; y < height; y++) {
    const crossings = outline
      .flatMap(([x0, y0], k) => {
        const [x1, y1] = outline[(k + 1) % outline.length] as readonly [number, number];
        const row = y + 0.5;
        return y0 <= row !== y1 <= row ? [x0 + ((row - y0) / (y1 - y0)) * (x1 - x0)] : [];
      })
      .sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil((crossings[k] as number) - 0.5));
      const to = Math.min(width, Math.ceil((crossings[k + 1] as number) - 0.5));
      if (to > from) region.fill(1, y * width + from, y * width + to);
    }
  }
  const coverage = truth.occluder(frame);
  if (coverage) for (let i = 0; i < region.length; i++) if ((coverage[i] as number) > 0.02) region[i] = 0;
  return region;
}
