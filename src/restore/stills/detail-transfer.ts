import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { OfferedDetail, Ramp, RegisteredImages } from '../../compute/stills.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { smoothstep } from '../../film/interpolate.ts';
import type { RepairedFace } from '../repair.ts';
import { believedShare, ERROR_WINDOW } from './believed-share.ts';
import { commonBlur } from './common-blur.ts';
import type { ReferenceStill } from './reference-still.ts';
import { type FaceToMatch, faceToMatch, registeredStills } from './still-registration.ts';

/** Deviation, 0 … 1, by which a worse still loses against a better one. */
export const TEMPERATURE = 4 / 255;
/** A plate no blurrier than the first, patch pixels, has lost nothing that is told from error; from the second on detail counts in full. */
const SHARP: Ramp = [0.15, 0.45];
/** Blur, patch pixels, from which it is made at half the size. */
const WIDE = 2;

/** Detail that stills say a plate has lost. Closing it closes its images. */
export interface DetailTransfer extends Disposable {
  /** Null where the plate has lost nothing. */
  readonly found: {
    /** Luma to add, about 0. */
    readonly detail: Image;
    /** Share of the stills' detail that was believed there, 0 … 1. */
    readonly gate: Image;
    /** The same of all that the stills offered; null where they offered none. */
    readonly accepted: number | null;
  } | null;
  /** The plate's blur over the stills', patch pixels. */
  readonly blur: number;
  /** How far the detail is faded in, 0 … 1: a plate that is hardly blurrier than the stills has lost little. */
  readonly strength: number;
}

/**
 * What a repaired face has lost, from one still or more of the same person.
 *
 * Each still is registered to the face and blurred as the plate is; its detail is what that blur takes from it. Around each pixel it
 * counts only where the features that the blur has left in the face are the blurred still's, in place, direction and sign; where both were
 * alike before registration; and where their difference is small against the detail: a blink finds no open eye. Among stills that agree
 * the nearest counts most (softmax of the error).
 */
export async function detailTransfer(
  compute: Compute,
  repaired: Pick<RepairedFace, 'rgb' | 'aligned' | 'averaged'>,
  stills: readonly ReferenceStill[],
): Promise<DetailTransfer> {
  using owned = openOwnership();
  using results = openOwnership();
  const face = owned.own(faceToMatch(compute, repaired));
  const seen = owned.own(registeredStills(compute, face, stills));
  const blur = await commonBlur(compute, face, repaired, seen);
  const strength = smoothstep(SHARP[0], SHARP[1], blur);
  if (strength === 0) return { found: null, blur, strength, [Symbol.dispose]() {} };
  const offered = owned.own(offeredDetail(compute, face, seen, blur));
  const mixed = compute.mixedDetail(offered, face.look, TEMPERATURE);
  const [detail, gate] = [results.own(mixed.detail), results.own(mixed.gate)];
  const { accepted } = await compute.statistics({ accepted: mixed.accepted });
  return { found: { detail, gate, accepted }, blur, strength, ...results.handOver() };
}

/** What stills offer a face that is blurrier than they are by `blur` patch pixels; whoever asked closes it. */
function offeredDetail(
  compute: Compute,
  face: FaceToMatch,
  { luma, unregistered, fit }: RegisteredImages,
  blur: number,
): OfferedDetail & Disposable {
  using results = openOwnership();
  const { side } = face;
  using soft = blurredAs(compute, luma, blur);
  const made = compute.detailUnder(luma, soft, { side, sigma: ERROR_WINDOW * PATCH_INTER_OCULAR * side });
  const [lost, energy] = [results.own(made.lost), results.own(made.energy)];
  const { gate, error } = results.own(believedShare(compute, face, { soft, unregistered, fit, energy, blur }));
  return { lost, energy, error, gate, ...results.handOver() };
}

/** Planes as blurred as the plate; a wide blur is made at half the size, at a quarter of the work. */
export function blurredAs(compute: Compute, image: Image, blur: number): Image {
  if (blur < WIDE) return compute.gaussian(image, blur);
  using half = compute.halved(image);
  // Averaging 2 × 2 has a variance of ¼, interpolating back one of ¾: what is left is the Gaussian's.
  using soft = compute.gaussian(half, Math.sqrt(blur * blur - 1) / 2);
  return compute.doubled(soft);
}
