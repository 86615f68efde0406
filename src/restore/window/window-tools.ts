import type { Compute } from '../../compute/compute.ts';
import { openCpuCompute } from '../../compute/cpu/cpu-compute.ts';
import { openPreparedPatches, type PreparedPatches } from './prepared-patches.ts';

/** What windows are computed by, and the patches that were made ready for them. */
export interface WindowTools extends Disposable {
  readonly compute: Compute;
  readonly patches: PreparedPatches;
}

/** Closing them closes the patches; the backend stays open. */
export function openWindowTools(compute: Compute = openCpuCompute()): WindowTools {
  const patches = openPreparedPatches(compute);
  return { compute, patches, [Symbol.dispose]: () => patches[Symbol.dispose]() };
}
