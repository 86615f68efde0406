import type { Roi } from '../film/roi.ts';
import type { Image } from './image.ts';

/**
 * Filters of whole images. Beyond an image's edge its outermost samples are repeated; every plane is filtered by itself. A sample is the
 * sum of its own window and of nothing before it, so that backends differ by rounding and by no more.
 */
export interface FilterOperations {
  /** Luma of three planes (ITU-R BT.709-6 §3.2). */
  luma(rgb: Image): Image;
  /** The pixels of a rectangle that lies within the image. */
  part(image: Image, part: Roi): Image;
  /**
   * The image at half its size, rounded up, by a filter that keeps what the half can hold: plain averaging of 2 × 2 would fold fine
   * patterns back at a seventh of their strength, and soften the rest. Catmull-Rom (Keys 1981) stretched to twice its width.
   */
  decimated(image: Image): Image;
  /** A square of even side at half its side: means of 2 × 2. */
  halved(image: Image): Image;
  /** Luma of three square planes of even side at half their side. */
  halvedLuma(rgb: Image): Image;
  /** A square at another side, bilinear between pixel centres; made smaller only where it is smooth. */
  resized(image: Image, side: number): Image;
  /** A square at twice its side, bilinear. */
  doubled(image: Image): Image;
  /** A square at a smaller side by halving, or at a larger one by doubling; as it is where it has that side. */
  atSide(image: Image, side: number): Image;
  /** Convolved with a Gaussian of standard deviation `sigma` pixels, cut at 3 `sigma`. */
  gaussian(image: Image, sigma: number): Image;
  /**
   * A square as blurred as another: blurred further by a Gaussian, from a standard deviation of `from` pixels to one of `to`; as it is
   * where that is no wider. Wide blurs may be made on a smaller picture, and differ from the Gaussian by 0.2 % of full scale away from the edges.
   */
  blurTo(image: Image, from: number, to: number): Image;
  /**
   * The mean around each pixel of a square under a window of standard deviation `sigma` pixels: boxes in a row, which are a Gaussian
   * to 3 % from three on (Wells 1986), at a cost that does not grow with it. `passes` fewer = quicker and squarer.
   */
  boxBlur(image: Image, sigma: number, passes: number): Image;
  /** A square under `gaussian`; a wide one may be made on a smaller picture: out of reach of the edge it differs by less than 0.2 % of full scale. */
  fastGaussian(image: Image, sigma: number): Image;
}
