import { MAD_TO_SIGMA } from '../../../motion/quantile.ts';
import type { RegrainImages, RegrainOptions } from '../../grains.ts';
import type { Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { boxBlur, LUMA } from '../filter/filter-passes.ts';
import { selected } from '../filter/selection.ts';
import { KEYS } from '../filter/selection-keys.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** Luma of what the plate holds beyond its repaired self, at half the side. */
const LUMA_RESIDUAL = kernel({
  name: 'luma beyond repaired',
  values: { half: 'u32' },
  reads: { plate: 'f32', repaired: 'f32' },
  writes: { out: 'f32' },
  functions: `${LUMA}
fn plate_sum(i: u32, size: u32) -> f32 { return plate[i] + plate[i + 1u] + plate[i + size] + plate[i + size + 1u]; }
fn repaired_sum(i: u32, size: u32) -> f32 {
  return repaired[i] + repaired[i + 1u] + repaired[i + size] + repaired[i + size + 1u];
}`,
  main: `
  if (at.x >= v.half || at.y >= v.half) { return; }
  let size = 2u * v.half;
  let area = size * size;
  let r = 2u * at.y * size + 2u * at.x;
  let g = area + r;
  let b = area + g;
  out[at.y * v.half + at.x] = (luma_of(plate_sum(r, size), plate_sum(g, size), plate_sum(b, size))
    - luma_of(repaired_sum(r, size), repaired_sum(g, size), repaired_sum(b, size))) / 4.0;
`,
});

/** How strong what lies together is, where the frame is looked at and its own samples are good. */
const STRENGTHS = kernel({
  name: 'strengths to select among',
  values: { half: 'u32' },
  reads: { soft: 'f32', coarse: 'f32', own: 'f32', looked: 'f32' },
  writes: { keys: 'u32' },
  functions: KEYS,
  main: `
  if (at.x >= v.half || at.y >= v.half) { return; }
  let i = at.y * v.half + at.x;
  let p = 4u * at.y * v.half + 2u * at.x;
  keys[i] = select(NO_KEY, key_of(abs(soft[i] - coarse[i])), looked[p] > 0.0 && own[p] == 1.0);
`,
});

/** How surely each pixel is a speck's, 0 … 1; `typical` holds the median of all strengths. */
const CORES = kernel({
  name: 'cores of specks',
  values: { area: 'u32', begins: 'f32', span: 'f32', least: 'f32' },
  reads: { soft: 'f32', coarse: 'f32', typical: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  let i = at.x;
  if (i >= v.area) { return; }
  let deviation = max(v.least, ${MAD_TO_SIGMA} * typical[0]);
  out[i] = clamp((abs(soft[i] - coarse[i]) / deviation - v.begins) / v.span, 0.0, 1.0);
`,
});

/** Specks that the plate shows and its repaired self does not, blurred as far as they reach, at half the side: 0 where there are none. */
export function specksAround(
  queue: GpuQueue,
  { plate, repaired, own, where }: RegrainImages,
  { coarsest, speck }: RegrainOptions,
): Image {
  const half = squareSide(plate) >> 1;
  const area = half * half;
  const shape = { width: half, height: half, planes: 1 };
  using residual = imageIn(queue.lend(area), shape);
  queue.run(LUMA_RESIDUAL, {
    values: { half },
    buffers: { plate: memoryOf(plate), repaired: memoryOf(repaired), out: memoryOf(residual) },
    threads: [half, half],
  });
  using coarseImage = boxBlur(queue, residual, coarsest / 2, 2);
  using softImage = boxBlur(queue, residual, speck.blur / 2, 2);
  const [soft, coarse] = [memoryOf(softImage), memoryOf(coarseImage)];
  using keys = queue.lend(area);
  queue.run(STRENGTHS, {
    values: { half },
    buffers: { soft, coarse, own: memoryOf(own), looked: memoryOf(where), keys },
    threads: [half, half],
  });
  using typical = selected(queue, keys, { count: area, share: 0.5 });
  using cores = imageIn(queue.lend(area), shape);
  queue.run(CORES, {
    values: { area, begins: speck.begins, span: speck.is - speck.begins, least: speck.least },
    buffers: { soft, coarse, typical, out: memoryOf(cores) },
    threads: [area],
  });
  return boxBlur(queue, cores, speck.around / 2, 2);
}
