import type { Roi } from '../../../film/roi.ts';
import type { FloatPool } from '../float-pool.ts';

/** The pixels of a rectangle of a plane, lent by the pool. */
export function cutOut(plane: Float32Array, width: number, part: Roi, pool: FloatPool): Float32Array {
  const out = pool.lend(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const from = (part.y + y) * width + part.x;
    out.set(plane.subarray(from, from + part.width), y * part.width);
  }
  return out;
}
