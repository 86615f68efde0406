import type { Figures, ImageOperations, Told, Wanted } from '../image.ts';
import { assertRoomFor, assertSamplesOf } from '../image-handles.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { imageIn, memoriesOf, memoryOf, sameImage, toldBy } from './gpu-image.ts';

export function gpuImages(queue: GpuQueue): ImageOperations {
  return {
    image(samples, width, height, planes) {
      assertSamplesOf(samples, { width, height, planes });
      return imageIn(queue.filled(samples), { width, height, planes });
    },
    alias: sameImage,
    async read(image, into) {
      if (into) assertRoomFor(image, into);
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
