import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { LEFT_EYE, LIPS_OUTER, RIGHT_EYE } from '../../face/regions.ts';

/** How far beyond the lids an eye's region reaches, inter-ocular distances. */
const AROUND_EYES = 0.06;

/** The eyes with their lids on a square of side `size`: 1 inside, else 0. Landmarks are those of a patch `scale` times as large. */
export function eyeRegions(compute: Compute, landmarks: Landmarks, size: number, scale: number): Image {
  const polygons = [LEFT_EYE, RIGHT_EYE].map((region) => polygonOf(region, landmarks, scale));
  return compute.polygons(polygons, size, AROUND_EYES * PATCH_INTER_OCULAR * size);
}

export interface ExpressiveOptions {
  /** Side of the square, pixels. */
  readonly size: number;
  /** Pixels of the landmarks' patch a pixel of the square. */
  readonly scale: number;
  /** What is taken in around, pixels of the square. */
  readonly margin: number;
}

/** Where a face may change from one frame to the next by itself: the same for mouth and eyes, with a margin. */
export function expressiveRegions(
  compute: Compute,
  landmarks: Landmarks,
  { size, scale, margin }: ExpressiveOptions,
): Image {
  const polygons = [LIPS_OUTER, LEFT_EYE, RIGHT_EYE].map((region) => polygonOf(region, landmarks, scale));
  return compute.polygons(polygons, size, margin);
}

function polygonOf(region: readonly number[], landmarks: Landmarks, scale: number): Float32Array {
  return Float32Array.from(
    region.flatMap((i) => [(landmarks[3 * i] as number) / scale, (landmarks[3 * i + 1] as number) / scale]),
  );
}
