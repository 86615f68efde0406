import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { FLOOR, likenessOptions } from './likeness.ts';
import type { FaceToMatch } from './still-registration.ts';

/** Widths of the windows in which error and contrast are judged, inter-ocular distances. */
export const ERROR_WINDOW = 0.06;
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

/** Stills as a face is compared with them: a plane for each still. */
export interface ComparedStills {
  /** As blurred as the face, in full. */
  readonly soft: Image;
  /** Where the mesh alone puts them, and how far each place is stretched like the rest: see `RegisteredImages`. */
  readonly unregistered: Image;
  readonly fit: Image;
  /** The local mean square of the detail that they offer, at the template's resolution. */
  readonly energy: Image;
  /** The blur that made `soft`, pixels of the full patch. */
  readonly blur: number;
}

/** How far the detail of each still is to be believed around each pixel, and their error: closing it closes both. */
export function believedShare(
  compute: Compute,
  { side, small: face, eyes, look }: Pick<FaceToMatch, 'side' | 'small' | 'eyes' | 'look'>,
  { soft, unregistered, fit, energy, blur }: ComparedStills,
): { readonly gate: Image; readonly error: Image } & Disposable {
  using passing = openOwnership();
  using results = openOwnership();
  const { own } = passing;
  const distance = PATCH_INTER_OCULAR * side;
  const small = own(compute.atSide(soft, side));
  const coarsest = Math.max(FINEST_BAND, (COARSEST * blur * side) / soft.width);
  const before = own(compute.fastGaussian(unregistered, (blur * side) / soft.width));
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
  return { gate, error, ...results.handOver() };
}

/** What is finer than a blur of `sigma`. */
function finerThan(compute: Compute, image: Image, sigma: number): Image {
  using soft = compute.fastGaussian(image, sigma);
  return compute.difference(image, soft);
}
