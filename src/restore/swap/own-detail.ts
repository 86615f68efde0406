import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { smoothstep } from '../../film/interpolate.ts';
import type { CropAnswer, PatchCrops } from '../crop/patch-crops.ts';

/** Around each pixel a change is judged over a window of this standard deviation, shares of the crop's side. */
const AROUND = 1 / 64;
/** Root mean square of the change of luma, 0 … 1, up to which the plate's finer detail stays in full, and from which none of it does. */
const UNCHANGED = 1.5 / 255;
const CHANGED = 6 / 255;

/**
 * A face with a swapper's answer in it. What the plate shows finer than the network's square can hold (pores, lashes, single hairs) stays where
 * the answer changed little, for there it is the same skin; where it changed much, such detail is of another face, and the answer alone is
 * shown. An answer like what was shown changes nothing.
 */
export async function placedAnswer(
  compute: Compute,
  crops: PatchCrops,
  face: Image,
  shown: Pick<CropAnswer, 'crop' | 'answer'>,
): Promise<Image> {
  using whole = crops.placed(face, shown);
  using bare = crops.placed(face, shown, { kept: 0 });
  using share = await keptShare(compute, crops, face.width, shown);
  return compute.crossFaded(whole, bare, { share, enough: 1, where: share });
}

/** How much of the plate's finer detail stays at each pixel of a patch of side `size`, 0 … 1, and above 0 everywhere. */
async function keptShare(
  compute: Compute,
  { side, place }: PatchCrops,
  size: number,
  { crop, answer }: Pick<CropAnswer, 'crop' | 'answer'>,
): Promise<Image> {
  using before = compute.luma(crop);
  using after = compute.luma(answer);
  using error = compute.localError(after, before, AROUND * side);
  const share = (await compute.read(error)).map((square) =>
    Math.max(LEAST, 1 - smoothstep(UNCHANGED, CHANGED, Math.sqrt(Math.max(0, square)))),
  );
  using plane = compute.image(share, side, side, 1);
  using planes = compute.joined([plane, plane, plane]);
  using onPatch = compute.warpBySimilarity(planes, place(size).toCrop, size);
  return compute.planes(onPatch, [0]);
}

/** A mask counts where it is above 0. */
const LEAST = 1e-6;
