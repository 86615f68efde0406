import type { FlowLattice } from '../../../motion/flow-lattice.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';

/** A lattice of a picture `scale` times smaller than the one that it displaces. */
export interface ScaledFlow {
  readonly lattice: FlowLattice;
  readonly scale: number;
}

/** One or more planes of size², and where in them (size², above 0) anything is sampled. */
interface MaskedPlanes {
  readonly planes: Float32Array;
  readonly size: number;
  readonly where: Float32Array;
}

/** Writes the picture as displaced by a lattice to `out`, which is like `planes`; bicubic. Pixels at which `where` is 0 become 0. */
export function sampleFlow(
  { planes, size, where }: MaskedPlanes,
  { lattice, scale }: ScaledFlow,
  out: Float32Array,
  pool: FloatPool = FRESH,
): void {
  const { step, columns, rows } = lattice;
  const count = planes.length / (size * size);
  const xy = pool.copied(lattice.xy);
  const scratch = pool.lend(2 * (columns + 1 + size));
  pool.loops.sampledByFlow(planes, count, size, where, xy, columns, rows, step * scale, scale, scratch, out);
  pool.giveBack(xy, scratch);
}
