import { enlargedTo } from '../filter/half-size.ts';
import type { FloatPool } from '../float-pool.ts';

/** The samples of `OfferedDetail`: `lost` of size², the others of a smaller side. */
interface OfferedSamples {
  readonly lost: Float32Array;
  readonly energy: Float32Array;
  readonly error: Float32Array;
  readonly gate: Float32Array;
}

/** Sum of weights below which no still is near. */
export const LEAST_NEARNESS = 1e-9;

/** See `StillOperations.mixedDetail`: `look` of side², the details of size². Both planes are lent by the pool. */
export function mixedDetail(
  offers: readonly OfferedSamples[],
  look: Float32Array,
  { size, side, temperature }: { readonly size: number; readonly side: number; readonly temperature: number },
  pool: FloatPool,
) {
  const total = pool.zeroed(look.length);
  const weights = offers.map(({ error }) => {
    const weight = pool.lend(look.length);
    for (let i = 0; i < weight.length; i++) {
      weight[i] = Math.exp(-Math.sqrt(error[i]) / temperature);
      total[i] += weight[i];
    }
    return weight;
  });
  const detail = pool.zeroed(size * size);
  const sum = pool.zeroed(look.length);
  const part = pool.lend(look.length);
  let offered = 0;
  let believed = 0;
  offers.forEach(({ lost, energy, gate }, k) => {
    const weight = weights[k];
    for (let i = 0; i < part.length; i++) {
      const whole = weight[i] / Math.max(LEAST_NEARNESS, total[i]);
      part[i] = whole * gate[i];
      if (!(look[i] > 0)) continue;
      sum[i] += part[i];
      offered += energy[i] * whole;
      believed += energy[i] * part[i];
    }
    const full = enlargedTo(part, side, size, pool);
    pool.loops.addedProduct(full, lost, detail, detail.length);
    if (full !== part) pool.giveBack(full);
  });
  const gate = enlargedTo(sum, side, size, pool);
  if (gate !== sum) pool.giveBack(sum);
  pool.giveBack(total, part, ...weights);
  return { detail, gate, accepted: offered > 0 ? believed / offered : null };
}
