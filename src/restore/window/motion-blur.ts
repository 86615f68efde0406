import type { Compute } from '../../compute/compute.ts';
import type { Figures } from '../../compute/image.ts';
import { smoothstep } from '../../film/interpolate.ts';
import { median } from '../../motion/quantile.ts';
import type { AlignedWindow } from './aligned-window.ts';

/** Blur before curvature is read, and the distance over which it is, pixels of the half size: grain has little left there. */
const BLUR = 1;
const LAG = 2;
/** Neighbours that are compared. */
const COMPARED = 4;
/** Sharpness against neighbours below which nothing is to be had from them or from stills, and from which all is: a head that turns has 0.65. */
const SMEARED = 0.35;
const AS_SHARP = 0.6;

/** The energy of the curvature of the centre's luma and of its nearest neighbours', in four directions, as `stillnessOf` takes it. */
export function curvaturesOf(
  compute: Compute,
  { lumas, look }: AlignedWindow,
): Figures<readonly (readonly number[])[]> {
  const count = Math.min(lumas.planes, 1 + COMPARED);
  using compared = compute.planes(
    lumas,
    Array.from({ length: count }, (_, k) => k),
  );
  return compute.curvature(compared, look, { sigma: BLUR, lag: LAG });
}

/**
 * How far the centre is as sharp as its aligned neighbours, 0 … 1: 0 where the head or the camera moved while the shutter was open.
 * Such a frame must stay smeared: sharper pixels would stand still for the length of a frame. The energy of the luma's curvature is compared with
 * the neighbours' median, in the direction in which it has suffered most.
 */
export function stillnessOf([own, ...others]: readonly (readonly number[])[]): number {
  if (!own || others.length === 0) return 1;
  const ratios = own.map((v, k) => {
    const typical = median(others.map((other) => other[k] as number));
    return typical > 0 ? v / typical : 1;
  });
  return smoothstep(SMEARED, AS_SHARP, Math.min(...ratios));
}
