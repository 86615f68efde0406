import type { Roi } from '../../../film/roi.ts';
import { deltaPositions, deltaStretch } from '../../cpu/plate/delta.ts';
import type { PatchPlace, RestoredImages } from '../../plates.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { memoryOf } from '../gpu-image.ts';
import { AFFINE_PLACE, placesOf } from './affine-sampling.ts';
import { cubicSampling, stretchedSampling } from './cubic.ts';

const WEIGHTED_DIFFERENCE = kernel({
  name: 'weighted difference',
  values: { area: 'u32' },
  reads: { original: 'f32', rgb: 'f32', matte: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= 3u * v.area) { return; }
  let alpha = matte[at.x % v.area];
  // Chosen, not multiplied: a restorer may leave anything where its matte is 0.
  out[at.x] = select(0.0, alpha * (rgb[at.x] - original[at.x]), alpha > 0.0);
`,
});

const PLACE_DELTA = kernel({
  name: 'place delta',
  values: { size: 'u32', columns: 'u32', count: 'u32', stretch: 'f32' },
  reads: { difference: 'f32', matte: 'f32', whole: 'i32', fractions: 'f32' },
  writes: { placed: 'u32', delta: 'f32' },
  group: SAMPLES,
  functions: `
${AFFINE_PLACE}
${cubicSampling('difference')}
${stretchedSampling('difference')}
fn matte_at(x: i32, y: i32) -> f32 {
  let size = i32(v.size);
  if (x < 0 || y < 0 || x >= size || y >= size) { return 0.0; }
  return matte[y * size + x];
}
fn alpha_at(place: Place) -> u32 {
  let at = place.whole;
  let f = place.fraction;
  let above = (1.0 - f.x) * matte_at(at.x, at.y) + f.x * matte_at(at.x + 1, at.y);
  let below = (1.0 - f.x) * matte_at(at.x, at.y + 1) + f.x * matte_at(at.x + 1, at.y + 1);
  return u32(clamp(floor(((1.0 - f.y) * above + f.y * below) * 65535.0 + 0.5), 0.0, 65535.0));
}
`,
  main: `
  if (2u * at.x >= v.count) { return; }
  let size = vec2i(i32(v.size));
  var word = 0u;
  // Two pixels share a word of the matte.
  for (var k = 0u; k < 2u; k++) {
    let i = 2u * at.x + k;
    if (i >= v.count) { break; }
    let place = affine_place(i % v.columns, i / v.columns, v.columns);
    let alpha = alpha_at(place);
    word |= alpha << (16u * k);
    for (var plane = 0u; plane < 3u; plane++) {
      let first = plane * v.size * v.size;
      var d = 0.0;
      if (alpha > 0u && v.stretch == 1.0) {
        d = cubic(first, size, place.whole, place.fraction);
      } else if (alpha > 0u) {
        d = stretched(first, size, place.whole, place.fraction, vec2f(v.stretch));
      }
      delta[plane * v.count + i] = d;
    }
  }
  placed[at.x] = word;
`,
});

/** See `DisplayDelta`: the matte, two pixels a number; and three planes of the region's size. */
export interface PlacedDelta {
  readonly placed: GpuMemory;
  readonly delta: GpuMemory;
}

/** See `placeDelta`. */
export function placeDeltaOnDevice(
  queue: GpuQueue,
  roi: Roi,
  { size, toPatch }: PatchPlace,
  { original, rgb, matte }: RestoredImages,
): PlacedDelta {
  const count = roi.width * roi.height;
  const area = size * size;
  using difference = queue.lend(3 * area);
  queue.run(WEIGHTED_DIFFERENCE, {
    values: { area },
    buffers: { original: memoryOf(original), rgb: memoryOf(rgb), matte: memoryOf(matte), out: difference },
    threads: [3 * area],
  });
  const placed = queue.memory.lend(2 * count);
  const delta = queue.lend(3 * count);
  queue.run(PLACE_DELTA, {
    values: { size, columns: roi.width, count, stretch: deltaStretch(toPatch) },
    buffers: { difference, matte: memoryOf(matte), ...placesOf(deltaPositions(roi, toPatch)), placed, delta },
    threads: [Math.ceil(count / 2)],
  });
  return { placed, delta };
}
