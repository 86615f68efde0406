import { BLUE_SHARE, GREEN_SHARE, RED_SHARE } from '../../../film/luma.ts';
import { LEAST_TOLD } from '../../cpu/window/left-grain.ts';
import type { LeftGrainImages, LeftGrainOptions } from '../../grains.ts';
import type { Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { doubling, inPlanes } from '../filter/doubling.ts';
import { boxBlur, halved } from '../filter/filter-passes.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

const LUMA = `
fn luma_of(rgb: vec3f) -> f32 { return dot(rgb, vec3f(${RED_SHARE}, ${GREEN_SHARE}, ${BLUE_SHARE})); }
`;

/** Energy of the luma of what a mean's planes hold beyond their soft selves. */
const ENERGY = kernel({
  name: 'energy of fine band',
  values: { half: 'u32' },
  reads: { mean: 'f32', soft: 'f32' },
  writes: { out: 'f32' },
  functions: LUMA + doubling('soft_at', inPlanes('soft')),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let area = size * size;
  let i = at.y * size + at.x;
  let fine = luma_of(vec3f(
    mean[i] - soft_at(0u, v.half, at.x, at.y),
    mean[area + i] - soft_at(1u, v.half, at.x, at.y),
    mean[2u * area + i] - soft_at(2u, v.half, at.x, at.y)
  ));
  out[i] = fine * fine;
`,
});

/** The luma of what a frame holds beyond the mean, where its samples are good. */
const REST = kernel({
  name: 'frame beyond mean',
  values: { size: 'u32' },
  reads: { frame: 'f32', mean: 'f32', own: 'f32', looked: 'f32' },
  writes: { out: 'f32' },
  functions: LUMA,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let area = v.size * v.size;
  let i = at.y * v.size + at.x;
  out[i] = 0.0;
  if (looked[i] > 0.0) {
    let shown = vec3f(frame[i], frame[area + i], frame[2u * area + i]);
    let flat = vec3f(mean[i], mean[area + i], mean[2u * area + i]);
    out[i] = own[i] * (luma_of(shown) - luma_of(flat));
  }
`,
});

/** The grain's energy in that, and how far it is told. */
const TOLD = kernel({
  name: 'energy of grain',
  values: { half: 'u32', most: 'f32' },
  reads: { rest: 'f32', soft: 'f32', own: 'f32', looked: 'f32', weights: 'f32' },
  writes: { out: 'f32' },
  functions: doubling('soft_at', 'soft[i]'),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let area = size * size;
  let i = at.y * size + at.x;
  let share = select(0.0, own[i], looked[i] > 0.0);
  let fine = min(v.most, abs(rest[i] - soft_at(0u, v.half, at.x, at.y)));
  out[i] = share * fine * fine;
  out[area + i] = share * (1.0 - 1.0 / max(1.0, weights[i]));
`,
});

const KEEP = kernel({
  name: 'share of picture',
  values: { half: 'u32', begins: 'f32', is: 'f32', in_eyes: 'f32' },
  reads: { told: 'f32', around: 'f32', frames: 'f32', eyes: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.half || at.y >= v.half) { return; }
  let i = at.y * v.half + at.x;
  let told_here = told[v.half * v.half + i];
  var unit = 0.0;
  if (told_here > ${LEAST_TOLD}) { unit = told[i] / (told_here * max(1.0, frames[i])); }
  if (eyes[i] > 0.0) { unit = v.in_eyes * unit; }
  out[i] = 1.0;
  if (unit > 0.0) { out[i] = clamp((around[i] / unit - v.begins) / (v.is - v.begins), 0.0, 1.0); }
`,
});

const FILTERED = kernel({
  name: 'mean without left grain',
  values: { half: 'u32' },
  reads: { mean: 'f32', soft: 'f32', keep: 'f32', looked: 'f32' },
  writes: { out: 'f32' },
  functions: doubling('soft_at', inPlanes('soft')) + doubling('keep_at', 'keep[i]'),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let i = at.y * size + at.x;
  let o = at.z * size * size + i;
  out[o] = mean[o];
  if (looked[i] > 0.0) {
    let lost = 1.0 - keep_at(0u, v.half, at.x, at.y);
    out[o] = mean[o] - lost * (mean[o] - soft_at(at.z, v.half, at.x, at.y));
  }
`,
});

/** See `GrainOperations.withoutLeftGrain`. */
export function withoutLeftGrain(queue: GpuQueue, images: LeftGrainImages, options: LeftGrainOptions): Image {
  const { mean, where } = images;
  const size = squareSide(mean);
  const half = size >> 1;
  using soft = softened(queue, mean, options.coarse);
  const plane = { width: size, height: size, planes: 1 };
  using energy = imageIn(queue.lend(size * size), plane);
  queue.run(ENERGY, {
    values: { half },
    buffers: { mean: memoryOf(mean), soft: memoryOf(soft), out: memoryOf(energy) },
    threads: [size, size],
  });
  using keep = keptShare(queue, images, energy, options);
  const out = queue.lend(samplesIn(mean));
  queue.run(FILTERED, {
    values: { half },
    buffers: { mean: memoryOf(mean), soft: memoryOf(soft), keep: memoryOf(keep), looked: memoryOf(where), out },
    threads: [size, size, 3],
  });
  return imageIn(out, mean);
}

/** Of each place at half the side the share of the band that is picture, 0 … 1. */
function keptShare(queue: GpuQueue, images: LeftGrainImages, energy: Image, options: LeftGrainOptions): Image {
  const half = squareSide(energy) >> 1;
  using told = grainEnergy(queue, images, options);
  using small = halved(queue, energy);
  using around = boxBlur(queue, small, options.around / 2, 2);
  using frames = halved(queue, images.weights);
  const out = queue.lend(half * half);
  queue.run(KEEP, {
    values: { half, begins: options.begins, is: options.is, in_eyes: options.inEyes },
    buffers: {
      told: memoryOf(told),
      around: memoryOf(around),
      frames: memoryOf(frames),
      eyes: memoryOf(images.eyes),
      out,
    },
    threads: [half, half],
  });
  return imageIn(out, small);
}

/** Two planes at half the side: energy of the frame's grain in the band times how far it is told, and that. */
function grainEnergy(
  queue: GpuQueue,
  { mean, frame, weights, own, where }: LeftGrainImages,
  { coarse, over, most }: LeftGrainOptions,
): Image {
  const size = squareSide(mean);
  const [good, looked] = [memoryOf(own), memoryOf(where)];
  using rest = imageIn(queue.lend(size * size), { width: size, height: size, planes: 1 });
  queue.run(REST, {
    values: { size },
    buffers: { frame: memoryOf(frame), mean: memoryOf(mean), own: good, looked, out: memoryOf(rest) },
    threads: [size, size],
  });
  using soft = softened(queue, rest, coarse);
  using told = imageIn(queue.lend(2 * size * size), { width: size, height: size, planes: 2 });
  queue.run(TOLD, {
    values: { half: size >> 1, most },
    buffers: {
      rest: memoryOf(rest),
      soft: memoryOf(soft),
      own: good,
      looked,
      weights: memoryOf(weights),
      out: memoryOf(told),
    },
    threads: [size, size],
  });
  using small = halved(queue, told);
  return boxBlur(queue, small, over / 2, 2);
}

/** Planes blurred by `coarse` pixels, at half their side. */
function softened(queue: GpuQueue, image: Image, coarse: number): Image {
  using small = halved(queue, image);
  return boxBlur(queue, small, coarse / 2, 1);
}
