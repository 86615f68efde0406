import { squareSide } from '../image-handles.ts';
import type { MaskOperations } from '../masks.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { kernel } from './device/kernel.ts';
import { BOUNDS, BOUNDS_OF, boundsIn } from './filter/bounds.ts';
import { reduced, reduction } from './filter/reduction.ts';
import { figuresIn, imageIn, memoryOf } from './gpu-image.ts';
import { drawFaceMatteOnDevice } from './window/face-matte.ts';
import { drawPolygonsOnDevice } from './window/polygons.ts';

const MASK_BOUNDS = reduction({
  name: 'mask bounds',
  values: { width: 'u32' },
  reads: { mask: 'f32' },
  numbers: BOUNDS,
  each: `if (!(mask[i] > 0.0)) { return; } ${BOUNDS_OF}`,
});

const MEAN_WHERE = reduction({
  name: 'mean where',
  reads: { samples: 'f32', mask: 'f32' },
  numbers: ['sum', 'sum'],
  each: `
  if (!(mask[i] > 0.0)) { return; }
  found = array<f32, 2>(samples[i], 1.0);
`,
});

const HALVE_WHOLE = kernel({
  name: 'halve whole',
  values: { half: 'u32' },
  reads: { mask: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.half || at.y >= v.half) { return; }
  let size = 2u * v.half;
  let i = 2u * at.y * size + 2u * at.x;
  let isWhole = mask[i] > 0.0 && mask[i + 1u] > 0.0 && mask[i + size] > 0.0 && mask[i + size + 1u] > 0.0;
  out[at.y * v.half + at.x] = select(0.0, 1.0, isWhole);
`,
});

const SOUND = kernel({
  name: 'sound samples',
  values: { size: 'u32' },
  reads: { dirt: 'f32' },
  writes: { own: 'f32' },
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  own[at.y * v.size + at.x] = select(1.0, 0.0, dirt[(at.y >> 1u) * (v.size >> 1u) + (at.x >> 1u)] == 1.0);
`,
});

const DAMAGE = reduction({
  name: 'damage',
  values: { scratches: 'u32' },
  reads: { own: 'f32', scratched: 'f32', mask: 'f32' },
  numbers: ['sum', 'sum'],
  each: `
  if (!(mask[i] > 0.0)) { return; }
  let isDamaged = own[i] == 0.0 || (v.scratches == 1u && scratched[i] > 0.0);
  found = array<f32, 2>(select(0.0, 1.0, isDamaged), 1.0);
`,
});

export function gpuMasks(queue: GpuQueue): MaskOperations {
  const square = (size: number) => ({ width: size, height: size, planes: 1 });
  return {
    faceMatte(landmarks, size, options) {
      return imageIn(drawFaceMatteOnDevice(queue, landmarks, size, options), square(size));
    },
    polygons(polygons, size, margin) {
      return imageIn(drawPolygonsOnDevice(queue, polygons, size, margin), square(size));
    },
    maskBounds(image) {
      const width = squareSide(image);
      const found = reduced(queue, MASK_BOUNDS, {
        values: { width },
        buffers: { mask: memoryOf(image) },
        items: width * width,
      });
      return figuresIn(found, boundsIn);
    },
    meanWhere(image, where) {
      const sums = reduced(queue, MEAN_WHERE, {
        values: {},
        buffers: { samples: memoryOf(image), mask: memoryOf(where) },
        items: image.width * image.height,
      });
      return figuresIn(sums, quotientIn);
    },
    halvedWhole(image) {
      const half = squareSide(image) >> 1;
      const out = queue.lend(half * half);
      queue.run(HALVE_WHOLE, { values: { half }, buffers: { mask: memoryOf(image), out }, threads: [half, half] });
      return imageIn(out, square(half));
    },
    soundSamples(dirt, scratched, where) {
      const size = squareSide(where);
      const own = queue.lend(size * size);
      queue.run(SOUND, { values: { size }, buffers: { dirt: memoryOf(dirt), own }, threads: [size, size] });
      const sums = reduced(queue, DAMAGE, {
        values: { scratches: scratched ? 1 : 0 },
        buffers: { own, scratched: memoryOf(scratched ?? where), mask: memoryOf(where) },
        items: size * size,
      });
      return { own: imageIn(own, square(size)), damage: figuresIn(sums, quotientIn) };
    },
  };
}

/** A sum over how many were added; 0 where none was. */
function quotientIn(numbers: ArrayBuffer): number {
  const [sum, count] = new Float32Array(numbers);
  return count > 0 ? sum / count : 0;
}
