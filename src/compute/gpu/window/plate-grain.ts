import type { PlateGrainOptions } from '../../grains.ts';
import type { Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { fastGaussian, LUMA } from '../filter/filter-passes.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';
import { residualMedians, STRENGTH_AT } from './grain-strength.ts';

/** Luma of a plate without its grain, and of its grain; and the latter's energy. */
const SPLIT = kernel({
  name: 'split grain',
  values: { area: 'u32' },
  reads: { plate: 'f32', smooth_plate: 'f32' },
  writes: { luma: 'f32', residual: 'f32', energy: 'f32' },
  group: SAMPLES,
  functions: LUMA,
  main: `
  let r = at.x;
  if (r >= v.area) { return; }
  let g = v.area + r;
  let b = v.area + g;
  luma[r] = luma_of(smooth_plate[r], smooth_plate[g], smooth_plate[b]);
  let found = luma_of(plate[r] - smooth_plate[r], plate[g] - smooth_plate[g], plate[b] - smooth_plate[b]);
  residual[r] = found;
  energy[r] = found * found;
`,
});

const ADD = kernel({
  name: 'add grain of plate',
  values: { area: 'u32', ratio: 'f32', most: 'f32', greatest: 'f32' },
  reads: { restored: 'f32', plate: 'f32', smooth_plate: 'f32', energy: 'f32', medians: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: LUMA + STRENGTH_AT,
  main: `
  let i = at.x;
  if (i >= v.area) { return; }
  var grain: array<f32, 3>;
  for (var k = 0u; k < 3u; k++) { grain[k] = plate[k * v.area + i] - smooth_plate[k * v.area + i]; }
  let pixels = f32(v.area);
  let luma = luma_of(smooth_plate[i], smooth_plate[v.area + i], smooth_plate[2u * v.area + i]);
  let there = strength_at(luma, pixels);
  // Detail lies together, grain does not.
  let crowded = min(1.0, 1.25 * there / sqrt(max(1e-12, energy[i])));
  let value = abs(luma_of(grain[0], grain[1], grain[2])) * crowded;
  var keep = crowded;
  if (value > v.most * there) { keep = crowded * v.most * there / value; }
  let here = strength_at(luma_of(restored[i], restored[v.area + i], restored[2u * v.area + i]), pixels);
  var gain = v.ratio;
  if (there > 0.0) { gain = v.ratio * min(v.greatest, max(1.0 / v.greatest, here / there)); }
  for (var k = 0u; k < 3u; k++) { out[k * v.area + i] = restored[k * v.area + i] + gain * grain[k] * keep; }
`,
});

/** See `GrainOperations.withGrainOfPlate`. */
export function withGrainOfPlate(
  queue: GpuQueue,
  restored: Image,
  plate: Image,
  { ratio, sigma, most, around, greatestGain }: PlateGrainOptions,
): Image {
  const size = squareSide(plate);
  const area = size * size;
  const shape = { width: size, height: size, planes: 1 };
  using smooth = fastGaussian(queue, plate, sigma);
  using luma = queue.lend(area);
  using residual = queue.lend(area);
  using squares = imageIn(queue.lend(area), shape);
  queue.run(SPLIT, {
    values: { area },
    buffers: {
      plate: memoryOf(plate),
      smooth_plate: memoryOf(smooth),
      luma,
      residual,
      energy: memoryOf(squares),
    },
    threads: [area],
  });
  using medians = residualMedians(queue, { residual, luma }, size);
  using energy = fastGaussian(queue, squares, around);
  const out = queue.lend(samplesIn(restored));
  queue.run(ADD, {
    values: { area, ratio, most, greatest: greatestGain },
    buffers: {
      restored: memoryOf(restored),
      plate: memoryOf(plate),
      smooth_plate: memoryOf(smooth),
      energy: memoryOf(energy),
      medians,
      out,
    },
    threads: [area],
  });
  return imageIn(out, restored);
}
