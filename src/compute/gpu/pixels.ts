import type { Image } from '../image.ts';
import { samplesIn } from '../image-handles.ts';
import type { PixelOperations } from '../pixels.ts';
import { isWhole } from '../whole-image.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { kernel, NOTHING, SAMPLES } from './device/kernel.ts';
import { imageIn, memoryOf, sameImage } from './gpu-image.ts';

const PLANES = kernel({
  name: 'planes',
  values: { area: 'u32' },
  reads: { samples: 'f32', which: 'u32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.area) { return; }
  out[at.y * v.area + at.x] = samples[which[at.y] * v.area + at.x];
`,
});

const DIFFERENCE = kernel({
  name: 'difference',
  values: { samples: 'u32', area: 'u32', gain: 'f32', masked: 'u32' },
  reads: { a: 'f32', b: 'f32', mask: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  let i = at.x;
  if (i >= v.samples) { return; }
  let seen = v.masked == 0u || mask[i % v.area] > 0.0;
  out[i] = select(0.0, a[i] - v.gain * b[i], seen);
`,
});

const ADD_TO_LUMA = kernel({
  name: 'add to luma',
  values: {
    width: 'u32',
    height: 'u32',
    x: 'i32',
    y: 'i32',
    across: 'i32',
    down: 'i32',
    strength: 'f32',
    most: 'f32',
  },
  reads: { rgb: 'f32', detail: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.width || at.y >= v.height) { return; }
  let i = (at.z * v.height + at.y) * v.width + at.x;
  let x = i32(at.x) - v.x;
  let y = i32(at.y) - v.y;
  var added = 0.0;
  if (x >= 0 && y >= 0 && x < v.across && y < v.down) {
    added = clamp(v.strength * detail[y * v.across + x], -v.most, v.most);
  }
  out[i] = rgb[i] + added;
`,
});

const CROSS_FADE = kernel({
  name: 'cross-fade',
  values: { samples: 'u32', area: 'u32', enough: 'f32' },
  reads: { a: 'f32', b: 'f32', share: 'f32', mask: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  let i = at.x;
  if (i >= v.samples) { return; }
  let t = share[i % v.area];
  let kept = t >= v.enough || !(mask[i % v.area] > 0.0);
  out[i] = select(t * a[i] + (1.0 - t) * b[i], a[i], kept);
`,
});

/** See `PixelOperations.joined`. */
export function joined(queue: GpuQueue, images: readonly Image[]): Image {
  const planes = images.reduce((sum, image) => sum + image.planes, 0);
  const [first] = images;
  const out = queue.lend(samplesIn({ ...first, planes }));
  let to = 0;
  for (const image of images) {
    queue.copy(memoryOf(image), out, { from: 0, to, count: samplesIn(image) });
    to += samplesIn(image);
  }
  return imageIn(out, { ...first, planes });
}

export function gpuPixels(queue: GpuQueue): PixelOperations {
  return {
    planes(image, which) {
      if (isWhole(image, which)) return sameImage(image);
      const { width, height } = image;
      const area = width * height;
      const out = queue.lend(which.length * area);
      queue.run(PLANES, {
        values: { area },
        buffers: { samples: memoryOf(image), which: Uint32Array.from(which), out },
        threads: [area, which.length],
      });
      return imageIn(out, { width, height, planes: which.length });
    },
    joined: (images) => joined(queue, images),
    difference(a, b, { gain = 1, where } = {}) {
      const out = queue.lend(samplesIn(a));
      queue.run(DIFFERENCE, {
        values: { samples: samplesIn(a), area: a.width * a.height, gain, masked: where ? 1 : 0 },
        buffers: { a: memoryOf(a), b: memoryOf(b), mask: where ? memoryOf(where) : NOTHING, out },
        threads: [samplesIn(a)],
      });
      return imageIn(out, a);
    },
    addedToLuma(rgb, detail, { x, y, strength, most }) {
      const { width, height, planes } = rgb;
      const out = queue.lend(samplesIn(rgb));
      queue.run(ADD_TO_LUMA, {
        values: { width, height, x, y, across: detail.width, down: detail.height, strength, most },
        buffers: { rgb: memoryOf(rgb), detail: memoryOf(detail), out },
        threads: [width, height, planes],
      });
      return imageIn(out, rgb);
    },
    crossFaded(a, b, { share, enough, where }) {
      const out = queue.lend(samplesIn(a));
      queue.run(CROSS_FADE, {
        values: { samples: samplesIn(a), area: a.width * a.height, enough },
        buffers: { a: memoryOf(a), b: memoryOf(b), share: memoryOf(share), mask: memoryOf(where), out },
        threads: [samplesIn(a)],
      });
      return imageIn(out, a);
    },
  };
}
