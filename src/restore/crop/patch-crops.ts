import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import { clamp } from '../../film/interpolate.ts';
import { insideOfCrop, insideOnPatch } from './crop-border.ts';
import { type CropFrame, type CropPlace, cropPlaceOf } from './crop-place.ts';

/** What a network was shown of a patch, and what it answered: 3 planes each, of the crop's side, 0 … 1. Closing it closes both. */
export interface CropAnswer extends Disposable {
  readonly crop: Image;
  readonly answer: Image;
}

export interface PlaceOptions {
  /**
   * How much of what the crop cannot hold of the patch stays, 0 … 1: 1 = all of it, so that an answer like the crop changes nothing;
   * 0 = the answer alone. Default 1.
   */
  readonly kept?: number;
}

/** A network's squares out of patches, and its answers put back. Closing it closes what it keeps of them. */
export interface PatchCrops extends Disposable {
  readonly side: number;
  /** Where the square lies on patches of side `size`. */
  place(size: number): CropPlace;
  /**
   * The network's square of a patch (3 planes). Bicubic; where the patch is finer than the square the kernel widens with it, and
   * beyond the patch its edge is repeated.
   */
  crop(patch: Image): Image;
  /** The square as a network is shown it: planar RGB of 3·side², kept to 0 … 1. */
  seen(patch: Image): Promise<Float32Array>;
  /** What a network makes of that; its answer is kept to 0 … 1 too. */
  answered(patch: Image, network: (rgb: Float32Array) => Promise<Float32Array>): Promise<CropAnswer>;
  /**
   * The patch with an answer in it: what the answer differs from the crop by is added, so that what the crop cannot hold of the patch
   * (what is finer, or beyond 0 … 1) stays, and where both are the same not one sample changes. The answer fades out along the
   * square's border.
   */
  placed(patch: Image, answer: Pick<CropAnswer, 'crop' | 'answer'>, options?: PlaceOptions): Image;
}

export function openPatchCrops(compute: Compute, frame: CropFrame): PatchCrops {
  const { side } = frame;
  const owned = openOwnership();
  const places = new Map<number, CropPlace>();
  const borders = new Map<number, Image>();
  const inside = owned.own(compute.image(insideOfCrop(side), side, side, 1));
  const place = (size: number) => {
    const at = places.get(size) ?? cropPlaceOf(frame, size);
    places.set(size, at);
    return at;
  };
  const insideOn = (size: number) => {
    const known = borders.get(size);
    if (known) return known;
    const border = owned.own(compute.image(insideOnPatch(place(size).toCrop, side, size), size, size, 1));
    borders.set(size, border);
    return border;
  };
  /** A patch of which only so much is left that the crop cannot hold. */
  const lessened = (patch: Image, crop: Image, kept: number): Image => {
    const size = patch.width;
    using held = compute.warpBySimilarity(crop, place(size).toCrop, size);
    using whole = compute.image(new Float32Array(size * size).fill(1), size, size, 1);
    using share = compute.difference(whole, insideOn(size), { gain: 1 - kept });
    return compute.crossFaded(patch, held, { share, enough: 1, where: insideOn(size) });
  };
  const crop = (patch: Image) => compute.warpBySimilarity(patch, place(patch.width).toPatch, side);
  const seen = async (patch: Image) => {
    using whole = crop(patch);
    return (await compute.read(whole)).map((v) => clamp(v, 0, 1));
  };
  return {
    side,
    place,
    crop,
    seen,
    async answered(patch, network) {
      const shown = await seen(patch);
      const answer = (await network(shown)).map((v) => clamp(v, 0, 1));
      using images = openOwnership();
      return {
        crop: images.own(compute.image(shown, side, side, 3)),
        answer: images.own(compute.image(answer, side, side, 3)),
        ...images.handOver(),
      };
    },
    placed(patch, { crop, answer }, { kept = 1 } = {}) {
      // Cleared along the outermost pixels, which are repeated beyond the square.
      using change = compute.difference(answer, crop, { where: inside });
      using none = compute.difference(crop, crop);
      using faded = compute.crossFaded(change, none, { share: inside, enough: 1, where: inside });
      using onPatch = compute.warpBySimilarity(faded, place(patch.width).toCrop, patch.width);
      using base = kept < 1 ? lessened(patch, crop, kept) : compute.alias(patch);
      return compute.difference(base, onPatch, { gain: -1 });
    },
    [Symbol.dispose]: () => owned[Symbol.dispose](),
  };
}
