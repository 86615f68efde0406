import type { RegrainImages, RegrainOptions } from '../../grains.ts';
import type { Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { doubling, inPlanes } from '../filter/doubling.ts';
import { boxBlur, halved } from '../filter/filter-passes.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';
import { specksAround } from './specks.ts';

/** What the plate holds beyond its repaired self; on dirt and specks, as far as it is, the substitute's. */
const RESIDUAL = kernel({
  name: 'grain of plate',
  values: { half: 'u32', most: 'f32', height: 'f32', substituted: 'u32' },
  reads: { plate: 'f32', repaired: 'f32', substitute: 'f32', own: 'f32', looked: 'f32', specks: 'f32' },
  writes: { out: 'f32' },
  functions: doubling('specks_at', 'specks[i]'),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let i = at.y * size + at.x;
  let o = at.z * size * size + i;
  var residual = 0.0;
  if (looked[i] > 0.0) {
    let clean = own[i] * (1.0 - min(1.0, specks_at(0u, v.half, at.x, at.y) / v.height));
    var other = 0.0;
    // A neighbour that shows something else (a mouth that has moved) differs by more than grain.
    if (v.substituted == 1u) { other = clamp(substitute[o] - repaired[o], -v.most, v.most); }
    residual = clean * (plate[o] - repaired[o]) + (1.0 - clean) * other;
  }
  out[o] = residual;
`,
});

const ADD_GRAIN = kernel({
  name: 'add grain',
  values: { half: 'u32', ratio: 'f32' },
  reads: { restored: 'f32', residual: 'f32', coarse: 'f32', looked: 'f32' },
  writes: { out: 'f32' },
  functions: doubling('coarse_at', inPlanes('coarse')),
  main: `
  let size = 2u * v.half;
  if (at.x >= size || at.y >= size) { return; }
  let i = at.y * size + at.x;
  let o = at.z * size * size + i;
  out[o] = restored[o];
  if (looked[i] > 0.0) { out[o] = restored[o] + v.ratio * (residual[o] - coarse_at(at.z, v.half, at.x, at.y)); }
`,
});

/** See `GrainOperations.regrained`. */
export function regrained(queue: GpuQueue, images: RegrainImages, options: RegrainOptions): Image {
  const { restored, plate, repaired, substitute, own, where } = images;
  const { ratio, coarsest, most, speck } = options;
  const size = squareSide(restored);
  const half = size >> 1;
  const looked = memoryOf(where);
  using specks = specksAround(queue, images, options);
  using residual = imageIn(queue.lend(samplesIn(restored)), restored);
  queue.run(RESIDUAL, {
    // A Gaussian of a lone pixel is `height` high in its middle: what is a core stays one.
    values: {
      half,
      most,
      height: 1 / (2 * Math.PI * Math.max(1, speck.around / 2) ** 2),
      substituted: substitute ? 1 : 0,
    },
    buffers: {
      plate: memoryOf(plate),
      repaired: memoryOf(repaired),
      substitute: memoryOf(substitute ?? plate),
      own: memoryOf(own),
      looked,
      specks: memoryOf(specks),
      out: memoryOf(residual),
    },
    threads: [size, size, 3],
  });
  using coarse = coarserThanGrain(queue, residual, coarsest);
  const out = queue.lend(samplesIn(restored));
  queue.run(ADD_GRAIN, {
    values: { half, ratio },
    buffers: { restored: memoryOf(restored), residual: memoryOf(residual), coarse: memoryOf(coarse), looked, out },
    threads: [size, size, 3],
  });
  return imageIn(out, restored);
}

/** What of residuals is coarser than grain whose widest Gaussian is `coarsest` pixels, flicker or shading: at half their side. */
export function coarserThanGrain(queue: GpuQueue, residual: Image, coarsest: number): Image {
  using small = halved(queue, residual);
  return boxBlur(queue, small, coarsest / 2, 2);
}
