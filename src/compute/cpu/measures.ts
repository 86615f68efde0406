import { shadingOf } from '../../metrics/shading.ts';
import { faceSharpness } from '../../metrics/sharpness.ts';
import { squareSide } from '../image-handles.ts';
import type { MeasureOperations } from '../measures.ts';
import { figures, samplesOf } from './cpu-image.ts';
import { lumaOfPlanar } from './filter/planar.ts';
import type { FloatPool } from './float-pool.ts';

export function cpuMeasures(pool: FloatPool): MeasureOperations {
  return {
    measuredFace(plate, restored, mask) {
      const size = squareSide(plate);
      const matte = samplesOf(mask);
      const before = lumaOfPlanar(samplesOf(plate), pool);
      const after = lumaOfPlanar(samplesOf(restored), pool);
      comp(before, after, matte);
      const told = {
        before: meanUnder(matte, before),
        after: meanUnder(matte, after),
        beforeGrid: shadingOf(before, matte, size),
        afterGrid: shadingOf(after, matte, size),
        sharpnessBefore: faceSharpness(before, matte, size),
        sharpnessAfter: faceSharpness(after, matte, size),
      };
      pool.giveBack(before, after);
      return figures(told);
    },
  };
}

/** What is painted over what was there, under the matte, in place. */
function comp(before: Float32Array, painted: Float32Array, matte: Float32Array): void {
  for (let i = 0; i < painted.length; i++) {
    const alpha = matte[i];
    // Outside of the matte anything may be painted, not-a-number too.
    painted[i] = alpha > 0 ? before[i] + alpha * (painted[i] - before[i]) : before[i];
  }
}

/** Mean under the matte; 0 without one. */
function meanUnder(matte: Float32Array, luma: Float32Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < luma.length; i++) {
    const weight = matte[i];
    if (!(weight > 0)) continue;
    sum += weight * luma[i];
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}
