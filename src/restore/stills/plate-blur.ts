import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { WeighedStills } from '../../compute/stills.ts';

/** Blurs that are tried, patch pixels; between them the error is a parabola. */
const LADDER = [0, 0.8, 1.2, 1.6, 2.1, 2.7, 3.5, 4.5] as const;
/** Above this (pixels of the half size) it is read at half the size, which reaches twice as far for a quarter of the work. */
const WIDE = 1.2;
/** Width of the band that is compared: coarser differences are light, not blur. */
const COARSE = 6;
/** Where the square of half the side that holds eyes, nose and mouth begins, as a share of the side: they tell most. */
const LEFT = 0.25;
const TOP = 0.32;

/**
 * How much blurrier a plate's luma is than each of the stills that are registered to it: the standard deviation, patch pixels, of the
 * Gaussian that brings the still nearest to the plate, by least squares where its weight is above 0. 0 where the plate is as sharp.
 *
 * Grain does not bias it, for it is alike in none of the trials; what is not registered to the pixel reads as blur.
 */
export async function plateBlurs(compute: Compute, plate: Image, stills: WeighedStills): Promise<number[]> {
  using owned = openOwnership();
  const { own } = owned;
  const { luma, weight } = stills;
  const smaller = { luma: own(compute.halved(luma)), weight: own(compute.halved(weight)) };
  const wide = await blursOver(compute, own(compute.halved(plate)), smaller);
  const sharper = wide.flatMap((blur, k) => (isWide(blur) ? [] : [k]));
  if (sharper.length === 0) return wide.map((blur) => 2 * blur);
  const narrow = await blursOver(compute, plate, {
    luma: own(compute.planes(luma, sharper)),
    weight: own(compute.planes(weight, sharper)),
  });
  return wide.map((blur) => (isWide(blur) ? 2 * blur : (narrow.shift() as number)));
}

function isWide(blur: number): boolean {
  return blur > WIDE;
}

async function blursOver(compute: Compute, plate: Image, stills: WeighedStills): Promise<number[]> {
  const size = plate.width;
  const half = size >> 1;
  const mismatches = compute.blurMismatches(plate, stills, {
    sigmas: LADDER,
    coarse: COARSE,
    area: { x: Math.floor(LEFT * size), y: Math.round(TOP * size), width: half, height: half },
  });
  const told = await compute.statistics({ mismatches });
  return told.mismatches.map(leastOf);
}

/** The blur at which the mismatch is least. */
function leastOf(mismatches: readonly number[]): number {
  const best = mismatches.reduce((least, error, k) => (error < (mismatches[least] as number) ? k : least), 0);
  if (best === 0 || best === LADDER.length - 1) return LADDER[best] as number;
  // The vertex of the parabola through three points at unequal distances.
  const [x0, x1, x2] = LADDER.slice(best - 1, best + 2) as [number, number, number];
  const [y0, y1, y2] = mismatches.slice(best - 1, best + 2) as [number, number, number];
  const a = (x1 - x0) * (y1 - y2);
  const b = (x1 - x2) * (y1 - y0);
  return a === b ? x1 : x1 - ((x1 - x0) * a - (x1 - x2) * b) / (2 * (a - b));
}
