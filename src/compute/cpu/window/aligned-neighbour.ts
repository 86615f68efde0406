import type { Landmarks } from '../../../face/landmarks.ts';
import { denseFlow, type SearchTemplate } from '../../../motion/dense-flow.ts';
import { type FlowLattice, flowAt } from '../../../motion/flow-lattice.ts';
import type { Pyramid } from '../../../motion/pyramid.ts';
import type { AlignOptions } from '../../flows.ts';
import { halvedLuma } from '../filter/half-size.ts';
import type { FloatPool } from '../float-pool.ts';
import { type Brightness, bringToBrightness } from './brightness.ts';
import { pooledSearch } from './pooled-flow.ts';
import { sampleFlow } from './sample-flow.ts';

/** The samples of an `AlignTarget`, of side `size`. */
export interface TargetSamples {
  readonly size: number;
  /** Patch pixels a pixel of the template. */
  readonly scale: number;
  readonly template: SearchTemplate;
  readonly where: Float32Array;
  /** Of half the side. */
  readonly luma: Float32Array;
  readonly look: Float32Array;
  readonly brightness: Brightness;
}

/** The samples of an `AlignSource`, and what is made of them. */
export interface SourceSamples {
  readonly rgb: Float32Array;
  readonly into: { readonly rgb: Float32Array; readonly luma: Float32Array };
  readonly pyramid: Pyramid;
  readonly start: FlowLattice;
}

/** See `FlowOperations.alignNeighbours`: writes a neighbour's planes into `into`. */
export function alignedNeighbour(
  { size, scale, template, where, luma: outside, look, brightness }: TargetSamples,
  { rgb: from, into, pyramid, start }: SourceSamples,
  { bound, smoothing, points, greatestGain }: AlignOptions,
  pool: FloatPool,
) {
  const flow = denseFlow(template, pyramid, { start, bound, smoothing, search: pooledSearch(pool) });
  sampleFlow({ planes: from, size, where }, { lattice: flow, scale }, into.rgb, pool);
  const otherLight = bringToBrightness(brightness, into.rgb, { size, greatestGain }, pool);
  const luma = halvedLuma(into.rgb, size, pool);
  pool.loops.chosen(luma, outside, look, into.luma, luma.length);
  pool.giveBack(luma);
  return { otherLight, beyondStart: beyondStart(flow, start, points, scale) };
}

/** What flow found beyond its start at every point: x, y, patch pixels. */
function beyondStart(flow: FlowLattice, start: FlowLattice, points: Landmarks, scale: number): Float64Array {
  const count = points.length / 3;
  const out = new Float64Array(2 * count);
  const found = new Float64Array(4);
  for (let i = 0; i < count; i++) {
    const x = points[3 * i] / scale;
    const y = points[3 * i + 1] / scale;
    flowAt(flow, x, y, found, 0);
    flowAt(start, x, y, found, 2);
    out[2 * i] = scale * (found[0] - found[2]);
    out[2 * i + 1] = scale * (found[1] - found[3]);
  }
  return out;
}
