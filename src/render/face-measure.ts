import type { Compute } from '../compute/compute.ts';
import type { Patch } from '../compute/patch.ts';
import { shadingChange } from '../metrics/shading.ts';
import type { Restoration } from '../restore/restorer.ts';
import type { FaceMeasure } from './face-rendering.ts';

/** A face in its patch before and after the comp, over the matte. */
export async function measureFace(
  compute: Compute,
  { rgb }: Patch,
  restored: Pick<Restoration, 'rgb' | 'matte'>,
): Promise<FaceMeasure> {
  const { face } = await compute.statistics({ face: compute.measuredFace(rgb, restored.rgb, restored.matte) });
  return { ...face, change: shadingChange(face.beforeGrid, face.afterGrid) };
}
