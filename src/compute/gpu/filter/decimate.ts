import type { Image } from '../../image.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** Catmull-Rom (Keys 1981) stretched to twice its width, at the four distances ½, 1½, 2½, 3½ of the samples to either side. */
const HALVING = [0.43359375, 0.11328125, -0.03515625, -0.01171875] as const;

const DECIMATE = kernel({
  name: 'decimate',
  values: { width: 'u32', height: 'u32', across: 'u32', down: 'u32', columns: 'u32' },
  reads: { samples: 'f32' },
  writes: { out: 'f32' },
  functions: `const HALVING = array<f32, 4>(${HALVING.join(', ')});`,
  main: `
  if (at.x >= v.across || at.y >= v.down) { return; }
  let plane = at.z * v.width * v.height;
  var sum = 0.0;
  for (var k = 0u; k < 4u; k++) {
    var first = plane;
    var second = plane;
    if (v.columns == 0u) {
      let row = plane + at.y * v.width;
      first = row + max(2u * at.x, k) - k;
      second = row + min(v.width - 1u, 2u * at.x + 1u + k);
    } else {
      first = plane + (max(2u * at.y, k) - k) * v.width + at.x;
      second = plane + min(v.height - 1u, 2u * at.y + 1u + k) * v.width + at.x;
    }
    sum += HALVING[k] * (samples[first] + samples[second]);
  }
  out[(at.z * v.down + at.y) * v.across + at.x] = sum;
`,
});

/** See `FilterOperations.decimated`. */
export function decimatedImage(queue: GpuQueue, image: Image): Image {
  const { width, height, planes } = image;
  const across = (width + 1) >> 1;
  const down = (height + 1) >> 1;
  using rows = queue.lend(across * height * planes);
  const out = queue.lend(across * down * planes);
  queue.run(DECIMATE, {
    values: { width, height, across, down: height, columns: 0 },
    buffers: { samples: memoryOf(image), out: rows },
    threads: [across, height, planes],
  });
  queue.run(DECIMATE, {
    values: { width: across, height, across, down, columns: 1 },
    buffers: { samples: rows, out },
    threads: [across, down, planes],
  });
  return imageIn(out, { width: across, height: down, planes });
}
