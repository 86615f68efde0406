import type { FilterOperations } from '../filters.ts';
import type { Image } from '../image.ts';
import { squareSide } from '../image-handles.ts';
import { imageOfPlanes, lentImage, planeSamples, sameImage, samplesOf } from './cpu-image.ts';
import { blurPatch } from './filter/blur.ts';
import { boxBlur } from './filter/box-blur.ts';
import { cutOut } from './filter/cut-out.ts';
import { decimated } from './filter/decimate.ts';
import { enlarged } from './filter/enlarge.ts';
import { gaussian } from './filter/gaussian.ts';
import { doubled, enlargedTo, halved, halvedLuma, shrunkTo } from './filter/half-size.ts';
import { lumaOfPlanar } from './filter/planar.ts';
import type { FloatPool } from './float-pool.ts';

export function cpuFilters(pool: FloatPool): FilterOperations {
  /** An image of the side that `filter` makes of the planes of a square one. */
  const square = (image: Image, side: number, filter: (plane: Float32Array, size: number) => Float32Array): Image => {
    const size = squareSide(image);
    return eachPlane(pool, image, { width: side, height: side }, (plane) => filter(plane, size));
  };
  return {
    luma: (rgb) => lentImage(pool, lumaOfPlanar(samplesOf(rgb), pool), { ...rgb, planes: 1 }),
    part(image, part) {
      return eachPlane(pool, image, part, (plane) => cutOut(plane, image.width, part, pool));
    },
    decimated(image) {
      const { width, height } = image;
      const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
      return eachPlane(pool, image, half, (plane) => decimated(plane, width, height, pool));
    },
    halved: (image) => square(image, image.width >> 1, (plane, size) => halved(plane, size, pool)),
    halvedLuma(rgb) {
      const size = squareSide(rgb);
      const half = size >> 1;
      return lentImage(pool, halvedLuma(samplesOf(rgb), size, pool), { width: half, height: half, planes: 1 });
    },
    resized: (image, side) => square(image, side, (plane, size) => enlarged(plane, size, side, pool)),
    doubled: (image) => square(image, 2 * image.width, (plane, size) => doubled(plane, size, pool)),
    atSide(image, side) {
      const size = squareSide(image);
      if (side === size) return sameImage(image);
      return square(image, side, (plane) =>
        side < size ? shrunkTo(plane, size, side, pool) : enlargedTo(plane, size, side, pool),
      );
    },
    gaussian: (image, sigma) =>
      sigma > 0 ? eachPlane(pool, image, image, (plane) => gaussian(plane, image, sigma, pool)) : sameImage(image),
    blurTo(image, from, to) {
      if (!(to > from)) return sameImage(image);
      const sigma = Math.sqrt(to * to - from * from);
      return lentImage(pool, blurPatch(samplesOf(image), squareSide(image), sigma, pool), image);
    },
    boxBlur(image, sigma, passes) {
      if (!(passes >= 1)) throw new RangeError(`A box blur has 1 pass or more, not ${passes}.`);
      return square(image, image.width, (plane, size) => boxBlur(plane, size, { sigma, passes }, pool));
    },
    fastGaussian: (image, sigma) => lentImage(pool, blurPatch(samplesOf(image), squareSide(image), sigma, pool), image),
  };
}

/** Each plane filtered by itself; `filter` gives memory that the pool has lent. */
function eachPlane(
  pool: FloatPool,
  image: Image,
  { width, height }: Pick<Image, 'width' | 'height'>,
  filter: (plane: Float32Array) => Float32Array,
): Image {
  const own = planeSamples(image);
  return imageOfPlanes(pool, { width, height, planes: own.length }, (k) => filter(own[k]));
}
