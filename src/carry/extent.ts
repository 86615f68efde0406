import type { Similarity3 } from '../motion/similarity3.ts';

/** How far a motion carries the farthest part of a face of this size around (x, y) at depth 0, over inter-ocular distance. */
export function extentOf({ m, t }: Similarity3, x: number, y: number, interOcular: number): number {
  let most = 0;
  for (const dx of [-interOcular, interOcular]) {
    for (const dy of [-interOcular, interOcular]) {
      const px = x + dx;
      const py = y + dy;
      most = Math.max(most, Math.hypot(m[0] * px + m[1] * py + t[0] - px, m[3] * px + m[4] * py + t[1] - py));
    }
  }
  return most / interOcular;
}
