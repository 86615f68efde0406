import {
  MEDIAN_OVER_SIGMA,
  STEEP,
  STRENGTH_BINS,
  STRENGTH_ENOUGH,
  STRENGTH_REACH,
  STRENGTH_STEPS,
} from '../../cpu/window/grain.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';

/** Workgroups that share the pixels, and histograms that one of them counts at once (of 16 KiB, the default limit). */
const GROUPS = 32;
const AT_ONCE = 4;
const LANES = 256;

/**
 * Histograms of |residual|, a part for each workgroup: of everything, or, where `bins` is above 1, of even ground by brightness. The
 * first row of `medians` is then that of everything. Whole numbers are counted, in whatever order.
 */
const COUNT = kernel({
  name: 'count residuals',
  values: { size: 'u32', bins: 'u32' },
  reads: { residual: 'f32', luma: 'f32', medians: 'f32' },
  writes: { parts: 'u32' },
  group: SAMPLES,
  functions: `
var<workgroup> counts: array<atomic<u32>, ${AT_ONCE * STRENGTH_STEPS}>;
// The histogram in which a pixel counts; beyond the last where it counts in none.
fn bin_of(i: u32) -> u32 {
  if (v.bins == 1u) { return 0u; }
  let x = i % v.size;
  let y = i / v.size;
  if (x == 0u || y == 0u || x + 1u == v.size || y + 1u == v.size) { return v.bins; }
  let dx = (luma[i + 1u] - luma[i - 1u]) / 2.0;
  let dy = (luma[i + v.size] - luma[i - v.size]) / 2.0;
  let steep = ${STEEP / MEDIAN_OVER_SIGMA} * medians[0];
  if (dx * dx + dy * dy > steep * steep) { return v.bins; }
  return u32(clamp(floor(luma[i] * ${STRENGTH_BINS}.0), 0.0, ${STRENGTH_BINS - 1}.0));
}
`,
  main: `
  for (var k = lane; k < ${AT_ONCE * STRENGTH_STEPS}u; k += ${LANES}u) { atomicStore(&counts[k], 0u); }
  workgroupBarrier();
  let first = ${AT_ONCE}u * group.y;
  for (var i = at.x; i < v.size * v.size; i += ${GROUPS * LANES}u) {
    let bin = bin_of(i);
    if (bin >= first && bin < min(v.bins, first + ${AT_ONCE}u)) {
      let step = min(${STRENGTH_STEPS - 1}u, u32(abs(residual[i]) * ${STRENGTH_STEPS / STRENGTH_REACH}));
      atomicAdd(&counts[(bin - first) * ${STRENGTH_STEPS}u + step], 1u);
    }
  }
  workgroupBarrier();
  let rows = min(${AT_ONCE}u, v.bins - first);
  for (var k = lane; k < rows * ${STRENGTH_STEPS}u; k += ${LANES}u) {
    parts[(group.x * v.bins + first) * ${STRENGTH_STEPS}u + k] = atomicLoad(&counts[k]);
  }
`,
});

/** Histograms from their parts. */
const JOIN = kernel({
  name: 'join histograms',
  values: { numbers: 'u32' },
  reads: { parts: 'u32' },
  writes: { out: 'u32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.numbers) { return; }
  var sum = 0u;
  for (var k = 0u; k < ${GROUPS}u; k++) { sum += parts[k * v.numbers + at.x]; }
  out[at.x] = sum;
`,
});

/** Median and total of each histogram, and of all together: two numbers a row, from row `first` on. */
const MEDIANS = kernel({
  name: 'medians of histograms',
  values: { bins: 'u32', first: 'u32' },
  reads: { histograms: 'u32' },
  writes: { medians: 'f32' },
  group: SAMPLES,
  functions: `
var<workgroup> counts: array<u32, ${STRENGTH_STEPS}>;
var<workgroup> sums: array<u32, ${LANES}>;
`,
  main: `
  let isAll = group.y == v.bins;
  let begin = select(group.y, 0u, isAll);
  let end = select(group.y + 1u, v.bins, isAll);
  sums[lane] = 0u;
  for (var k = lane; k < ${STRENGTH_STEPS}u; k += ${LANES}u) {
    var sum = 0u;
    for (var row = begin; row < end; row++) { sum += histograms[row * ${STRENGTH_STEPS}u + k]; }
    counts[k] = sum;
    sums[lane] += sum;
  }
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0u;
    for (var k = 0u; k < ${LANES}u; k++) { all += sums[k]; }
    var median = 0.0;
    if (all > 0u) {
      let middle = f32(all) / 2.0;
      var before = 0u;
      var step = 0u;
      while (f32(before + counts[step]) < middle) {
        before += counts[step];
        step += 1u;
      }
      median = (f32(step) + (middle - f32(before)) / f32(counts[step])) * ${STRENGTH_REACH / STRENGTH_STEPS};
    }
    medians[2u * (v.first + group.y)] = median;
    medians[2u * (v.first + group.y) + 1u] = f32(all);
  }
`,
});

/**
 * Medians of |residual| and how many there were, two numbers a row: of everything, of even ground in each of `STRENGTH_BINS` steps of
 * luma, and of all even ground. `STRENGTH_AT` reads them.
 */
export function residualMedians(
  queue: GpuQueue,
  { residual, luma }: Readonly<Record<'residual' | 'luma', GpuMemory>>,
  size: number,
): GpuMemory {
  const medians = queue.lend(2 * (STRENGTH_BINS + 2));
  const measure = (bins: number, first: number, rows: number) => {
    const numbers = bins * STRENGTH_STEPS;
    using parts = queue.lend(GROUPS * numbers);
    using histograms = queue.lend(numbers);
    queue.run(COUNT, {
      values: { size, bins },
      buffers: { residual, luma, medians, parts },
      threads: [GROUPS * LANES, Math.ceil(bins / AT_ONCE)],
    });
    queue.run(JOIN, { values: { numbers }, buffers: { parts, out: histograms }, threads: [numbers] });
    queue.run(MEDIANS, { values: { bins, first }, buffers: { histograms, medians }, threads: [LANES, rows] });
  };
  measure(1, 0, 1);
  measure(STRENGTH_BINS, 1, STRENGTH_BINS + 1);
  return medians;
}

/** WGSL: `strength_at(luma, pixels)`, the grain's deviation at a brightness, by `medians` of a picture of so many pixels. */
export const STRENGTH_AT = `
// A bin with little evidence leans on the whole.
fn strength_of(bin: u32, pixels: f32) -> f32 {
  let all = 2u * ${STRENGTH_BINS + 1}u;
  let typical = select(medians[0], medians[all], medians[all + 1u] > 0.0);
  let total = medians[2u * bin + 3u];
  let trust = total / (total + ${STRENGTH_ENOUGH} * pixels);
  return (trust * medians[2u * bin + 2u] + (1.0 - trust) * typical) / ${MEDIAN_OVER_SIGMA};
}
// Linear between the middles of the bins.
fn strength_at(luma: f32, pixels: f32) -> f32 {
  let place = clamp(luma * ${STRENGTH_BINS}.0 - 0.5, 0.0, ${STRENGTH_BINS - 1}.0);
  let bin = u32(floor(place));
  let below = strength_of(bin, pixels);
  return below + (place - f32(bin)) * (strength_of(min(${STRENGTH_BINS - 1}u, bin + 1u), pixels) - below);
}
`;
