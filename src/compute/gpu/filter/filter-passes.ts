import { BLUE_SHARE, GREEN_SHARE, RED_SHARE } from '../../../film/luma.ts';
import type { Roi } from '../../../film/roi.ts';
import { gaussianKernel } from '../../../motion/gaussian.ts';
import type { Image } from '../../image.ts';
import { samplesIn } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { imageIn, memoryOf, sameImage } from '../gpu-image.ts';
import { boxTwice, NARROW_BOX } from './box-twice.ts';
import { convolved } from './convolution.ts';
import { doubling, inPlanes } from './doubling.ts';

// What other operations are made of as well. Every function gives a new image, and leaves the one that it was given open.

/** WGSL: luma of a colour (ITU-R BT.709-6 §3.2). */
export const LUMA = `
fn luma_of(r: f32, g: f32, b: f32) -> f32 { return ${RED_SHARE} * r + ${GREEN_SHARE} * g + ${BLUE_SHARE} * b; }
`;

const LUMA_OF_RGB = kernel({
  name: 'luma',
  values: { width: 'u32', height: 'u32' },
  reads: { rgb: 'f32' },
  writes: { out: 'f32' },
  functions: LUMA,
  main: `
  if (at.x >= v.width || at.y >= v.height) { return; }
  let area = v.width * v.height;
  let i = at.y * v.width + at.x;
  out[i] = luma_of(rgb[i], rgb[area + i], rgb[2u * area + i]);
`,
});

export function lumaOf(queue: GpuQueue, rgb: Image): Image {
  const { width, height } = rgb;
  const out = queue.lend(width * height);
  queue.run(LUMA_OF_RGB, { values: { width, height }, buffers: { rgb: memoryOf(rgb), out }, threads: [width, height] });
  return imageIn(out, { width, height, planes: 1 });
}

const PART = kernel({
  name: 'part',
  values: { width: 'u32', height: 'u32', x: 'u32', y: 'u32', across: 'u32', down: 'u32' },
  reads: { samples: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.across || at.y >= v.down) { return; }
  out[(at.z * v.down + at.y) * v.across + at.x] = samples[(at.z * v.height + v.y + at.y) * v.width + v.x + at.x];
`,
});

export function partOf(queue: GpuQueue, image: Image, { x, y, width: across, height: down }: Roi): Image {
  const { width, height, planes } = image;
  const shape = { width: across, height: down, planes };
  const out = queue.lend(samplesIn(shape));
  queue.run(PART, {
    values: { width, height, x, y, across, down },
    buffers: { samples: memoryOf(image), out },
    threads: [across, down, planes],
  });
  return imageIn(out, shape);
}

const SHRINK = kernel({
  name: 'shrink',
  values: { side: 'u32', scale: 'u32' },
  reads: { samples: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.side || at.y >= v.side) { return; }
  let size = v.scale * v.side;
  let first = (at.z * size + v.scale * at.y) * size + v.scale * at.x;
  var sum = 0.0;
  for (var y = 0u; y < v.scale; y++) {
    for (var x = 0u; x < v.scale; x++) { sum += samples[first + y * size + x]; }
  }
  out[(at.z * v.side + at.y) * v.side + at.x] = sum / f32(v.scale * v.scale);
`,
});

/** A square at a side that is so many times as small: means of as many pixels across and down. */
function shrunk(queue: GpuQueue, image: Image, scale: number): Image {
  const side = image.width / scale;
  const shape = { width: side, height: side, planes: image.planes };
  const out = queue.lend(samplesIn(shape));
  queue.run(SHRINK, {
    values: { side, scale },
    buffers: { samples: memoryOf(image), out },
    threads: [side, side, image.planes],
  });
  return imageIn(out, shape);
}

/** A square of even side at half its side: means of 2 × 2. */
export function halved(queue: GpuQueue, image: Image): Image {
  return shrunk(queue, image, 2);
}

