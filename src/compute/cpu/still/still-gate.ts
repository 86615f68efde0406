import { smoothstep } from '../../../film/interpolate.ts';
import type { GateOptions } from '../../stills.ts';
import { valueAtShare } from '../filter/selection.ts';
import type { FloatPool } from '../float-pool.ts';

/** The samples of `StillEvidence`, of side `size`. */
export interface EvidenceSamples {
  readonly size: number;
  readonly after: Float32Array;
  readonly before: Float32Array;
  readonly fit: Float32Array;
  readonly energy: Float32Array;
  readonly error: Float32Array;
  readonly contrast: Float32Array;
  readonly eyes: Float32Array;
  readonly look: Float32Array;
}

/** See `StillOperations.stillGate`; lent by the pool. */
export function stillGate(evidence: EvidenceSamples, options: GateOptions, pool: FloatPool): Float32Array {
  const { size, after, before, fit, energy, error, contrast, eyes } = evidence;
  const { alike, alikeInEyes, alikeBefore, worth } = options;
  const gate = pool.lend(after.length);
  const noise = quietest(error, size, pool);
  for (let i = 0; i < gate.length; i++) {
    const [begins, full] = eyes[i] === 1 ? alikeInEyes : alike;
    const isAlike = smoothstep(begins, full, after[i]) * smoothstep(alikeBefore[0], alikeBefore[1], before[i]);
    gate[i] = isAlike * fit[i] * worthOf(energy[i], worth * Math.max(0, error[i] - noise));
  }
  const confidence = confidenceIn(gate, evidence, options);
  for (let i = 0; i < gate.length; i++) {
    gate[i] *= confidence;
    gate[i] *= contrast[i];
  }
  return gate;
}

/** How far a still is believed as a whole: smooth skin has nothing to agree about. */
function confidenceIn(
  gate: Float32Array,
  { energy, look }: EvidenceSamples,
  { accepted: [begins, full] }: GateOptions,
): number {
  let sum = 0;
  let offered = 0;
  for (let i = 0; i < gate.length; i++) {
    if (!(look[i] > 0)) continue;
    sum += energy[i] * gate[i];
    offered += energy[i];
  }
  return offered > 0 ? smoothstep(begins, full, sum / offered) : 0;
}

/** Share of a still's detail that is worth what its error costs: all where they match, none where the error is the larger by far. */
function worthOf(gain: number, cost: number): number {
  return gain > 0 ? 1 / (1 + (cost / gain) ** 2) : 0;
}

/** The error of the quietest quarter of the middle of the patch: grain that is left. */
function quietest(error: Float32Array, size: number, pool: FloatPool): number {
  const quarter = size >> 2;
  const found = pool.lend(error.length);
  let count = 0;
  for (let y = quarter; y < size - quarter; y += 2) {
    for (let x = quarter; x < size - quarter; x += 2) found[count++] = error[y * size + x];
  }
  const noise = valueAtShare(found.subarray(0, count), 0.25);
  pool.giveBack(found);
  return noise;
}
