import type { FilterOperations } from '../filters.ts';
import { squareSide } from '../image-handles.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { decimatedImage } from './filter/decimate.ts';
import {
  boxBlur,
  doubled,
  fastGaussian,
  gaussian,
  halved,
  halvedLuma,
  lumaOf,
  partOf,
  scaledTo,
} from './filter/filter-passes.ts';
import { resized } from './filter/resize.ts';
import { sameImage } from './gpu-image.ts';

export function gpuFilters(queue: GpuQueue): FilterOperations {
  return {
    luma: (rgb) => lumaOf(queue, rgb),
    part: (image, part) => partOf(queue, image, part),
    decimated: (image) => decimatedImage(queue, image),
    halved(image) {
      squareSide(image);
      return halved(queue, image);
    },
    halvedLuma(rgb) {
      squareSide(rgb);
      return halvedLuma(queue, rgb);
    },
    resized(image, side) {
      squareSide(image);
      return resized(queue, image, side);
    },
    doubled(image) {
      squareSide(image);
      return doubled(queue, image);
    },
    atSide(image, side) {
      squareSide(image);
      return scaledTo(queue, image, side);
    },
    gaussian: (image, sigma) => gaussian(queue, image, sigma),
    blurTo(image, from, to) {
      squareSide(image);
      return to > from ? fastGaussian(queue, image, Math.sqrt(to * to - from * from)) : sameImage(image);
    },
    boxBlur(image, sigma, passes) {
      if (!(passes >= 1)) throw new RangeError(`A box blur has 1 pass or more, not ${passes}.`);
      squareSide(image);
      return boxBlur(queue, image, sigma, passes);
    },
    fastGaussian(image, sigma) {
      squareSide(image);
      return fastGaussian(queue, image, sigma);
    },
  };
}
