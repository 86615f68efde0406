import type { Figures, ImageOperations, Told, Wanted } from '../image.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { imageIn, memoriesOf, memoryOf, sameImage, samplesIn, toldBy } from './gpu-image.ts';

export function gpuImages(queue: GpuQueue): ImageOperations {
  return {
    image(samples, width, height, planes) {
      const expected = samplesIn({ width, height, planes });
      if (samples.length !== expected) {
        throw new RangeError(
          `An image of ${planes} · ${width} · ${height} samples has ${expected} of them, not ${samples.length}. Give as many.`,
        );
      }
      return imageIn(queue.filled(samples), { width, height, planes });
    },
    alias: sameImage,
    async read(image, into) {
      const count = samplesIn(image);
      if (into && into.length !== count) {
        throw new RangeError(
          `The image has ${count} samples, and the memory to read it into ${into.length}. Give as many.`,
        );
      }
      const [bytes] = await queue.read([memoryOf(image)]);
      const samples = new Float32Array(bytes);
      into?.set(samples);
      return into ?? samples;
    },
    async statistics<T extends Wanted>(wanted: T) {
      const figures = Object.values(wanted).flatMap((of) => (isRow(of) ? [...of] : [of]));
      const memories = figures.flatMap(memoriesOf);
      const reading = queue.read(memories);
      for (const memory of memories) memory[Symbol.dispose]();
      const answers = await reading;
      let first = 0;
      const next = (of: Figures<unknown>) => {
        const end = first + memoriesOf(of).length;
        const numbers = answers.slice(first, end);
        first = end;
        return toldBy(of, numbers);
      };
      const told = Object.entries(wanted).map(([name, of]) => [name, isRow(of) ? of.map(next) : next(of)]);
      return Object.fromEntries(told) as Told<T>;
    },
  };
}

function isRow(of: Wanted[string]): of is readonly Figures<unknown>[] {
  return Array.isArray(of);
}
