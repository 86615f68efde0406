import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import type { RepairedFace } from '../repair.ts';
import { believedShare, ERROR_WINDOW } from '../stills/believed-share.ts';
import { blurredAs, TEMPERATURE } from '../stills/detail-transfer.ts';
import { eyeRegions } from '../window/expressive-regions.ts';
import { flowPictureOptions } from '../window/flow-picture.ts';

/**
 * Where what an answer changes begins to count, over the plate's blur: what the plate shows at all is the plate's. At twice the blur a true
 * answer gives back 97 % of what the plate holds half of.
 */
const FINER_THAN = 2;
/** The widest of it, inter-ocular distances: what is coarser is who somebody is. */
const WIDEST = 0.08;

/** What a network's answer adds to a face. Closing it closes its images. */
export interface AnswerDetail extends Disposable {
  /** Luma to add, about 0. */
  readonly detail: Image;
  /** Share of what the answer offers that is believed there, 0 … 1. */
  readonly gate: Image;
}

/**
 * What a network's answer shows that a plate's blur hides: what it changes in the face's luma, without what is coarser than the blur. As
 * stills are believed, it is believed around each pixel as far as its coarser picture is the face's own in shape, contrast and light,
 * and its error is small against what it adds; less everywhere where it agrees with little.
 *
 * @param answer the face with the network's answer in it, 3 planes
 * @param blur standard deviation of the plate's blur, patch pixels
 */
export async function answerDetail(
  compute: Compute,
  { rgb, aligned }: Pick<RepairedFace, 'rgb' | 'aligned'>,
  answer: Image,
  blur: number,
): Promise<AnswerDetail> {
  using passing = openOwnership();
  using results = openOwnership();
  const { own } = passing;
  const { size, landmarks, where } = aligned;
  const { scale } = flowPictureOptions(size);
  const side = size / scale;
  const distance = PATCH_INTER_OCULAR * side;
  const sigma = Math.min(FINER_THAN * blur, WIDEST * PATCH_INTER_OCULAR * size);
  const luma = own(compute.luma(rgb));
  const answered = own(compute.luma(answer));
  const change = own(compute.difference(answered, luma));
  const softChange = own(blurredAs(compute, change, sigma));
  const made = compute.detailUnder(change, softChange, { side, sigma: ERROR_WINDOW * distance });
  const [lost, energy] = [own(made.lost), own(made.energy)];
  const look = own(compute.atSide(where, side));
  const face = {
    side,
    small: own(compute.atSide(luma, side)),
    eyes: own(eyeRegions(compute, landmarks, side, scale)),
    look,
  };
  const { gate, error } = own(
    believedShare(compute, face, {
      soft: own(blurredAs(compute, answered, sigma)),
      unregistered: own(compute.atSide(answered, side)),
      fit: own(compute.image(new Float32Array(side * side).fill(1), side, side, 1)),
      energy,
      blur: sigma,
    }),
  );
  const mixed = compute.mixedDetail({ lost, energy, error, gate }, look, TEMPERATURE);
  const [detail, believed] = [results.own(mixed.detail), results.own(mixed.gate)];
  // Figures are closed by being read.
  await compute.statistics({ accepted: mixed.accepted });
  return { detail, gate: believed, ...results.handOver() };
}
