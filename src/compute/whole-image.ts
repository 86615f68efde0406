import type { Image } from './image.ts';

/** Whether these planes are all of an image, in their order. */
export function isWhole({ planes }: Image, which: readonly number[]): boolean {
  return which.length === planes && which.every((of, k) => of === k);
}
