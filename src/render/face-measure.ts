import type { Compute } from '../compute/compute.ts';
import { lumaOfPlanar } from '../compute/cpu/planar.ts';
import type { Patch } from '../compute/patch.ts';
import { lumaOfColour } from '../film/luma.ts';
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
  const [plate, painted, matte] = await Promise.all([
    compute.read(rgb),
    compute.read(restored.rgb),
    compute.read(restored.matte),
  ]);
  const before = lumaOfPlanar(plate);
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

function compedLuma(before: Float32Array, rgb: Float32Array, matte: Float32Array): Float32Array {
  const area = before.length;
  const after = Float32Array.from(before);
  for (let i = 0; i < area; i++) {
    const alpha = matte[i] as number;
    if (!(alpha > 0)) continue;
    const painted = lumaOfColour(rgb[i] as number, rgb[area + i] as number, rgb[2 * area + i] as number);
    const plate = before[i] as number;
    after[i] = plate + alpha * (painted - plate);
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
