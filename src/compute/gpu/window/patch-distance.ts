import type { Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { TemporalMeanOptions, WindowImages } from '../../windows.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { boxBlur } from '../filter/filter-passes.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** The centre less each neighbour, whose planes lie behind its own, as far as the centre's own samples are good. */
const DIFFERENCES = kernel({
  name: 'differences of frames',
  values: { half: 'u32' },
  reads: { lumas: 'f32', look: 'f32', own: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.half || at.y >= v.half) { return; }
  let size = 2u * v.half;
  let i = at.y * v.half + at.x;
  let o = at.z * v.half * v.half + i;
  let p = 2u * at.y * size + 2u * at.x;
  let good = (own[p] + own[p + 1u] + own[p + size] + own[p + size + 1u]) / 4.0;
  out[o] = select(0.0, good * (lumas[i] - lumas[v.half * v.half + o]), look[i] == 1.0);
`,
});

const SQUARES = kernel({
  name: 'squares',
  values: { samples: 'u32' },
  reads: { roots: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.samples) { return; }
  out[at.x] = roots[at.x] * roots[at.x];
`,
});

/** Every sample times itself. */
export function squared(queue: GpuQueue, image: Image): Image {
  const samples = samplesIn(image);
  const out = queue.lend(samples);
  queue.run(SQUARES, { values: { samples }, buffers: { roots: memoryOf(image), out }, threads: [samples] });
  return imageIn(out, image);
}

/** Of each neighbour (a plane) the mean squared difference around each pixel, the frames' grain blurred away first. Dirt does not count. */
export function patchDistances(
  queue: GpuQueue,
  { lumas, look }: Pick<WindowImages, 'lumas' | 'look'>,
  own: Image,
  { blur, spread }: Pick<TemporalMeanOptions, 'blur' | 'spread'>,
): Image {
  const half = squareSide(lumas);
  const shape = { width: half, height: half, planes: lumas.planes - 1 };
  using difference = imageIn(queue.lend(samplesIn(shape)), shape);
  queue.run(DIFFERENCES, {
    values: { half },
    buffers: {
      lumas: memoryOf(lumas),
      look: memoryOf(look),
      own: memoryOf(own),
      out: memoryOf(difference),
    },
    threads: [half, half, shape.planes],
  });
  using soft = boxBlur(queue, difference, blur, 1);
  using squares = squared(queue, soft);
  return boxBlur(queue, squares, spread, 2);
}
