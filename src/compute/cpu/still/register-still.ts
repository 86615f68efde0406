import type { DenseMap } from '../../../face/dense-map.ts';
import { denseFlow, type SearchTemplate } from '../../../motion/dense-flow.ts';
import type { RegisterOptions } from '../../stills.ts';
import { boxBlur } from '../filter/box-blur.ts';
import type { FloatPool } from '../float-pool.ts';
import { flowPyramid } from '../window/flow-pyramid.ts';
import { pooledPyramid, pooledSearch } from '../window/pooled-flow.ts';
import { mapFit } from './map-fit.ts';
import { displacedMap, sampledByMap, sampledInFull } from './sample-map.ts';

/** The samples of a `RegisterTarget`, of side `size`. */
export interface TargetFace {
  readonly size: number;
  readonly template: SearchTemplate;
  readonly luma: Float32Array;
  readonly where: Float32Array;
  /** The local mean of its luma at the template's resolution. */
  readonly light: Float32Array;
}

/** The samples of a `RegisterSource`. */
interface SourceStill {
  readonly luma: Float32Array;
  readonly map: DenseMap;
}

/** Luma below which light is not told. */
export const DARKEST_LIGHT = 0.01;

/** See `StillOperations.registerStills`; all planes are lent by the pool. */
export function registeredStill(
  { size, template, luma: face, where, light }: TargetFace,
  { luma: still, map }: SourceStill,
  options: RegisterOptions,
  pool: FloatPool,
) {
  const unregistered = sampledByMap(still, size, map, pool);
  const gain = boxBlur(unregistered, map.size, { sigma: options.light.sigma, passes: 2 }, pool);
  const { most } = options.light;
  for (let i = 0; i < gain.length; i++) {
    gain[i] = Math.min(most, Math.max(1 / most, light[i] / Math.max(DARKEST_LIGHT, gain[i])));
    unregistered[i] *= gain[i];
  }
  const { bound, smoothing } = options;
  const { of: pyramid, giveBack } = pooledPyramid(
    flowPyramid(unregistered, map.size, { scale: 1, radius: options.radius }, pool).pyramid,
    pool,
  );
  const moved = displacedMap(map, denseFlow(template, pyramid, { bound, smoothing, search: pooledSearch(pool) }), pool);
  const luma = sampledInFull({ size, luma: still, map: moved, gain, where, outside: face }, pool);
  giveBack();
  pool.giveBack(gain, moved.xy);
  return { unregistered, luma, fit: mapFit(map, options.stretch, pool) };
}
