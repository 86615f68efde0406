import { LEAST_WEIGHTS, UNSEEN_WEIGHT } from '../cpu/window/temporal-mean.ts';
import type { Image } from '../image.ts';
import type { TemporalMeanOptions, WindowImages, WindowOperations } from '../windows.ts';
import { doubling, inPlanes } from './doubling.ts';
import { figuresIn, imageIn, memoryOf, sameImage, squareSide } from './gpu-image.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';
import { likenesses } from './likeness.ts';
import { patchDistances } from './patch-distance.ts';
import { reduced, reduction } from './reduction.ts';

/** WGSL: adds the neighbour in array `array`, number `k` of a dispatch, to `sum` and `total`. */
function addition(array: string, k: number): string {
  return `
    if (${k}u < v.count) {
      let w = likeness_at(v.first + ${k}u, v.half, at.x, at.y);
      if (w >= ${UNSEEN_WEIGHT}) {
        total += w;
        sum += w * vec3f(${array}[i], ${array}[area + i], ${array}[2u * area + i]);
      }
    }`;
}

/** WGSL: the sum of three planes and their weights so far, and as many neighbours more as a kernel has room for. */
function summing(begin: string, arrays: readonly string[]): string {
  return `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let area = size * size;
  let i = at.y * size + at.x;
  ${begin}
  if (looked[i] > 0.0) {${arrays.map(addition).join('')}
  }
  out[i] = sum.x;
  out[area + i] = sum.y;
  out[2u * area + i] = sum.z;
  out[3u * area + i] = total;
`;
}

const VALUES = { half: 'u32', first: 'u32', count: 'u32' } as const;
const LIKENESS_AT = doubling('likeness_at', inPlanes('likeness'));

/** The centre and its nearest neighbours. Neighbours lie in memory of their own each, of which a kernel sees eight at most. */
const BEGIN_SUM = kernel({
  name: 'begin mean',
  values: VALUES,
  reads: { centre: 'f32', own: 'f32', looked: 'f32', likeness: 'f32', a: 'f32', b: 'f32', c: 'f32' },
  writes: { out: 'f32' },
  functions: LIKENESS_AT,
  main: summing(
    `var total = own[i];
  var sum = total * vec3f(centre[i], centre[area + i], centre[2u * area + i]);`,
    ['a', 'b', 'c'],
  ),
});

const GO_ON = kernel({
  name: 'go on with mean',
  values: VALUES,
  reads: { sums: 'f32', looked: 'f32', likeness: 'f32', a: 'f32', b: 'f32', c: 'f32', d: 'f32' },
  writes: { out: 'f32' },
  functions: LIKENESS_AT,
  main: summing(
    `var total = sums[3u * area + i];
  var sum = vec3f(sums[i], sums[area + i], sums[2u * area + i]);`,
    ['a', 'b', 'c', 'd'],
  ),
});

const NORMALISE = kernel({
  name: 'end mean',
  values: { size: 'u32' },
  reads: { sums: 'f32', centre: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let area = v.size * v.size;
  let i = at.y * v.size + at.x;
  let o = at.z * area + i;
  let total = sums[3u * area + i];
  out[o] = centre[o];
  if (total > ${LEAST_WEIGHTS}) { out[o] = sums[o] / total; }
`,
});

const AVERAGED = reduction({
  name: 'frames averaged',
  reads: { sums: 'f32', looked: 'f32' },
  numbers: ['sum', 'sum'],
  each: `
  if (!(looked[i] > 0.0)) { return; }
  found[0] = sums[3u * v.items + i];
  found[1] = 1.0;
`,
});

/** See `WindowOperations.temporalMean`. */
export function temporalMean(
  queue: GpuQueue,
  window: WindowImages,
  { own, eyes }: { readonly own: Image; readonly eyes: Image },
  options: TemporalMeanOptions,
): ReturnType<WindowOperations['temporalMean']> {
  const { centre, where } = window;
  const size = squareSide(centre);
  const area = size * size;
  const looked = memoryOf(where);
  using likeness = likenessOf(queue, window, { own, eyes }, options);
  using sums = weightedSums(queue, window, own, memoryOf(likeness));
  const out = queue.lend(3 * area);
  queue.run(NORMALISE, {
    values: { size },
    buffers: { sums, centre: memoryOf(centre), out },
    threads: [size, size, 3],
  });
  const averaged = reduced(queue, AVERAGED, { values: {}, buffers: { sums, looked }, items: area });
  return {
    rgb: imageIn(out, centre),
    averaged: figuresIn(averaged, (numbers) => {
      const [weights, count] = new Float32Array(numbers);
      return count > 0 ? weights / count : 1;
    }),
  };
}

/** A plane of weights for each neighbour, at half the side. */
function likenessOf(
  queue: GpuQueue,
  window: WindowImages,
  { own, eyes }: { readonly own: Image; readonly eyes: Image },
  options: TemporalMeanOptions,
): Image {
  // Without neighbours nobody looks at their weights.
  if (window.neighbours.length === 0) return sameImage(window.luma);
  using distances = patchDistances(queue, window, own, options);
  return likenesses(queue, distances, { look: window.look, eyes }, options);
}

/** Three planes of sums, and one of the weights in them: neighbours nearest first, in one order on every device. */
function weightedSums(
  queue: GpuQueue,
  { centre, neighbours, where }: WindowImages,
  own: Image,
  likeness: GpuMemory,
): GpuMemory {
  const size = squareSide(centre);
  const looked = memoryOf(where);
  const rgb = neighbours.map((neighbour) => memoryOf(neighbour.rgb));
  const dispatch = (first: number, most: number) => ({
    values: { half: size >> 1, first, count: Math.min(most, neighbours.length - first) },
    threads: [size, size] as const,
  });
  // What no neighbour lies in is not looked at.
  const [a = looked, b = looked, c = looked] = rgb;
  let sums = queue.lend(4 * size * size);
  queue.run(BEGIN_SUM, {
    ...dispatch(0, 3),
    buffers: { centre: memoryOf(centre), own: memoryOf(own), looked, likeness, a, b, c, out: sums },
  });
  for (let first = 3; first < rgb.length; first += 4) {
    using before = sums;
    const [a = looked, b = looked, c = looked, d = looked] = rgb.slice(first);
    sums = queue.lend(4 * size * size);
    queue.run(GO_ON, { ...dispatch(first, 4), buffers: { sums: before, looked, likeness, a, b, c, d, out: sums } });
  }
  return sums;
}
