import type { Compute } from '../../compute/compute.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { RegisteredImages } from '../../compute/stills.ts';
import { median } from '../../motion/quantile.ts';
import type { RepairedFace } from '../repair.ts';
import { likenessOptions } from './likeness.ts';
import { plateBlurs } from './plate-blur.ts';
import type { FaceToMatch } from './still-registration.ts';

/** Stills that the plate's blur is read from. */
const READ_FROM = 3;
/** Likeness from which a place tells of the blur. */
const ALIKE = 0.5;

/** The plate's blur over that of the stills which are most like it, patch pixels. */
export async function commonBlur(
  compute: Compute,
  { side, luma, small }: FaceToMatch,
  { averaged, aligned: { centre } }: Pick<RepairedFace, 'averaged' | 'aligned'>,
  stills: RegisteredImages,
): Promise<number> {
  using owned = openOwnership();
  const likeness = owned.own(
    compute.localLikeness(small, owned.own(compute.atSide(stills.luma, side)), likenessOptions(side)),
  );
  const { image, sums } = compute.above(likeness, ALIKE);
  const weights = owned.own(image);
  const told = await compute.statistics({ sums });
  const most = told.sums
    .map((alike, k) => ({ k, alike }))
    .sort((a, b) => b.alike - a.alike)
    .slice(0, READ_FROM)
    .map(({ k }) => k);
  const weight = owned.own(compute.atSide(owned.own(compute.planes(weights, most)), luma.width));
  const face = { luma, averaged, frame: owned.own(compute.luma(centre)) };
  return median(await plateBlurs(compute, face, { luma: owned.own(compute.planes(stills.luma, most)), weight }));
}
