import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { asFarAsSeen } from '../visible-matte.ts';
import type { AlignedWindow } from './aligned-window.ts';

/** What a repaired face's matte is drawn from. */
export interface MatteSource {
  readonly aligned: Pick<AlignedWindow, 'landmarks' | 'size' | 'visibility'>;
  /** 1 where the frame's own samples are good, 0 where they are dirt. */
  readonly own: Image;
  /** Share of the face that is dirt or a scratch, 0 … 1. */
  readonly damage: number;
  /** Patch pixels a plate pixel, at least 1. */
  readonly pixel: number;
}

/** Width of the matte's soft edge where dirt lies, inter-ocular distances, and over what the one edge goes over into the other, plate pixels. */
const CLOSE = 0.03;
const BETWEEN = 1;

/** How a matte's edge is drawn, and what it is multiplied by. */
interface MatteEdge {
  readonly softness: number;
  readonly strength: number;
}

/**
 * The matte of a repaired face. Its soft edge hides that the face is cleaner and sharper than what is around it; dirt, which such an
 * edge would leave half, is taken away up to the outline. What is before the face is not in it.
 */
export function repairedMatte(compute: Compute, source: MatteSource, edge: MatteEdge): Image {
  using whole = wholeRepairedMatte(compute, source, edge);
  return asFarAsSeen(compute, whole, source.aligned.visibility);
}

/** The same, whatever is before the face. */
export function wholeRepairedMatte(
  compute: Compute,
  { aligned, own, damage, pixel }: MatteSource,
  { softness, strength }: MatteEdge,
): Image {
  const { landmarks, size } = aligned;
  const soft = compute.faceMatte(landmarks, size, { softness, strength });
  if (damage === 0 || softness <= CLOSE) return soft;
  using wide = soft;
  using close = compute.faceMatte(landmarks, size, { softness: CLOSE, strength });
  using sound = compute.gaussian(own, BETWEEN * pixel);
  return compute.crossFaded(wide, close, { share: sound, enough: ALL, where: close });
}

/** Share of good samples that is all of them but for the blur's rounding. */
const ALL = 0.999;
