import { LEAST_WEIGHTS, UNSEEN_WEIGHT } from '../../cpu/window/temporal-mean.ts';
import type { Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { TemporalMeanOptions, WindowImages, WindowOperations } from '../../windows.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { doubling, inPlanes } from '../filter/doubling.ts';
import { reduced, reduction } from '../filter/reduction.ts';
import { figuresIn, imageIn, memoryOf, sameImage } from '../gpu-image.ts';
import { likenesses } from './likeness.ts';
import { patchDistances } from './patch-distance.ts';

/** Neighbours are added nearest first, in one order on every device. */
const MEAN = kernel({
  name: 'weighted mean',
  values: { half: 'u32', count: 'u32' },
  reads: { centre: 'f32', own: 'f32', looked: 'f32', likeness: 'f32', neighbours: 'f32' },
  writes: { out: 'f32', weights: 'f32' },
  functions: doubling('likeness_at', inPlanes('likeness')),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let area = size * size;
  let i = at.y * size + at.x;
  let shown = vec3f(centre[i], centre[area + i], centre[2u * area + i]);
  var total = own[i];
  var sum = total * shown;
  if (looked[i] > 0.0) {
    for (var k = 0u; k < v.count; k++) {
      let w = likeness_at(k, v.half, at.x, at.y);
      if (w >= ${UNSEEN_WEIGHT}) {
        let o = 3u * k * area + i;
        total += w;
        sum += w * vec3f(neighbours[o], neighbours[o + area], neighbours[o + 2u * area]);
      }
    }
  }
  var mean = shown;
  if (total > ${LEAST_WEIGHTS}) { mean = sum / total; }
  weights[i] = total;
  out[i] = mean.x;
  out[area + i] = mean.y;
  out[2u * area + i] = mean.z;
`,
});

const AVERAGED = reduction({
  name: 'frames averaged',
  reads: { weights: 'f32', looked: 'f32' },
  numbers: ['sum', 'sum'],
  each: `
  if (!(looked[i] > 0.0)) { return; }
  found[0] = weights[i];
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
  const { centre, lumas, where, neighbours } = window;
  const size = squareSide(centre);
  const area = size * size;
  const looked = memoryOf(where);
  using likeness = likenessOf(queue, window, { own, eyes }, options);
  const out = queue.lend(3 * area);
  const weights = queue.lend(area);
  queue.run(MEAN, {
    values: { half: size >> 1, count: lumas.planes - 1 },
    buffers: {
      centre: memoryOf(centre),
      own: memoryOf(own),
      looked,
      likeness: memoryOf(likeness),
      neighbours: memoryOf(neighbours),
      out,
      weights,
    },
    threads: [size, size],
  });
  const averaged = reduced(queue, AVERAGED, { values: {}, buffers: { weights, looked }, items: area });
  return {
    rgb: imageIn(out, centre),
    weights: imageIn(weights, { ...centre, planes: 1 }),
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
  if (window.lumas.planes === 1) return sameImage(window.lumas);
  using distances = patchDistances(queue, window, own, options);
  return likenesses(queue, distances, { look: window.look, eyes }, options);
}
