import type { DirtCandidateOptions } from '../../windows.ts';
import { gaussian } from '../filter/gaussian.ts';
import type { FloatPool } from '../float-pool.ts';

/** Planes of side `size`: the centre's luma, its neighbours', where they are looked at (1), and expressive regions (1). */
export interface LumaSamples {
  readonly size: number;
  readonly luma: Float32Array;
  readonly neighbours: readonly Float32Array[];
  readonly look: Float32Array;
  readonly expressive: Float32Array;
}

/** See `WindowOperations.dirtCandidates`. */
export function dirtCandidates(samples: LumaSamples, options: DirtCandidateOptions, pool: FloatPool): Float32Array {
  const { size, luma, neighbours, look, expressive } = samples;
  const { sigma, threshold, expressiveFactor, ofDisagreement, reach } = options;
  const area = size * size;
  const soft = (plane: Float32Array) => gaussian(plane, { width: size, height: size }, sigma, pool);
  const own = soft(luma);
  const others = neighbours.map(soft);
  const out = pool.lend(4 * area);
  for (let i = 0; i < area; i++) {
    out[i] = 0;
    out[area + i] = -1;
    out[2 * area + i] = 0;
    out[3 * area + i] = 0;
    if (look[i] !== 1) continue;
    const v = own[i];
    let low = Infinity;
    let high = -Infinity;
    let least = Infinity;
    let most = 0;
    for (let k = 0; k < others.length; k++) {
      const w = others[k][i];
      const apart = Math.abs(v - w);
      if (w < low) low = w;
      if (w > high) high = w;
      if (apart < least) least = apart;
      if (apart > most) most = apart;
    }
    out[area + i] = least;
    out[2 * area + i] = most;
    const beyond = v > high ? v - high : low - v;
    const enough = expressive[i] === 1 ? expressiveFactor * threshold : threshold;
    if (beyond > enough + ofDisagreement * (high - low)) {
      out[i] = 1;
      out[3 * area + i] = beyondAllAround(v, i, { others, look, size, reach });
    }
  }
  pool.giveBack(own, ...others);
  return out;
}

/** By how much a value is brighter or darker than all that neighbours show within `reach` of pixel `i`; 0 or less where one shows as much. */
function beyondAllAround(
  v: number,
  i: number,
  {
    others,
    look,
    size,
    reach,
  }: {
    readonly others: readonly Float32Array[];
    readonly look: Float32Array;
    readonly size: number;
    readonly reach: number;
  },
): number {
  const x = i % size;
  const y = (i - x) / size;
  const whole = Math.floor(reach);
  let low = Infinity;
  let high = -Infinity;
  for (let b = Math.max(0, y - whole); b <= Math.min(size - 1, y + whole); b++) {
    for (let a = Math.max(0, x - whole); a <= Math.min(size - 1, x + whole); a++) {
      const at = b * size + a;
      if ((a - x) ** 2 + (b - y) ** 2 > reach * reach || look[at] !== 1) continue;
      for (let k = 0; k < others.length; k++) {
        const w = others[k][at];
        if (w < low) low = w;
        if (w > high) high = w;
      }
    }
  }
  return high < low ? 0 : Math.max(v - high, low - v);
}
