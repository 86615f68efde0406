import { lumaOfColour } from '../../../film/luma.ts';
import type { FloatPool } from '../float-pool.ts';

/** Luma below which a colour is not told from black: a level of 8 bits. */
export const DARKEST_COLOUR = 0.004;

/** See `StillOperations.withDetail`: planar RGB, lent by the pool. */
export function withDetail(
  rgb: Float32Array,
  detail: Float32Array,
  { strength, most }: { readonly strength: number; readonly most: number },
  pool: FloatPool,
): Float32Array {
  const out = pool.lend(rgb.length);
  out.set(rgb);
  const area = detail.length;
  for (let i = 0; i < area; i++) {
    const d = strength * detail[i];
    if (d === 0) continue;
    const v = Math.max(DARKEST_COLOUR, Math.fround(lumaOfColour(rgb[i], rgb[area + i], rgb[2 * area + i])));
    const factor = Math.min(most, Math.max(1 / most, (v + d) / v));
    for (let o = i; o < out.length; o += area) out[o] *= factor;
  }
  return out;
}