const HALVE_LUMA = kernel({
  name: 'halve luma',
  values: { half: 'u32' },
  reads: { rgb: 'f32' },
  writes: { out: 'f32' },
  functions: `${LUMA}
fn sum_of(i: u32, size: u32) -> f32 { return rgb[i] + rgb[i + 1u] + rgb[i + size] + rgb[i + size + 1u]; }`,
  main: `
  if (at.x >= v.half || at.y >= v.half) { return; }
  let size = 2u * v.half;
  let area = size * size;
  let i = 2u * at.y * size + 2u * at.x;
  out[at.y * v.half + at.x] = luma_of(sum_of(i, size), sum_of(area + i, size), sum_of(2u * area + i, size)) / 4.0;
`,
});

/** Luma of three square planes of even side at half their side. */
export function halvedLuma(queue: GpuQueue, rgb: Image): Image {
  const half = rgb.width >> 1;
  const out = queue.lend(half * half);
  queue.run(HALVE_LUMA, { values: { half }, buffers: { rgb: memoryOf(rgb), out }, threads: [half, half] });
  return imageIn(out, { width: half, height: half, planes: 1 });
}

const DOUBLE = kernel({
  name: 'double',
  values: { half: 'u32' },
  reads: { samples: 'f32' },
  writes: { out: 'f32' },
  functions: doubling('twice', inPlanes('samples')),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  out[(at.z * size + at.y) * size + at.x] = twice(at.z, v.half, at.x, at.y);
`,
});

/** A square at twice its side, bilinear, edges repeated. */
export function doubled(queue: GpuQueue, image: Image): Image {
  const half = image.width;
  const shape = { width: 2 * half, height: 2 * half, planes: image.planes };
  const out = queue.lend(samplesIn(shape));
  queue.run(DOUBLE, {
    values: { half },
    buffers: { samples: memoryOf(image), out },
    threads: [2 * half, 2 * half, image.planes],
  });
  return imageIn(out, shape);
}

/** A square at a side smaller by halving, or larger by doubling. */
export function scaledTo(queue: GpuQueue, image: Image, side: number): Image {
  if (image.width > side) return shrunk(queue, image, image.width / side);
  let out = sameImage(image);
  while (out.width < side) {
    using from = out;
    out = doubled(queue, from);
  }
  return out;
}

/** See `FilterOperations.gaussian`. */
export function gaussian(queue: GpuQueue, image: Image, sigma: number): Image {
  return sigma > 0 ? convolved(queue, image, gaussianKernel(sigma)) : sameImage(image);
}

/** Above this a patch is halved before it is blurred. */
const WIDEST = 5;

/** Whether `fastGaussian` is made at half the size. */
export function isBlurredAtHalf({ width }: Image, sigma: number): boolean {
  return sigma > WIDEST && width % 2 === 0 && width > 16;
}

/** See `FilterOperations.fastGaussian`. */
export function fastGaussian(queue: GpuQueue, image: Image, sigma: number): Image {
  if (!isBlurredAtHalf(image, sigma)) return gaussian(queue, image, sigma);
  using small = halved(queue, image);
  // Averaging 2 × 2 has a variance of ¼, interpolating back one of ¾: what is left is the Gaussian's.
  using soft = fastGaussian(queue, small, Math.sqrt(sigma * sigma - 1) / 2);
  return doubled(queue, soft);
}

/** Means over squares of 2 · radius + 1 pixels, edges repeated, `passes` times. */
export function boxMeans(queue: GpuQueue, image: Image, radius: number, passes: number): Image {
  const weights = new Float32Array(radius + 1).fill(1 / (2 * radius + 1));
  if (passes === 2 && radius <= NARROW_BOX) return boxTwice(queue, image, radius);
  let out = sameImage(image);
  for (let k = 0; k < passes; k++) {
    using from = out;
    out = convolved(queue, from, weights);
  }
  return out;
}

/** See `FilterOperations.boxBlur`. */
export function boxBlur(queue: GpuQueue, image: Image, sigma: number, passes: number): Image {
  return boxMeans(queue, image, boxRadius(sigma, passes), passes);
}

/** Pixels to either side of a box which in so many passes has that standard deviation, pixels. */
export function boxRadius(sigma: number, passes: number): number {
  // A box of 2r + 1 pixels has variance r(r + 1)/3.
  return Math.max(1, Math.round((Math.sqrt(1 + (12 * sigma * sigma) / passes) - 1) / 2));
}
