import type { Image } from '../../image.ts';
import { samplesIn } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** Side of the square that a workgroup makes, and how far a box may reach that is passed twice at once. */
const TILE = 16;
export const NARROW_BOX = 8;
const MOST_FIRST = TILE + 2 * NARROW_BOX;
const MOST_SEEN = TILE + 4 * NARROW_BOX;

// What is seen of the picture reaches twice the radius beyond the tile on every side, and the first pass's means once. A mean of the first
// pass beyond the picture's edge is that at the edge: the same products are added in the same order as in two dispatches each.
const BOX_TWICE = kernel({
  name: 'box twice',
  values: { width: 'u32', height: 'u32', radius: 'u32', weight: 'f32' },
  reads: { samples: 'f32' },
  writes: { out: 'f32' },
  group: [TILE, TILE],
  functions: `
var<workgroup> rows: array<f32, ${MOST_FIRST * MOST_SEEN}>;
var<workgroup> means: array<f32, ${MOST_FIRST * MOST_FIRST}>;
// A place of the tile's surroundings of so many pixels, within the picture.
fn within(begin: u32, i: u32, around: u32, length: u32) -> u32 {
  return min(max(begin + i, around) - around, length - 1u);
}
`,
  main: `
  let radius = v.radius;
  let first = ${TILE}u + 2u * radius;
  let seen = ${TILE}u + 4u * radius;
  let left = group.x * ${TILE}u;
  let top = group.y * ${TILE}u;
  for (var n = lane; n < first * seen; n += ${TILE * TILE}u) {
    let x = within(left, n % first, radius, v.width);
    let begin = (at.z * v.height + within(top, n / first, 2u * radius, v.height)) * v.width;
    var sum = v.weight * samples[begin + x];
    for (var k = 1u; k <= radius; k++) {
      sum += v.weight * (samples[begin + max(x, k) - k] + samples[begin + min(x + k, v.width - 1u)]);
    }
    rows[n] = sum;
  }
  workgroupBarrier();
  for (var n = lane; n < first * first; n += ${TILE * TILE}u) {
    let column = n % first;
    let y = within(top, n / first, radius, v.height);
    let middle = y + 2u * radius - top;
    var sum = v.weight * rows[middle * first + column];
    for (var k = 1u; k <= radius; k++) {
      sum += v.weight * (rows[(middle - k) * first + column] + rows[(middle + k) * first + column]);
    }
    means[n] = sum;
  }
  workgroupBarrier();
  for (var n = lane; n < ${TILE}u * first; n += ${TILE * TILE}u) {
    let begin = (n / ${TILE}u) * first;
    let x = n % ${TILE}u + radius;
    var sum = v.weight * means[begin + x];
    for (var k = 1u; k <= radius; k++) { sum += v.weight * (means[begin + x - k] + means[begin + x + k]); }
    rows[n] = sum;
  }
  workgroupBarrier();
  if (at.x >= v.width || at.y >= v.height) { return; }
  let column = lane % ${TILE}u;
  let middle = lane / ${TILE}u + radius;
  var sum = v.weight * rows[middle * ${TILE}u + column];
  for (var k = 1u; k <= radius; k++) {
    sum += v.weight * (rows[(middle - k) * ${TILE}u + column] + rows[(middle + k) * ${TILE}u + column]);
  }
  out[(at.z * v.height + at.y) * v.width + at.x] = sum;
`,
});

/** Means over squares of 2 · radius + 1 pixels, and of these the same again; edges are repeated each time. */
export function boxTwice(queue: GpuQueue, image: Image, radius: number): Image {
  const { width, height, planes } = image;
  const out = queue.lend(samplesIn(image));
  queue.run(BOX_TWICE, {
    values: { width, height, radius, weight: 1 / (2 * radius + 1) },
    buffers: { samples: memoryOf(image), out },
    threads: [width, height, planes],
  });
  return imageIn(out, image);
}
