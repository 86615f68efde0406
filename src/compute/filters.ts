import type { Image } from './image.ts';

/**
 * Filters of whole images. Beyond an image's edge its outermost samples are repeated; every plane is filtered by itself. A sample is the
 * sum of its own window and of nothing before it, so that backends differ by rounding and by no more.
 */
export interface FilterOperations {
  /** Luma of three planes (ITU-R BT.709-6 §3.2). */
  luma(rgb: Image): Image;
  /** A square of even side at half its side: means of 2 × 2. */
  halved(image: Image): Image;
  /** Luma of three square planes of even side at half their side. */
  halvedLuma(rgb: Image): Image;
  /** A square at twice its side, bilinear. */
  doubled(image: Image): Image;
  /** Convolved with a Gaussian of standard deviation `sigma` pixels, cut at 3 `sigma`. */
  gaussian(image: Image, sigma: number): Image;
  /**
   * The mean around each pixel of a square under a window of standard deviation `sigma` pixels: boxes in a row, which are a Gaussian
   * to 3 % from three on (Wells 1986), at a cost that does not grow with it. `passes` fewer = quicker and squarer.
   */
  boxBlur(image: Image, sigma: number, passes: number): Image;
}
