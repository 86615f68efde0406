import type { DenseMap } from '../../../face/dense-map.ts';
import type { FlowLattice } from '../../../motion/flow-lattice.ts';
import type { FloatPool } from '../float-pool.ts';

/** A plane of size² at every entry of the map, bicubic; lent by the pool, as all that follows. */
export function sampledByMap(plane: Float32Array, size: number, map: DenseMap, pool: FloatPool): Float32Array {
  const out = pool.lend(map.size * map.size);
  pool.loops.sampledByMap(plane, size, map.xy, out.length, out);
  return out;
}

/** The map as looked up where the flow leads, bilinear. */
export function displacedMap({ size, xy }: DenseMap, flow: FlowLattice, pool: FloatPool): DenseMap {
  const out = pool.lend(xy.length);
  const moved = pool.copied(flow.xy);
  pool.loops.displacedMap(xy, size, moved, flow.step, flow.columns, flow.rows, out);
  pool.giveBack(moved);
  return { size, xy: out };
}

/** What is sampled in full through a map and a gain of a smaller side. */
export interface FullSamples {
  readonly size: number;
  readonly luma: Float32Array;
  readonly map: DenseMap;
  readonly gain: Float32Array;
  readonly where: Float32Array;
  /** What stands where `where` is 0. */
  readonly outside: Float32Array;
}

/** The luma through the map, bicubic, times the gain; both are bilinear between their entries. */
export function sampledInFull(samples: FullSamples, pool: FloatPool): Float32Array {
  const { size, luma, map, gain, where, outside } = samples;
  const out = pool.lend(size * size);
  pool.loops.sampledInFull(luma, size, map.xy, gain, map.size, where, outside, out);
  return out;
}
