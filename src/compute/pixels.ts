import type { Image } from './image.ts';

export interface DifferenceOptions {
  /** What the second image is multiplied by; default 1. */
  readonly gain?: number;
  /** The difference is 0 where this mask is not above 0; default: it is computed everywhere. */
  readonly where?: Image;
}

export interface LumaDetailOptions {
  /** The pixel of the picture on which the detail's first pixel lies. */
  readonly x: number;
  readonly y: number;
  /** What the detail is multiplied by, and the most that is then added or taken away, in samples. */
  readonly strength: number;
  readonly most: number;
}

export interface CrossFadeOptions {
  /** Share of the first image, 0 … 1, and from where on it is as good as 1: one plane, one number. */
  readonly share: Image;
  readonly enough: number;
  /** The first image is kept where this mask is not above 0. */
  readonly where: Image;
}

/** What is computed of each pixel by itself, from images of one size. */
export interface PixelOperations {
  /** Those planes alone, in that order. */
  planes(image: Image, which: readonly number[]): Image;
  /** The planes of all images, one after another. */
  joined(images: readonly Image[]): Image;
  /** The first image less the second. */
  difference(a: Image, b: Image, options?: DifferenceOptions): Image;
  /** A picture (3 planes) to all of whose channels a luma detail is added where that lies: hue stays within what the bound allows. */
  addedToLuma(rgb: Image, detail: Image, options: LumaDetailOptions): Image;
  /** The first image, mixed with the second where its share is not enough: `share · a + (1 − share) · b`. */
  crossFaded(a: Image, b: Image, options: CrossFadeOptions): Image;
}
