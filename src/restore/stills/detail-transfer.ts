import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { OfferedDetail, Ramp, RegisteredImages } from '../../compute/stills.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { smoothstep } from '../../film/interpolate.ts';
import type { RepairedFace } from '../repair.ts';
import { commonBlur } from './common-blur.ts';
import { FLOOR, likenessOptions } from './likeness.ts';
import type { ReferenceStill } from './reference-still.ts';
import { type FaceToMatch, faceToMatch, registeredStills } from './still-registration.ts';

/** Widths of the windows in which error and contrast are judged, inter-ocular distances. */
const ERROR_WINDOW = 0.06;
const CONTRAST_WINDOW = 0.15;
/** Contrast of a face over a still's beyond which it is noise that is read. */
const MOST_CONTRAST = 1.2;
/** How much wider likeness before registration is judged. */
const WIDER_BEFORE = 2;
/**
 * The band in which features are compared: what the blur has left and `COARSEST` times as wide a blur would take, at least so many pixels.
 * Coarser likeness is shading, which an open eye shares with a closed lid; in this band the share of a still's detail that is true grows
 * with it (measured on talking faces: .1 at .5, .7 at .8). `alikeInEyes` follows that; `alike` lets more in.
 */
const COARSEST = 1.5;
const FINEST_BAND = 1;
/** Standard deviation of the window of that, inter-ocular distances; no less than this many times the band's. */
const FEATURE_WINDOW = 0.04;
const FEATURE_REACH = 0.8;
/** Deviation in that band below which nothing is seen, 0 … 1. */
const FEATURE_FLOOR = 1 / 255;
const GATE = {
  /** Likeness from which a still's detail counts, and in full: of features, registered, and of all before registration. */
  alike: [0.2, 0.95],
  /** In eyes a lid that differs by a little is another lid. */
  alikeInEyes: [0.4, 1],
  alikeBefore: [0.1, 0.45],
  /** Agreement, a mean over the face's detail, from which a still is believed at all, and in full: one that agrees in spots agrees by chance. */
  accepted: [0.05, 0.25],
  /** What a still's error costs against what its detail gains. */
  worth: 0.5,
} as const;
/** Deviation, 0 … 1, by which a worse still loses against a better one. */
const TEMPERATURE = 4 / 255;
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
  { side, small: face, eyes, look }: FaceToMatch,
  { luma, unregistered, fit }: RegisteredImages,
  blur: number,
): OfferedDetail & Disposable {
  using passing = openOwnership();
  using results = openOwnership();
  const { own } = passing;
  const distance = PATCH_INTER_OCULAR * side;
  const soft = own(blurredAs(compute, luma, blur));
  const small = own(compute.atSide(soft, side));
  const coarsest = Math.max(FINEST_BAND, (COARSEST * blur * side) / luma.width);
  const before = own(compute.fastGaussian(unregistered, (blur * side) / luma.width));
  const made = compute.detailUnder(luma, soft, { side, sigma: ERROR_WINDOW * distance });
  const [lost, energy] = [results.own(made.lost), results.own(made.energy)];
  const error = results.own(compute.localError(face, small, ERROR_WINDOW * distance));
  const evidence = {
    after: own(
      compute.localLikeness(own(finerThan(compute, face, coarsest)), own(finerThan(compute, small, coarsest)), {
        sigma: Math.max(FEATURE_WINDOW * distance, FEATURE_REACH * coarsest),
        floor: FEATURE_FLOOR,
      }),
    ),
    before: own(compute.localLikeness(face, before, likenessOptions(side, WIDER_BEFORE))),
    contrast: own(
      compute.localContrast(face, small, { sigma: CONTRAST_WINDOW * distance, floor: FLOOR, most: MOST_CONTRAST }),
    ),
    fit,
    energy,
    error,
    eyes,
    look,
  };
  const gate = results.own(compute.stillGate(evidence, GATE));
  return { lost, energy, error, gate, ...results.handOver() };
}

/** What is finer than a blur of `sigma`. */
function finerThan(compute: Compute, image: Image, sigma: number): Image {
  using soft = compute.fastGaussian(image, sigma);
  return compute.difference(image, soft);
}

/** Planes as blurred as the plate; a wide blur is made at half the size, at a quarter of the work. */
function blurredAs(compute: Compute, image: Image, blur: number): Image {
  if (blur < WIDE) return compute.gaussian(image, blur);
  using half = compute.halved(image);
  // Averaging 2 × 2 has a variance of ¼, interpolating back one of ¾: what is left is the Gaussian's.
  using soft = compute.gaussian(half, Math.sqrt(blur * blur - 1) / 2);
  return compute.doubled(soft);
}
