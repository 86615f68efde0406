import type { Compute } from '../compute.ts';
import { cpuFilters } from './filters.ts';
import { openFloatPool } from './float-pool.ts';
import { cpuFlows } from './flows.ts';
import { cpuGrains } from './grains.ts';
import { cpuImages } from './images.ts';
import { cpuLights } from './lights.ts';
import { cpuMasks } from './masks.ts';
import { cpuPlates } from './plates.ts';
import { cpuWarps } from './warps.ts';
import { cpuWindows } from './windows.ts';

/** The processor itself, in the calling thread: operations are done when they return. One serves a thread, whatever it computes. */
export function openCpuCompute(): Compute {
  const pool = openFloatPool();
  return {
    name: 'cpu',
    ...cpuImages(),
    ...cpuPlates(pool),
    ...cpuMasks(pool),
    ...cpuFilters(pool),
    ...cpuFlows(pool),
    ...cpuWindows(pool),
    ...cpuGrains(pool),
    ...cpuWarps(pool),
    ...cpuLights(pool),
    async [Symbol.asyncDispose]() {},
  };
}
