import type { Compute } from '../../compute/compute.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { RegisteredImages } from '../../compute/stills.ts';
import { atSide } from './at-side.ts';
import { likenessOptions } from './likeness.ts';
import { plateBlurs } from './plate-blur.ts';
import type { FaceToMatch } from './still-registration.ts';

/** Stills that the plate's blur is read from. */
const READ_FROM = 2;
/** Likeness from which a place tells of the blur. */
const ALIKE = 0.5;

/** The plate's blur over that of the stills which are most like it, patch pixels. */
export async function commonBlur(
  compute: Compute,
  { side, luma, small }: FaceToMatch,
  stills: readonly RegisteredImages[],
): Promise<number> {
  using owned = openOwnership();
  const alike = stills.map((still) => {
    using passing = openOwnership();
    const likeness = passing.own(
      compute.localLikeness(small, atSide(compute, still.luma, side, passing), likenessOptions(side)),
    );
    const { image, sum } = compute.above(likeness, ALIKE);
    return { still, weight: owned.own(image), sum };
  });
  const { sums } = await compute.statistics({ sums: alike.map(({ sum }) => sum) });
  const ranked = alike
    .map(({ still, weight }, k) => ({ luma: still.luma, weight, alike: sums[k] as number }))
    .sort((a, b) => b.alike - a.alike)
    .slice(0, READ_FROM)
    .map(({ luma, weight }) => ({ luma, weight: atSide(compute, weight, luma.width, owned) }));
  // A poor match reads as blur: of the best the smallest figure is believed.
  return Math.min(...(await plateBlurs(compute, luma, ranked)));
}
