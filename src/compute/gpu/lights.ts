import { BAND_DIRECTIONS } from '../../face/observation.ts';
import { blurSigma } from '../../motion/blur.ts';
import type { LightOperations } from '../lights.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { lumaOf, partOf } from './filter/filter-passes.ts';
import { figuresIn, memoryOf, takenFrom } from './gpu-image.ts';
import { withMembrane } from './still/band-membrane.ts';
import { measuredBand, measuredColour } from './still/patch-light.ts';
import { recoloured } from './still/reinhard.ts';

export function gpuLights(queue: GpuQueue): LightOperations {
  return {
    colourOfPatch: (rgb, landmarks) =>
      figuresIn(measuredColour(queue, rgb, landmarks), (numbers) => [...new Float32Array(numbers)]),
    bandOfPatch: (rgb, landmarks) =>
      figuresIn(measuredBand(queue, rgb, landmarks), (numbers) => new Float32Array(numbers, 0, 3 * BAND_DIRECTIONS)),
    blurOf(rgb, part) {
      using cut = partOf(queue, rgb, part);
      const { width, height } = part;
      // Read once a still and by the host alone, to decide by: so the luma is what is read, and the host measures it when it is.
      return figuresIn(memoryOf(lumaOf(queue, cut)), (numbers) =>
        blurSigma({ width, height, samples: new Float32Array(numbers) }),
      );
    },
    transferColour(rgb, where, from, options) {
      using own = takenFrom(from);
      return recoloured(queue, rgb, where, { ...options, own });
    },
    withMembrane(rgb, matte, from, options) {
      using own = takenFrom(from);
      return withMembrane(queue, { rgb, matte, own }, options);
    },
  };
}
