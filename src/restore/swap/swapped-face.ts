import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { transformLandmarks } from '../../face/similarity.ts';
import { intersect, type Roi } from '../../film/roi.ts';
import type { PatchCrops } from '../crop/patch-crops.ts';
import { inColourOf } from '../fitted-face.ts';
import { placedAnswer } from './own-detail.ts';

/** How far beyond the face its colour is moved, inter-ocular distances: beyond any matte. */
const AROUND = 0.1;
/** How far around eyes and mouth blur is compared, inter-ocular distances. */
const AROUND_FEATURES = 0.3;

export interface FittingOptions {
  /** True where the skin that a network paints is brought to the colour of the skin that it was shown. */
  readonly colourTransfer: boolean;
  /** The face whose blur the answer is to have, in place of what the network was shown: 3 planes of the same side. */
  readonly asBlurredAs?: Image;
}

/**
 * A face (3 planes) with what a network makes of it: no sharper and, where that is wished, in the colour of what the network was shown.
 * Both are measured in the same frame and the same square, before and after, so that an answer like what was shown changes nothing, and a
 * difference of measures between frames moves nothing.
 *
 * @param landmarks of the face, its pixels
 */
export async function swappedFace(
  compute: Compute,
  crops: PatchCrops,
  { rgb, landmarks }: { readonly rgb: Image; readonly landmarks: Landmarks },
  network: (rgb: Float32Array) => Promise<Float32Array>,
  { colourTransfer, asBlurredAs: like = rgb }: FittingOptions,
): Promise<Image> {
  using shown = await crops.answered(rgb, network);
  const inCrop = transformLandmarks(crops.place(rgb.width).toCrop, landmarks);
  const part = featuresOf(inCrop, crops.side);
  using plate = like === rgb ? compute.alias(shown.crop) : crops.crop(like);
  const told = await compute.statistics({
    before: compute.blurOf(plate, part),
    after: compute.blurOf(shown.answer, part),
    colour: compute.colourOfPatch(shown.crop, inCrop),
  });
  using blurred = asBlurred(compute, shown.answer, told);
  using where = compute.faceMatte(inCrop, crops.side, { grow: AROUND, softness: 0.02 });
  using fitted = colourTransfer
    ? inColourOf(compute, { rgb: blurred, landmarks: inCrop }, where, told.colour)
    : compute.alias(blurred);
  return await placedAnswer(compute, crops, rgb, { crop: shown.crop, answer: fitted });
}

/**
 * A blur is told to a tenth: an answer that is sharper by less is as sharp. Rounding alone moves what is told by hundredths, and a Gaussian of the
 * difference of squares would be a third of a pixel wide.
 */
const ALIKE = 0.9;

/** An answer no sharper than what the network was shown; where no edge tells, as it is. */
function asBlurred(
  compute: Compute,
  answer: Image,
  { before, after }: { readonly before: number | null; readonly after: number | null },
): Image {
  return before !== null && after !== null && after < ALIKE * before
    ? compute.blurTo(answer, after, ALIKE * before)
    : compute.alias(answer);
}

/** The rectangle around eyes and mouth in a crop. */
function featuresOf(landmarks: Landmarks, side: number): Roi {
  const five = fivePoints(landmarks);
  const margin = AROUND_FEATURES * interOcular(five);
  const [xs, ys] = [0, 1].map((c) => five.filter((_, i) => i % 2 === c)) as [number[], number[]];
  const [x, y] = [Math.round(Math.min(...xs) - margin), Math.round(Math.min(...ys) - margin)];
  const [right, bottom] = [Math.round(Math.max(...xs) + margin), Math.round(Math.max(...ys) + margin)];
  return intersect({ x, y, width: right - x, height: bottom - y }, { x: 0, y: 0, width: side, height: side });
}
