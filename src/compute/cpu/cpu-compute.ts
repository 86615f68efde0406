import type { Compute } from '../compute.ts';
import { cpuCarrying } from './carrying.ts';
import { cpuFilters } from './filters.ts';
import { type FloatPool, openFloatPool } from './float-pool.ts';
import { cpuFlows } from './flows.ts';
import { cpuGrains } from './grains.ts';
import { cpuImages } from './images.ts';
import { cpuLights } from './lights.ts';
import { cpuMasks } from './masks.ts';
import { cpuMeasures } from './measures.ts';
import { cpuPixels } from './pixels.ts';
import { cpuPlates } from './plates.ts';
import { cpuStills } from './stills.ts';
import { cpuTiles } from './tiles.ts';
import { cpuWarps } from './warps.ts';
import { cpuWindows } from './windows.ts';

/** The processor itself, in the calling thread: operations are done when they return. One serves a thread, whatever it computes. */
export function openCpuCompute(pool: FloatPool = openFloatPool()): Compute {
  return {
    name: 'cpu',
    ...cpuImages(pool),
    ...cpuPlates(pool),
    ...cpuMasks(pool),
    ...cpuPixels(pool),
    ...cpuFilters(pool),
    ...cpuTiles(pool),
    ...cpuFlows(pool),
    ...cpuWindows(pool),
    ...cpuGrains(pool),
    ...cpuStills(pool),
    ...cpuCarrying(pool),
    ...cpuWarps(pool),
    ...cpuLights(pool),
    ...cpuMeasures(pool),
    async [Symbol.asyncDispose]() {},
  };
}
