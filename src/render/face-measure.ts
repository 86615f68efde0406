import type { Compute } from '../compute/compute.ts';
import type { Patch } from '../compute/patch.ts';
import { shadingChange, shadingOf } from '../metrics/shading.ts';
import { faceSharpness } from '../metrics/sharpness.ts';
import type { Restoration } from '../restore/restorer.ts';
import type { FaceMeasure } from './face-rendering.ts';

/** A face in its patch before and after the comp, over the matte. */
export async function measureFace(
  compute: Compute,
  { rgb, size }: Patch,
  restored: Pick<Restoration, 'rgb' | 'matte'>,
): Promise<FaceMeasure> {
  using plateLuma = compute.luma(rgb);
  using paintedLuma = compute.luma(restored.rgb);
  const [before, painted, matte] = await Promise.all([
    compute.read(plateLuma),
    compute.read(paintedLuma),
    compute.read(restored.matte),
  ]);
  const after = compedLuma(before, painted, matte);
  const beforeGrid = shadingOf(before, matte, size);
  const afterGrid = shadingOf(after, matte, size);
  return {
    before: meanUnder(matte, before),
    after: meanUnder(matte, after),
    beforeGrid,
    afterGrid,
    change: shadingChange(beforeGrid, afterGrid),
    sharpnessBefore: faceSharpness(before, matte, size),
    sharpnessAfter: faceSharpness(after, matte, size),
  };
}

function compedLuma(before: Float32Array, painted: Float32Array, matte: Float32Array): Float32Array {
  const after = Float32Array.from(before);
  for (let i = 0; i < after.length; i++) {
    const alpha = matte[i] as number;
    // Outside of the matte anything may be painted, not-a-number too.
    if (alpha > 0) after[i] = (before[i] as number) + alpha * ((painted[i] as number) - (before[i] as number));
  }
  return after;
}

/** Mean under the matte; 0 without one. */
function meanUnder(matte: Float32Array, luma: Float32Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < luma.length; i++) {
    const weight = matte[i] as number;
    if (!(weight > 0)) continue;
    sum += weight * (luma[i] as number);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}
