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
  const { sigma, threshold, expressiveFactor, ofDisagreement } = options;
  const area = size * size;
  const soft = (plane: Float32Array) => gaussian(plane, { width: size, height: size }, sigma, pool);
  const own = soft(luma);
  const others = neighbours.map(soft);
  const out = pool.lend(2 * area);
  for (let i = 0; i < area; i++) {
    out[i] = 0;
    out[area + i] = -1;
    if (look[i] !== 1) continue;
    const v = own[i];
    let low = Infinity;
    let high = -Infinity;
    let least = Infinity;
    for (let k = 0; k < others.length; k++) {
      const w = others[k][i];
      if (w < low) low = w;
      if (w > high) high = w;
      least = Math.min(least, Math.abs(v - w));
    }
    out[area + i] = least;
    const beyond = v > high ? v - high : low - v;
    const enough = expressive[i] === 1 ? expressiveFactor * threshold : threshold;
    if (beyond > enough + ofDisagreement * (high - low)) out[i] = 1;
  }
  pool.giveBack(own, ...others);
  return out;
}
