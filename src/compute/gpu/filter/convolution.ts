import type { Image } from '../../image.ts';
import { samplesIn } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

const WEIGH_ALONG = kernel({
  name: 'weigh along',
  values: { width: 'u32', height: 'u32', radius: 'u32', down: 'u32' },
  reads: { samples: 'f32', weights: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.width || at.y >= v.height) { return; }
  let row = at.z * v.height + at.y;
  var sum = weights[0] * samples[row * v.width + at.x];
  if (v.down == 0u) {
    let begin = row * v.width;
    for (var k = 1u; k <= v.radius; k++) {
      let left = max(at.x, k) - k;
      let right = min(at.x + k, v.width - 1u);
      sum += weights[k] * (samples[begin + left] + samples[begin + right]);
    }
  } else {
    let begin = at.z * v.height;
    for (var k = 1u; k <= v.radius; k++) {
      let above = max(at.y, k) - k;
      let below = min(at.y + k, v.height - 1u);
      sum += weights[k] * (samples[(begin + above) * v.width + at.x] + samples[(begin + below) * v.width + at.x]);
    }
  }
  out[row * v.width + at.x] = sum;
`,
});

/** Sides of the square that a workgroup convolves, and how far a kernel may reach that is convolved at once. */
const TILE = 16;
const NARROW = 16;

// Rows of the tile, and as many above and below as the kernel reaches, are convolved along themselves; then the tile down its columns.
// The same products are added in the same order as in two dispatches.
const WEIGH_AROUND = kernel({
  name: 'weigh around',
  values: { width: 'u32', height: 'u32', radius: 'u32' },
  reads: { samples: 'f32', weights: 'f32' },
  writes: { out: 'f32' },
  group: [TILE, TILE],
  functions: `var<workgroup> rows: array<f32, ${TILE * (TILE + 2 * NARROW)}>;`,
  main: `
  let column = lane % ${TILE}u;
  let line = lane / ${TILE}u;
  let x = min(at.x, v.width - 1u);
  for (var row = line; row < ${TILE}u + 2u * v.radius; row += ${TILE}u) {
    let y = min(max(group.y * ${TILE}u + row, v.radius) - v.radius, v.height - 1u);
    let begin = (at.z * v.height + y) * v.width;
    var sum = weights[0] * samples[begin + x];
    for (var k = 1u; k <= v.radius; k++) {
      let left = max(x, k) - k;
      let right = min(x + k, v.width - 1u);
      sum += weights[k] * (samples[begin + left] + samples[begin + right]);
    }
    rows[row * ${TILE}u + column] = sum;
  }
  workgroupBarrier();
  if (at.x >= v.width || at.y >= v.height) { return; }
  let middle = line + v.radius;
  var sum = weights[0] * rows[middle * ${TILE}u + column];
  for (var k = 1u; k <= v.radius; k++) {
    sum += weights[k] * (rows[(middle - k) * ${TILE}u + column] + rows[(middle + k) * ${TILE}u + column]);
  }
  out[(at.z * v.height + at.y) * v.width + at.x] = sum;
`,
});

/**
 * Every plane convolved along its rows, then down its columns, with a symmetric kernel: `weights` of the middle, and of what lies 1, 2 …
 * pixels away on either side. Edges are repeated.
 */
export function convolved(queue: GpuQueue, image: Image, weights: Float32Array): Image {
  const { width, height, planes } = image;
  const threads = [width, height, planes] as const;
  const radius = weights.length - 1;
  const samples = memoryOf(image);
  const out = queue.lend(samplesIn(image));
  if (radius <= NARROW) {
    queue.run(WEIGH_AROUND, { values: { width, height, radius }, buffers: { samples, weights, out }, threads });
    return imageIn(out, image);
  }
  using across = queue.lend(samplesIn(image));
  const values = { width, height, radius };
  queue.run(WEIGH_ALONG, { values: { ...values, down: 0 }, buffers: { samples, weights, out: across }, threads });
  queue.run(WEIGH_ALONG, { values: { ...values, down: 1 }, buffers: { samples: across, weights, out }, threads });
  return imageIn(out, image);
}
