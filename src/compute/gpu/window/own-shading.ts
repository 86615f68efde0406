import type { Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { OwnShadingOptions, ShadingImages } from '../../windows.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { doubling } from '../filter/doubling.ts';
import { boxBlur } from '../filter/filter-passes.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** What the centre's own samples have beyond the mean, at half the side. */
const REST = kernel({
  name: 'own light',
  values: { half: 'u32' },
  reads: { mean: 'f32', centre: 'f32', own: 'f32', looked: 'f32' },
  writes: { out: 'f32' },
  functions: `
fn rest(plane: u32, i: u32) -> f32 {
  if (!(looked[i] > 0.0)) { return 0.0; }
  return own[i] * (centre[plane + i] - mean[plane + i]);
}
`,
  main: `
  if (at.x >= v.half || at.y >= v.half) { return; }
  let size = 2u * v.half;
  let plane = at.z * size * size;
  let i = 2u * at.y * size + 2u * at.x;
  out[(at.z * v.half + at.y) * v.half + at.x] =
    (rest(plane, i) + rest(plane, i + 1u) + rest(plane, i + size) + rest(plane, i + size + 1u)) / 4.0;
`,
});

const ADD_LIGHT = kernel({
  name: 'add own light',
  values: { half: 'u32' },
  reads: { mean: 'f32', light: 'f32', share: 'f32', looked: 'f32' },
  writes: { out: 'f32' },
  functions: doubling('shared_light', 'share[i] * light[plane * half * half + i]'),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let i = at.y * size + at.x;
  let o = at.z * size * size + i;
  out[o] = mean[o];
  if (looked[i] > 0.0) { out[o] = mean[o] + shared_light(at.z, v.half, at.x, at.y); }
`,
});

/** See `WindowOperations.withOwnShading`. */
export function withOwnShading(
  queue: GpuQueue,
  mean: Image,
  { centre, where, own, expressive }: ShadingImages,
  { coarse, soft }: OwnShadingOptions,
): Image {
  const size = squareSide(mean);
  const half = size >> 1;
  const small = { width: half, height: half, planes: 3 };
  const looked = memoryOf(where);
  using share = boxBlur(queue, expressive, soft, 2);
  using rest = imageIn(queue.lend(samplesIn(small)), small);
  queue.run(REST, {
    values: { half },
    buffers: { mean: memoryOf(mean), centre: memoryOf(centre), own: memoryOf(own), looked, out: memoryOf(rest) },
    threads: [half, half, 3],
  });
  using light = boxBlur(queue, rest, coarse, 2);
  const out = queue.lend(samplesIn(mean));
  queue.run(ADD_LIGHT, {
    values: { half },
    buffers: { mean: memoryOf(mean), light: memoryOf(light), share: memoryOf(share), looked, out },
    threads: [size, size, 3],
  });
  return imageIn(out, mean);
}
