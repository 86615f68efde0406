import { gaussian } from '../filter/gaussian.ts';
import type { FloatPool } from '../float-pool.ts';

/** See `WindowOperations.curvature`: of a square plane. */
export function curvature(
  { luma, look, size }: { readonly luma: Float32Array; readonly look: Float32Array; readonly size: number },
  { sigma, lag }: { readonly sigma: number; readonly lag: number },
  pool: FloatPool,
): readonly number[] {
  const samples = gaussian(luma, { width: size, height: size }, sigma, pool);
  const down = lag * size;
  const energies = [
    energyAlong(samples, look, lag),
    energyAlong(samples, look, down),
    energyAlong(samples, look, down + lag),
    energyAlong(samples, look, down - lag),
  ];
  pool.giveBack(samples);
  return energies;
}

function energyAlong(samples: Float32Array, look: Float32Array, step: number): number {
  let sum = 0;
  for (let i = step; i + step < samples.length; i++) {
    if (look[i - step] !== 1 || look[i] !== 1 || look[i + step] !== 1) continue;
    const d = 2 * samples[i] - samples[i - step] - samples[i + step];
    sum += d * d;
  }
  return sum;
}
