import type { OwnShadingOptions } from '../../windows.ts';
import { boxBlur } from '../filter/box-blur.ts';
import { doubled, halved } from '../filter/half-size.ts';
import type { FloatPool } from '../float-pool.ts';

/** Planes of one side: `mean` and `centre` are planar RGB, `expressive` has half the side. */
export interface ShadingSamples {
  readonly size: number;
  readonly mean: Float32Array;
  readonly centre: Float32Array;
  readonly own: Float32Array;
  readonly where: Float32Array;
  readonly expressive: Float32Array;
}

/** See `WindowOperations.withOwnShading`. */
export function withOwnShading(
  samples: ShadingSamples,
  { coarse, soft }: OwnShadingOptions,
  pool: FloatPool,
): Float32Array {
  const { size, mean, centre, own, where, expressive } = samples;
  const area = size * size;
  const half = size >> 1;
  const { loops } = pool;
  const share = boxBlur(expressive, half, { sigma: soft, passes: 2 }, pool);
  const out = pool.copied(mean);
  const rest = pool.lend(area);
  for (let first = 0; first < 3 * area; first += area) {
    const [from, to] = [centre, out].map((planes) => planes.subarray(first, first + area));
    loops.weightedDifference(own, from, to, where, rest, area);
    const small = halved(rest, size, pool);
    const light = boxBlur(small, half, { sigma: coarse, passes: 2 }, pool);
    loops.product(light, share, light, light.length);
    const full = doubled(light, half, pool);
    loops.addedWhere(full, where, to, area);
    pool.giveBack(small, light, full);
  }
  pool.giveBack(share, rest);
  return out;
}
