import type { Compute } from '../../compute/compute.ts';
import type { Figures, Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { WeighedStills } from '../../compute/stills.ts';

/** Blurs that are tried, pixels of the size at which it is read; between them the logarithm of energy is linear in their square. */
const LADDER = [0, 0.8, 1.2, 1.6, 2.1, 2.7, 3.5] as const;
/** Half of that size is read first; below the first of these, in its pixels, the full size tells more, above the second a quarter. */
const NARROW = 0.9;
const WIDE = 2.4;
/** Standard deviations, pixels: the blur takes most of what is finer than the first, and little of what lies between both. */
const FINE = 3;
const COARSE = 8;
/** Where the square of half the side that holds eyes, nose and mouth begins, as a share of the side: they tell most. */
const LEFT = 0.25;
const TOP = 0.32;

/** A face whose blur is asked for: square planes of one side. */
export interface BlurredFace {
  /** Luma, a mean of so many frames. */
  readonly luma: Image;
  readonly averaged: number;
  /** Luma of the frame itself: what it has beyond the mean is grain. */
  readonly frame: Image;
}

/**
 * How much blurrier a face is than each of the stills that are registered to it: the standard deviation, patch pixels, of the Gaussian under
 * which a still's fine energy is to its coarser energy as the face's. 0 where the face is as sharp.
 *
 * Energies are those where the weight is above 0. They do not care whether a still is registered to the pixel, which a difference would
 * read as blur, nor about its contrast. What is left of the grain is taken off first: a mean of n frames and one of them differ by
 * (1 − 1/n) of the grain's energy, of which the mean holds 1/n.
 */
export async function plateBlurs(compute: Compute, face: BlurredFace, stills: WeighedStills): Promise<number[]> {
  using owned = openOwnership();
  const half = owned.own(shrunk(compute, face, stills));
  const blurs = (await blursAt(compute, half.face, half.stills)).map((blur) => 2 * blur);
  const better = async (which: readonly number[], scale: number, at: Sized) => {
    const chosen = {
      luma: owned.own(compute.planes(at.stills.luma, which)),
      weight: owned.own(compute.planes(at.stills.weight, which)),
    };
    const read = await blursAt(compute, at.face, chosen);
    which.forEach((k, i) => {
      blurs[k] = scale * (read[i] as number);
    });
  };
  const those = (is: (blur: number) => boolean) => blurs.flatMap((blur, k) => (is(blur / 2) ? [k] : []));
  const [narrow, wide] = [those((blur) => blur < NARROW), those((blur) => blur > WIDE)];
  if (narrow.length > 0) await better(narrow, 1, { face, stills });
  if (wide.length > 0) await better(wide, 4, owned.own(shrunk(compute, half.face, half.stills)));
  return blurs;
}

interface Sized {
  readonly face: BlurredFace;
  readonly stills: WeighedStills;
}

/** Both at half the size. */
function shrunk(compute: Compute, { luma, frame, averaged }: BlurredFace, stills: WeighedStills): Sized & Disposable {
  using owned = openOwnership();
  const half = (image: Image) => owned.own(compute.halved(image));
  return {
    face: { luma: half(luma), frame: half(frame), averaged },
    stills: { luma: half(stills.luma), weight: half(stills.weight) },
    ...owned.handOver(),
  };
}

/** The blur over each still, pixels of the size that is given. */
async function blursAt(compute: Compute, face: BlurredFace, stills: WeighedStills): Promise<number[]> {
  using owned = openOwnership();
  const { own } = owned;
  const size = face.luma.width;
  const half = size >> 1;
  const area = { x: Math.floor(LEFT * size), y: Math.round(TOP * size), width: half, height: half };
  const middle = (image: Image) => own(compute.part(image, area));
  const count = stills.luma.planes;
  const luma = middle(face.luma);
  const weight = middle(stills.weight);
  const grain = own(compute.difference(middle(face.frame), luma));
  const bands = own(bandsOf(compute, own(compute.joined([luma, grain, middle(stills.luma)]))));
  // Fine: the face, its grain, the stills; then the same of what is coarser.
  const each = (plane: number) => Array.from({ length: count }, () => plane);
  const ofFace = [0, 1, 2 + count, 3 + count].flatMap(each);
  const ofStills = [2, 4 + count].flatMap((first) => Array.from({ length: count }, (_, k) => first + k));
  const sharp = own(compute.planes(bands, ofStills));
  const trials: Record<string, Figures<readonly number[]>> = {
    face: compute.weighedSquares(own(compute.planes(bands, ofFace)), weight),
  };
  for (const sigma of LADDER) {
    trials[sigma] = compute.weighedSquares(sigma > 0 ? own(compute.gaussian(sharp, sigma)) : sharp, weight);
  }
  const told = await compute.statistics(trials);
  return each(0).map((_, k) => {
    const of = (what: number) => (told['face'] as readonly number[])[what * count + k] as number;
    const left = Math.max(1, face.averaged - 1);
    const share = Math.max(0, of(0) - of(1) / left) / Math.max(LEAST, of(2) - of(3) / left);
    const shares = LADDER.map((sigma) => {
      const energy = told[sigma] as readonly number[];
      return (energy[k] as number) / Math.max(LEAST, energy[count + k] as number);
    });
    return blurOf(share, shares);
  });
}

/** An energy below which there is nothing to read. */
const LEAST = 1e-9;

/** What is finer than `FINE`, plane by plane, and behind it what lies between that and `COARSE`. */
function bandsOf(compute: Compute, image: Image): Image {
  using soft = compute.gaussian(image, FINE);
  using softer = compute.gaussian(image, COARSE);
  using fine = compute.difference(image, soft);
  using coarser = compute.difference(soft, softer);
  return compute.joined([fine, coarser]);
}

/** The blur of the ladder at which a still's share of fine energy is the face's. */
function blurOf(share: number, shares: readonly number[]): number {
  const at = shares.findIndex((one) => one <= share);
  if (at === 0) return 0;
  if (at < 0) return LADDER[LADDER.length - 1] as number;
  const [sharper, softer] = [shares[at - 1] as number, shares[at] as number];
  const t = Math.log(sharper / share) / Math.log(sharper / softer);
  const [from, to] = [LADDER[at - 1] as number, LADDER[at] as number];
  return Math.sqrt(from * from + t * (to * to - from * from));
}
