import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { GRID, shadingOfSums } from '../../metrics/shading.ts';
import { COARSE, FINE, OUTLIERS, sharpnessOf } from '../../metrics/sharpness.ts';
import { squareSide } from '../image-handles.ts';
import type { MeasureOperations } from '../measures.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { kernel, SAMPLES } from './device/kernel.ts';
import { gaussian, LUMA } from './filter/filter-passes.ts';
import { reduced, reduction } from './filter/reduction.ts';
import { selected } from './filter/selection.ts';
import { KEYS } from './filter/selection-keys.ts';
import { figuresOf, imageIn, memoryOf } from './gpu-image.ts';

/** Luma before, and under it luma after the comp. */
const COMP = kernel({
  name: 'comped luma',
  values: { area: 'u32' },
  reads: { plate: 'f32', painted: 'f32', matte: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: LUMA,
  main: `
  let i = at.x;
  if (i >= v.area) { return; }
  let before = luma_of(plate[i], plate[v.area + i], plate[2u * v.area + i]);
  var after = before;
  let alpha = matte[i];
  // Outside of the matte anything may be painted.
  if (alpha > 0.0) {
    after = before + alpha * (luma_of(painted[i], painted[v.area + i], painted[2u * v.area + i]) - before);
  }
  out[i] = before;
  out[v.area + i] = after;
`,
});

/** Weighted luma of each cell of both planes, then the cells' weights: a workgroup a cell. */
const SHADE = kernel({
  name: 'shading',
  values: { size: 'u32' },
  reads: { luma: 'f32', matte: 'f32' },
  writes: { out: 'f32' },
  group: [64],
  functions: `
const GRID = ${GRID}u;
var<workgroup> found: array<vec3f, 64>;
// The first pixel whose cell is that one or a later.
fn first_of(cell: u32, size: u32) -> u32 { return (cell * size + GRID - 1u) / GRID; }
`,
  main: `
  let column = group.x % GRID;
  let row = group.x / GRID;
  let left = first_of(column, v.size);
  let width = first_of(column + 1u, v.size) - left;
  let top = first_of(row, v.size);
  let height = first_of(row + 1u, v.size) - top;
  let area = v.size * v.size;
  var sum = vec3f(0.0);
  for (var k = lane; k < width * height; k += 64u) {
    let i = (top + k / width) * v.size + left + k % width;
    let weight = matte[i];
    if (weight > 0.0) { sum += weight * vec3f(luma[i], luma[area + i], 1.0); }
  }
  found[lane] = sum;
  for (var half = 32u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (lane < half) { found[lane] += found[lane + half]; }
  }
  if (lane < 3u) {
    let all = found[0];
    out[lane * GRID * GRID + group.x] = all[lane];
  }
`,
});

const MEANS = reduction({
  name: 'means under a matte',
  values: { area: 'u32' },
  reads: { luma: 'f32', matte: 'f32' },
  numbers: ['sum', 'sum', 'sum'],
  each: `
  let weight = matte[i];
  if (weight > 0.0) { found = array<f32, 3>(weight * luma[i], weight * luma[v.area + i], weight); }
`,
});

/** Magnitude of the band between two blurs, where the matte is above ½. */
const BAND = kernel({
  name: 'detail band',
  values: { area: 'u32' },
  reads: { fine: 'f32', coarse: 'f32', matte: 'f32' },
  writes: { keys: 'u32' },
  group: SAMPLES,
  functions: KEYS,
  main: `
  let i = at.x;
  if (i >= 2u * v.area) { return; }
  keys[i] = select(NO_KEY, key_of(abs(fine[i] - coarse[i])), matte[i % v.area] > 0.5);
`,
});

const POWER = reduction({
  name: 'power of the band',
  values: { area: 'u32' },
  reads: { fine: 'f32', coarse: 'f32', luma: 'f32', matte: 'f32', magnitudes: 'f32' },
  numbers: ['sum', 'sum', 'sum'],
  each: `
  if (matte[i] > 0.5) {
    let k = row * v.area + i;
    let band = min(abs(fine[k] - coarse[k]), magnitudes[4u * row + 2u]);
    found = array<f32, 3>(band * band, luma[k], 1.0);
  }
`,
});

export function gpuMeasures(queue: GpuQueue): MeasureOperations {
  return {
    measuredFace(plate, restored, mask) {
      const size = squareSide(plate);
      const area = size * size;
      const matte = memoryOf(mask);
      const both = queue.lend(2 * area);
      queue.run(COMP, {
        values: { area },
        buffers: { plate: memoryOf(plate), painted: memoryOf(restored), matte, out: both },
        threads: [area],
      });
      using luma = imageIn(both, { width: size, height: size, planes: 2 });
      const cells = GRID * GRID;
      const shading = queue.lend(3 * cells);
      queue.run(SHADE, { values: { size }, buffers: { luma: both, matte, out: shading }, threads: [64 * cells] });
      const means = reduced(queue, MEANS, { values: { area }, buffers: { luma: both, matte }, items: area });
      const unit = PATCH_INTER_OCULAR * size;
      using fineImage = gaussian(queue, luma, FINE * unit);
      using coarseImage = gaussian(queue, luma, COARSE * unit);
      const [fine, coarse] = [memoryOf(fineImage), memoryOf(coarseImage)];
      using keys = queue.lend(2 * area);
      queue.run(BAND, { values: { area }, buffers: { fine, coarse, matte, keys }, threads: [2 * area] });
      const magnitudes = selected(queue, keys, { count: area, rows: 2, share: [0.5, OUTLIERS] });
      const power = reduced(queue, POWER, {
        values: { area },
        buffers: { fine, coarse, luma: both, matte, magnitudes },
        items: area,
        rows: 2,
      });
      return figuresOf([shading, means, magnitudes, power], (...numbers) =>
        told(
          numbers.map((of) => new Float32Array(of)),
          size,
        ),
      );
    },
  };
}

function told([shading, means, magnitudes, power]: readonly Float32Array[], size: number) {
  const cells = GRID * GRID;
  const plane = (k: number) => shading.subarray(k * cells, (k + 1) * cells);
  const [before, after, weight] = means;
  const sharpness = (k: number) => {
    const [squares, light, count] = power.subarray(3 * k, 3 * k + 3);
    if (!(light > 0)) return 0;
    return sharpnessOf({ power: squares / count, typical: magnitudes[4 * k], brightness: light / count });
  };
  return {
    before: weight > 0 ? before / weight : 0,
    after: weight > 0 ? after / weight : 0,
    beforeGrid: shadingOfSums(plane(0), plane(2), size),
    afterGrid: shadingOfSums(plane(1), plane(2), size),
    sharpnessBefore: sharpness(0),
    sharpnessAfter: sharpness(1),
  };
}
