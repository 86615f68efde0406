import { lumaOfColour } from '../../../film/luma.ts';
import { temporalNoiseSigma } from '../../../motion/noise.ts';
import { GRAIN_STEPS, type WindowGrain } from '../../grains.ts';

/** Samples of a step from which it tells, and at which it counts as much as the whole face. */
const FEWEST = 60;
const ENOUGH = 200;
/** Every so many pixels one is read. */
export const GRAIN_STEP = 3;

/** See `GrainOperations.grainBetween`: of planar RGB, `Float32Array` of 3·size², where `where` (size²) is above 0. */
export function grainBetween(a: Float32Array, b: Float32Array, where: Float32Array): WindowGrain {
  const inside: number[] = [];
  for (let i = 0; i < where.length; i += GRAIN_STEP) if (where[i] > 0) inside.push(i);
  const first = lumaAt(a, inside);
  const second = lumaAt(b, inside);
  const deviation = deviationOf(first, second);
  const steps = Array.from({ length: GRAIN_STEPS }, (): number[] => []);
  for (let k = 0; k < first.length; k++) steps[stepOf((first[k] + second[k]) / 2)].push(k);
  return grainTold(
    deviation,
    steps.map((step) => ({
      count: step.length,
      deviation: () => deviationOf(chosen(first, step), chosen(second, step)),
    })),
  );
}

/** What samples of all brightnesses tell together, and those of each step: one with few leans on all. */
export function grainTold(
  deviation: number,
  steps: readonly { readonly count: number; readonly deviation: () => number }[],
): WindowGrain {
  const byLuma = steps.map((step) => {
    if (step.count < FEWEST) return null;
    const trust = step.count / (step.count + ENOUGH);
    return trust * step.deviation() + (1 - trust) * deviation;
  });
  return { deviation, byLuma };
}

function lumaAt(rgb: Float32Array, pixels: readonly number[]): Float32Array {
  const area = rgb.length / 3;
  const out = new Float32Array(pixels.length);
  for (let k = 0; k < out.length; k++) {
    const i = pixels[k];
    out[k] = lumaOfColour(rgb[i], rgb[area + i], rgb[2 * area + i]);
  }
  return out;
}

function chosen(samples: Float32Array, at: readonly number[]): Float32Array {
  const out = new Float32Array(at.length);
  for (let k = 0; k < out.length; k++) out[k] = samples[at[k]];
  return out;
}

function deviationOf(a: Float32Array, b: Float32Array): number {
  return temporalNoiseSigma({ width: a.length, height: 1, samples: a }, { width: b.length, height: 1, samples: b });
}

function stepOf(luma: number): number {
  return Math.min(GRAIN_STEPS - 1, Math.max(0, Math.floor(luma * GRAIN_STEPS)));
}
