import type { CarriedBlendOptions, CarriedSide, CarriedToImages, CarryingOperations } from '../../carrying.ts';
import { squareSide } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { doubling } from '../filter/doubling.ts';
import { imageIn, memoryOf, sameImage } from '../gpu-image.ts';
import { coarserThanGrain } from './regrain.ts';

/** WGSL: `shares(i)`, what either side's planes are multiplied by at a pixel: its gain, by weight and trust. */
const SHARES = `
fn shares(i: u32) -> vec2f {
  let one = v.weight * (trust[i] + v.least);
  let other = v.other_weight * (other_trust[i] + v.least);
  let share = one / (one + other);
  return vec2f(share * v.gain, (1.0 - share) * v.other_gain);
}
`;

/** Where there is one side it stands on both, and the other's weight is 0. */
const VALUES = {
  half: 'u32',
  gain: 'f32',
  weight: 'f32',
  other_gain: 'f32',
  other_weight: 'f32',
  least: 'f32',
} as const;

/** Each pixel's trust, and what of its luma is not in the keyframes, as far as it is trusted. */
const WEIGH = kernel({
  name: 'weigh sides',
  values: VALUES,
  reads: { luma: 'f32', looked: 'f32', planes: 'f32', trust: 'f32', other_planes: 'f32', other_trust: 'f32' },
  writes: { best: 'f32', residual: 'f32' },
  functions: SHARES,
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let i = at.y * size + at.x;
  best[i] = 0.0;
  residual[i] = 0.0;
  if (looked[i] > 0.0) {
    let share = shares(i);
    let l = 3u * size * size + i;
    let most = max(trust[i], other_trust[i]);
    best[i] = most;
    residual[i] = most * (luma[i] - (share.x * planes[l] + share.y * other_planes[l]));
  }
`,
});

const BLEND = kernel({
  name: 'blend sides',
  values: VALUES,
  reads: {
    rgb: 'f32',
    looked: 'f32',
    planes: 'f32',
    trust: 'f32',
    other_planes: 'f32',
    other_trust: 'f32',
    flicker: 'f32',
  },
  writes: { out: 'f32' },
  functions: SHARES + doubling('flicker_at', 'flicker[i]'),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let area = size * size;
  let i = at.y * size + at.x;
  var share = vec2f(0.0);
  var coarse = 0.0;
  if (looked[i] > 0.0) {
    share = shares(i);
    coarse = flicker_at(0u, v.half, at.x, at.y);
  }
  for (var o = i; o < 3u * area; o += area) {
    out[o] = rgb[o] + share.x * planes[o] + share.y * other_planes[o] - coarse;
  }
`,
});

/** See `CarryingOperations.carriedBlend`. */
export function carriedBlend(
  queue: GpuQueue,
  { rgb, luma, where }: CarriedToImages,
  sides: readonly CarriedSide[],
  { least, coarsest }: CarriedBlendOptions,
): ReturnType<CarryingOperations['carriedBlend']> {
  const size = squareSide(rgb);
  const area = size * size;
  const mask = { width: size, height: size, planes: 1 };
  const [one, other = one] = sides;
  if (!one || !other) return { rgb: sameImage(rgb), trust: imageIn(queue.filled(new Float32Array(area)), mask) };
  const values = {
    half: size >> 1,
    gain: one.gain,
    weight: one.weight,
    other_gain: other.gain,
    other_weight: one === other ? 0 : other.weight,
    least,
  };
  const shared = {
    looked: memoryOf(where),
    planes: memoryOf(one.planes),
    trust: memoryOf(one.trust),
    other_planes: memoryOf(other.planes),
    other_trust: memoryOf(other.trust),
  };
  const threads = [size, size] as const;
  const best = queue.lend(area);
  using residual = imageIn(queue.lend(area), mask);
  queue.run(WEIGH, {
    values,
    buffers: { ...shared, luma: memoryOf(luma), best, residual: memoryOf(residual) },
    threads,
  });
  using coarse = coarserThanGrain(queue, residual, coarsest);
  const out = queue.lend(3 * area);
  queue.run(BLEND, { values, buffers: { ...shared, rgb: memoryOf(rgb), flicker: memoryOf(coarse), out }, threads });
  return { rgb: imageIn(out, rgb), trust: imageIn(best, mask) };
}
