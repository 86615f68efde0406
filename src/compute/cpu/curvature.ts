import { gaussianBlur } from '../../motion/gaussian.ts';

/** See `WindowOperations.curvature`: of a square plane. */
export function curvature(
  luma: Float32Array,
  look: Float32Array,
  size: number,
  { sigma, lag }: { readonly sigma: number; readonly lag: number },
): readonly number[] {
  const { samples } = gaussianBlur({ width: size, height: size, samples: luma }, sigma);
  const down = lag * size;
  return [
    energyAlong(samples, look, lag),
    energyAlong(samples, look, down),
    energyAlong(samples, look, down + lag),
    energyAlong(samples, look, down - lag),
  ];
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
