import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import type { Patch } from '../../compute/patch.ts';
import type { DescratchOptions } from '../../compute/windows.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { scaleOf } from '../../face/similarity.ts';

/** Half width of a scratch, and of the ground to either side by which it is judged, plate pixels. */
const HALF_WIDTH = 3;
const GROUND = 4;
/** A scratch is at least this far from its ground, 0 … 1. */
const LEAST = 5 / 255;
/** Share of the patch's rows along which a column must be a scratch of one sign. */
const EVIDENCE = 0.6;
/** Half the length along which a scratch is alike, inter-ocular distances. */
const ALIKE = 0.12;
/** Heads tilted further (radians) are left alone: their columns would be sheared too far. */
const MOST_TILT = 0.45;

/**
 * A patch without lines down the film, and where they were (above 0; null: it was not looked for any). A scratch runs along the plate's
 * columns over the whole picture, whatever the face does; the picture under it stays.
 */
export function descratchedPatch(
  compute: Compute,
  patch: Patch,
): { readonly rgb: Image; readonly scratched: Image | null } {
  const options = descratchOptions(patch);
  return options ? compute.descratched(patch.rgb, options) : { rgb: compute.alias(patch.rgb), scratched: null };
}

/** Null where the head is tilted too far. */
function descratchOptions({ size, toPatch }: Patch): DescratchOptions | null {
  const tilt = toPatch.b / toPatch.a;
  if (!(toPatch.a > 0) || Math.abs(tilt) > MOST_TILT) return null;
  const pixel = Math.max(1, scaleOf(toPatch));
  return {
    tilt,
    half: Math.max(1, Math.round((HALF_WIDTH * pixel) / 2)),
    ground: Math.max(2, Math.round(GROUND * pixel)),
    along: Math.max(2, Math.round(ALIKE * PATCH_INTER_OCULAR * size)),
    least: LEAST,
    evidence: EVIDENCE,
  };
}
