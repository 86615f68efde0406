import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import type { Ownership } from '../../compute/ownership.ts';

/** A square at a smaller side by halving, or at a larger one by doubling; itself where it has that side. What is made is owned by `owned`. */
export function atSide(compute: Compute, image: Image, side: number, owned: Ownership): Image {
  let out = image;
  while (out.width > side) out = owned.own(compute.halved(out));
  while (out.width < side) out = owned.own(compute.doubled(out));
  return out;
}
