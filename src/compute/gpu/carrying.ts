import type { CarriedTrust, CarryingOperations } from '../carrying.ts';
import { squareSide } from '../image-handles.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { reduced, reduction } from './filter/reduction.ts';
import { figuresIn, memoryOf } from './gpu-image.ts';
import { carriedBlend } from './window/carried-blend.ts';

/** Trust under the matte and the matte's own sum; then the columns and rows, first and last, of what must be restored anew. */
const TRUST = reduction({
  name: 'carried trust',
  values: { size: 'u32', enough: 'f32', unseen: 'f32' },
  reads: { trust: 'f32', matte: 'f32' },
  numbers: ['sum', 'sum', 'least', 'most', 'least', 'most'],
  each: `
  found[0] = matte[i] * trust[i];
  found[1] = matte[i];
  if (trust[i] >= v.enough || matte[i] < v.unseen) { return; }
  let x = f32(i % v.size);
  let y = f32(i / v.size);
  found[2] = x;
  found[3] = x;
  found[4] = y;
  found[5] = y;
`,
});

export function gpuCarrying(queue: GpuQueue): CarryingOperations {
  return {
    carriedBlend: (frame, sides, options) => carriedBlend(queue, frame, sides, options),
    carriedTrust(trust, matte, { enough, unseen }) {
      const size = squareSide(matte);
      const numbers = reduced(queue, TRUST, {
        values: { size, enough, unseen },
        buffers: { trust: memoryOf(trust), matte: memoryOf(matte) },
        items: size * size,
      });
      return figuresIn(numbers, toldTrust);
    },
  };
}

function toldTrust(numbers: ArrayBuffer): CarriedTrust {
  const [sum, total, left, right, top, bottom] = new Float32Array(numbers);
  return {
    untrusted: right >= left ? { x: left, y: top, width: right - left + 1, height: bottom - top + 1 } : null,
    share: total > 0 ? sum / total : 0,
  };
}
