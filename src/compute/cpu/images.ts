import type { Figures, ImageOperations, Told, Wanted } from '../image.ts';
import { assertRoomFor } from '../image-handles.ts';
import { borrowedImage, sameImage, samplesOf, toldBy } from './cpu-image.ts';

/** An image lies in the very memory that it is made of. */
export function cpuImages(): ImageOperations {
  return {
    image: (samples, width, height, planes) => borrowedImage(samples, { width, height, planes }),
    alias: sameImage,
    async read(image, into) {
      const samples = samplesOf(image);
      if (!into) return Float32Array.from(samples);
      assertRoomFor(image, into);
      if (!isSameMemory(into, samples)) into.set(samples);
      return into;
    },
    async statistics<T extends Wanted>(wanted: T) {
      const told = Object.entries(wanted).map(([name, of]) => [name, isRow(of) ? of.map(toldBy) : toldBy(of)]);
      return Object.fromEntries(told) as Told<T>;
    },
  };
}

function isSameMemory(a: Float32Array, b: Float32Array): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset;
}

function isRow(of: Wanted[string]): of is readonly Figures<unknown>[] {
  return Array.isArray(of);
}
