import type { FilterOperations } from '../filters.ts';
import { boxBlur, doubled, fastGaussian, gaussian, halved, halvedLuma, lumaOf, partOf } from './filter-passes.ts';
import { imageIn, memoryOf, sameImage, samplesIn, squareSide } from './gpu-image.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

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

const RESIZE = kernel({
  name: 'resize',
  values: { side: 'u32', size: 'u32' },
  reads: { samples: 'f32', first: 'u32', second: 'u32', share: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let above = (at.z * v.side + first[at.y]) * v.side;
  let below = (at.z * v.side + second[at.y]) * v.side;
  let t = share[at.y];
  let left = first[at.x];
  let right = second[at.x];
  let a = (1.0 - t) * samples[above + left] + t * samples[below + left];
  let b = (1.0 - t) * samples[above + right] + t * samples[below + right];
  out[(at.z * v.size + at.y) * v.size + at.x] = a + share[at.x] * (b - a);
`,
});

export function gpuFilters(queue: GpuQueue): FilterOperations {
  return {
    luma: (rgb) => lumaOf(queue, rgb),
    part: (image, part) => partOf(queue, image, part),
    decimated(image) {
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
    },
    halved(image) {
      squareSide(image);
      return halved(queue, image);
    },
    halvedLuma(rgb) {
      squareSide(rgb);
      return halvedLuma(queue, rgb);
    },
    resized(image, side) {
      const from = squareSide(image);
      const shape = { width: side, height: side, planes: image.planes };
      const out = queue.lend(samplesIn(shape));
      queue.run(RESIZE, {
        values: { side: from, size: side },
        buffers: { samples: memoryOf(image), ...placesAlong(from, side), out },
        threads: [side, side, image.planes],
      });
      return imageIn(out, shape);
    },
    doubled(image) {
      squareSide(image);
      return doubled(queue, image);
    },
    gaussian: (image, sigma) => gaussian(queue, image, sigma),
    blurTo(image, from, to) {
      squareSide(image);
      return to > from ? fastGaussian(queue, image, Math.sqrt(to * to - from * from)) : sameImage(image);
    },
    boxBlur(image, sigma, passes) {
      if (!(passes >= 1)) throw new RangeError(`A box blur has 1 pass or more, not ${passes}.`);
      squareSide(image);
      return boxBlur(queue, image, sigma, passes);
    },
    fastGaussian(image, sigma) {
      squareSide(image);
      return fastGaussian(queue, image, sigma);
    },
  };
}

/** For each of `to` pixels the two of `from` that it lies between, and how near the second is: places need more digits than float32 has. */
function placesAlong(from: number, to: number) {
  const places = Array.from({ length: to }, (_, i) => Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5)));
  return {
    first: Uint32Array.from(places, Math.floor),
    second: Uint32Array.from(places, (at) => Math.min(from - 1, Math.floor(at) + 1)),
    share: Float32Array.from(places, (at) => at - Math.floor(at)),
  };
}
