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
  const { first, second } = lumasOf(a, b, where);
  const counts = new Int32Array(GRAIN_STEPS);
  for (let k = 0; k < first.length; k++) counts[stepOf((first[k] + second[k]) / 2)] += 1;
  const steps = Array.from(counts, (count, step) => ({
    count,
    deviation: () => deviationOf(...samplesOfStep(first, second, step, count)),
  }));
  return grainTold(deviationOf(first, second), steps);
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

/** Luma of both where it is looked at. */
function lumasOf(a: Float32Array, b: Float32Array, where: Float32Array) {
  const area = where.length;
  const room = Math.ceil(area / GRAIN_STEP);
  const first = new Float32Array(room);
  const second = new Float32Array(room);
  let count = 0;
  for (let i = 0; i < area; i += GRAIN_STEP) {
    if (!(where[i] > 0)) continue;
    first[count] = lumaOfColour(a[i], a[area + i], a[2 * area + i]);
    second[count++] = lumaOfColour(b[i], b[area + i], b[2 * area + i]);
  }
  return { first: first.subarray(0, count), second: second.subarray(0, count) };
}

/** Of both, what lies in one step of brightness: `count` samples. */
function samplesOfStep(
  first: Float32Array,
  second: Float32Array,
  step: number,
  count: number,
): [Float32Array, Float32Array] {
  const own: [Float32Array, Float32Array] = [new Float32Array(count), new Float32Array(count)];
  for (let k = 0, o = 0; k < first.length; k++) {
    if (stepOf((first[k] + second[k]) / 2) !== step) continue;
    own[0][o] = first[k];
    own[1][o++] = second[k];
  }
  return own;
}

function deviationOf(a: Float32Array, b: Float32Array): number {
  return temporalNoiseSigma({ width: a.length, height: 1, samples: a }, { width: b.length, height: 1, samples: b });
}

function stepOf(luma: number): number {
  return Math.min(GRAIN_STEPS - 1, Math.max(0, Math.floor(luma * GRAIN_STEPS)));
}
