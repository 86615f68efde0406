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
  const share = boxBlur(expressive, half, { sigma: soft, passes: 2 }, pool);
  const out = pool.lend(mean.length);
  out.set(mean);
  const rest = pool.lend(area);
  for (let first = 0; first < 3 * area; first += area) {
    for (let i = 0; i < area; i++) rest[i] = where[i] > 0 ? own[i] * (centre[first + i] - mean[first + i]) : 0;
    const small = halved(rest, size, pool);
    const light = boxBlur(small, half, { sigma: coarse, passes: 2 }, pool);
    for (let i = 0; i < light.length; i++) light[i] *= share[i];
    const full = doubled(light, half, pool);
    for (let i = 0; i < area; i++) if (where[i] > 0) out[first + i] += full[i];
    pool.giveBack(small, light, full);
  }
  pool.giveBack(share, rest);
  return out;
}
