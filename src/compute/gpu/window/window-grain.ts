import { MAD_TO_SIGMA } from '../../../motion/quantile.ts';
import { GRAIN_STEP, grainTold } from '../../cpu/window/window-grain.ts';
import { GRAIN_STEPS, type WindowGrain } from '../../grains.ts';
import type { Figures, Image } from '../../image.ts';
import { samplesIn } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { LUMA } from '../filter/filter-passes.ts';
import { selected } from '../filter/selection.ts';
import { KEYS } from '../filter/selection-keys.ts';
import { figuresIn, memoryOf } from '../gpu-image.ts';

/** Rows that are selected among: all samples, then those of each step of luma. */
const ROWS = 1 + GRAIN_STEPS;

const DIFFERENCES_BY_LUMA = kernel({
  name: 'differences by luma',
  values: { area: 'u32', count: 'u32' },
  reads: { a: 'f32', b: 'f32', looked: 'f32' },
  writes: { out: 'f32', keys: 'u32' },
  group: SAMPLES,
  functions: LUMA + KEYS,
  main: `
  if (at.x >= v.count) { return; }
  let i = ${GRAIN_STEP}u * at.x;
  let other = 3u * v.area * at.y + i;
  let first = luma_of(a[i], a[v.area + i], a[2u * v.area + i]);
  let second = luma_of(b[other], b[v.area + other], b[2u * v.area + other]);
  let difference = first - second;
  let step = u32(clamp(floor((first + second) / 2.0 * ${GRAIN_STEPS}.0), 0.0, ${GRAIN_STEPS - 1}.0));
  let isSeen = looked[i] > 0.0;
  out[at.y * v.count + at.x] = difference;
  for (var row = 0u; row < ${ROWS}u; row++) {
    keys[(${ROWS}u * at.y + row) * v.count + at.x] = select(NO_KEY, key_of(difference), isSeen && (row == 0u || row == step + 1u));
  }
`,
});

/** How far the same samples lie from the middle one of their row, which the first of its two numbers is. */
const DEVIATIONS = kernel({
  name: 'deviations by luma',
  values: { count: 'u32' },
  reads: { differences: 'f32', before: 'u32', middles: 'f32' },
  writes: { keys: 'u32' },
  group: SAMPLES,
  functions: KEYS,
  main: `
  if (at.x >= v.count) { return; }
  let o = at.y * v.count + at.x;
  keys[o] = select(key_of(abs(differences[(at.y / ${ROWS}u) * v.count + at.x] - middles[2u * at.y])), NO_KEY, before[o] == NO_KEY);
`,
});

/** See `GrainOperations.grainBetween`; deviations as `temporalNoiseSigma` has them. */
export function grainBetween(
  queue: GpuQueue,
  frame: Image,
  others: Image,
  where: Image,
): Figures<readonly WindowGrain[]> {
  const frames = others.planes / 3;
  if (frames === 0) return figuresIn(queue.lend(1), () => []);
  const area = samplesIn(where);
  const count = Math.ceil(area / GRAIN_STEP);
  const rows = frames * ROWS;
  using differences = queue.lend(frames * count);
  using before = queue.lend(rows * count);
  queue.run(DIFFERENCES_BY_LUMA, {
    values: { area, count },
    buffers: { a: memoryOf(frame), b: memoryOf(others), looked: memoryOf(where), out: differences, keys: before },
    threads: [count, frames],
  });
  using middles = selected(queue, before, { count, rows, share: 0.5 });
  using keys = queue.lend(rows * count);
  queue.run(DEVIATIONS, {
    values: { count },
    buffers: { differences, before, middles, keys },
    threads: [count, rows],
  });
  return figuresIn(selected(queue, keys, { count, rows, share: 0.5 }), (numbers) =>
    Array.from({ length: frames }, (_, k) => told(new Float32Array(numbers, 8 * ROWS * k, 2 * ROWS))),
  );
}

function told(found: Float32Array): WindowGrain {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const [middle, count] = found.subarray(2 * row);
    return { count, deviation: () => (count > 0 ? (MAD_TO_SIGMA * middle) / Math.SQRT2 : Number.NaN) };
  });
  const [all, ...steps] = rows;
  return grainTold(all.deviation(), steps);
}
