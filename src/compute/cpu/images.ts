import type { Figures, ImageOperations, Told, Wanted } from '../image.ts';
import { assertRoomFor, assertSamplesOf } from '../image-handles.ts';
import { lentImage, sameImage, samplesOf, toldBy } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';

/** An image is copied to where loops reach it. */
export function cpuImages(pool: FloatPool): ImageOperations {
  return {
    image(samples, width, height, planes) {
      assertSamplesOf(samples, { width, height, planes });
      return lentImage(pool, pool.copied(samples), { width, height, planes });
    },
    alias: sameImage,
    async read(image, into) {
      const samples = samplesOf(image);
      if (!into) return Float32Array.from(samples);
      assertRoomFor(image, into);
      into.set(samples);
      return into;
    },
    async statistics<T extends Wanted>(wanted: T) {
      const told = Object.entries(wanted).map(([name, of]) => [name, isRow(of) ? of.map(toldBy) : toldBy(of)]);
      return Object.fromEntries(told) as Told<T>;
    },
  };
}

function isRow(of: Wanted[string]): of is readonly Figures<unknown>[] {
  return Array.isArray(of);
}
