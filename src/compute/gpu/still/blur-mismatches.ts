import type { Roi } from '../../../film/roi.ts';
import { gaussianKernel } from '../../../motion/gaussian.ts';
import type { Figures, Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { BlurTrials, WeighedStills } from '../../stills.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { fastGaussian, isBlurredAtHalf } from '../filter/filter-passes.ts';
import { reduced, reduction } from '../filter/reduction.ts';
import { figuresIn, imageIn, memoryOf } from '../gpu-image.ts';

/** A part of the plate, and behind it the same of every still. */
const CUT = kernel({
  name: 'cut plate and stills',
  values: { size: 'u32', x: 'u32', y: 'u32', across: 'u32', down: 'u32' },
  reads: { plate: 'f32', stills: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.across || at.y >= v.down) { return; }
  let i = (v.y + at.y) * v.size + v.x + at.x;
  let o = (at.z * v.down + at.y) * v.across + at.x;
  if (at.z == 0u) { out[o] = plate[i]; } else { out[o] = stills[(at.z - 1u) * v.size * v.size + i]; }
`,
});

const WITHOUT = kernel({
  name: 'without what is coarse',
  values: { samples: 'u32' },
  reads: { a: 'f32', coarse: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.samples) { return; }
  out[at.x] = a[at.x] - coarse[at.x];
`,
});

/** Side of the square that a workgroup blurs, and how far a blur may reach that is made at once. */
const TILE = 16;
const NARROW = 16;

/** As `convolved` has it: rows of a tile and of as many above and below as the blur reaches, then the tile down its columns. */
const LADDER = kernel({
  name: 'ladder of blurs',
  values: { size: 'u32', blurs: 'u32' },
  reads: { samples: 'f32', weights: 'f32', starts: 'u32' },
  writes: { out: 'f32' },
  group: [TILE, TILE],
  functions: `var<workgroup> rows: array<f32, ${TILE * (TILE + 2 * NARROW)}>;`,
  main: `
  let blur = at.z % v.blurs;
  let first = starts[blur];
  let radius = starts[blur + 1u] - first - 1u;
  let last = v.size - 1u;
  let column = lane % ${TILE}u;
  let line = lane / ${TILE}u;
  let x = min(at.x, last);
  for (var row = line; row < ${TILE}u + 2u * radius; row += ${TILE}u) {
    let y = min(max(group.y * ${TILE}u + row, radius) - radius, last);
    // The stills lie behind the plate.
    let begin = ((1u + at.z / v.blurs) * v.size + y) * v.size;
    var sum = weights[first] * samples[begin + x];
    for (var k = 1u; k <= radius; k++) {
      sum += weights[first + k] * (samples[begin + max(x, k) - k] + samples[begin + min(x + k, last)]);
    }
    rows[row * ${TILE}u + column] = sum;
  }
  workgroupBarrier();
  if (at.x >= v.size || at.y >= v.size) { return; }
  let middle = line + radius;
  var sum = weights[first] * rows[middle * ${TILE}u + column];
  for (var k = 1u; k <= radius; k++) {
    sum += weights[first + k] * (rows[(middle - k) * ${TILE}u + column] + rows[(middle + k) * ${TILE}u + column]);
  }
  out[(at.z * v.size + at.y) * v.size + at.x] = sum;
`,
});

const WEIGHED = {
  values: { blurs: 'u32', size: 'u32', x: 'u32', y: 'u32', across: 'u32' },
  functions: `
fn weight_of(i: u32, row: u32) -> f32 {
  return weight[((row / v.blurs) * v.size + v.y + i / v.across) * v.size + v.x + i % v.across];
}
`,
} as const;

const GAIN = reduction({
  name: 'gain of a blurred still',
  values: WEIGHED.values,
  reads: { plate: 'f32', blurred: 'f32', weight: 'f32' },
  functions: WEIGHED.functions,
  numbers: ['sum', 'sum'],
  each: `
  let w = weight_of(i, row);
  if (!(w > 0.0)) { return; }
  let s = blurred[row * v.items + i];
  found[0] = w * plate[i] * s;
  found[1] = w * s * s;
`,
});

// A sum of what is left, not a difference of sums: where a blur fits, of those nothing would be left in 32 bits but rounding.
const LEFT = reduction({
  name: 'blur mismatch',
  values: WEIGHED.values,
  reads: { plate: 'f32', blurred: 'f32', weight: 'f32', sums: 'f32' },
  functions: WEIGHED.functions,
  numbers: ['sum'],
  each: `
  let w = weight_of(i, row);
  if (!(w > 0.0)) { return; }
  var gain = 0.0;
  if (sums[2u * row + 1u] > 0.0) { gain = sums[2u * row] / sums[2u * row + 1u]; }
  let d = plate[i] - gain * blurred[row * v.items + i];
  found[0] = w * d * d;
`,
});

/** See `StillOperations.blurMismatches`: all stills under all blurs at once, blur by blur within a still. */
export function mismatchesUnderBlurs(
  queue: GpuQueue,
  plate: Image,
  { luma, weight }: WeighedStills,
  { sigmas, coarse, area: part }: BlurTrials,
): Figures<readonly (readonly number[])[]> {
  using cut = cutOf(queue, plate, luma, part);
  using banded = bandedOf(queue, cut, coarse);
  using blurred = ladderOf(queue, banded, sigmas);
  const blurs = sigmas.length;
  const items = part.width * part.height;
  const rows = luma.planes * blurs;
  const values = { blurs, size: squareSide(plate), x: part.x, y: part.y, across: part.width };
  // The plate is the first plane of what is banded.
  const buffers = { plate: memoryOf(banded), blurred, weight: memoryOf(weight) };
  using sums = reduced(queue, GAIN, { values, buffers, items, rows });
  const left = reduced(queue, LEFT, { values, buffers: { ...buffers, sums }, items, rows });
  return figuresIn(left, (numbers) => {
    const all = [...new Float32Array(numbers)];
    return Array.from({ length: luma.planes }, (_, k) => all.slice(k * blurs, (k + 1) * blurs));
  });
}

function cutOf(queue: GpuQueue, plate: Image, stills: Image, { x, y, width: across, height: down }: Roi): Image {
  const shape = { width: across, height: down, planes: 1 + stills.planes };
  const out = queue.lend(samplesIn(shape));
  queue.run(CUT, {
    values: { size: squareSide(plate), x, y, across, down },
    buffers: { plate: memoryOf(plate), stills: memoryOf(stills), out },
    threads: [across, down, shape.planes],
  });
  return imageIn(out, shape);
}

function bandedOf(queue: GpuQueue, cut: Image, coarse: number): Image {
  using soft = fastGaussian(queue, cut, coarse);
  const samples = samplesIn(cut);
  const out = queue.lend(samples);
  queue.run(WITHOUT, {
    values: { samples },
    buffers: { a: memoryOf(cut), coarse: memoryOf(soft), out },
    threads: [samples],
  });
  return imageIn(out, cut);
}

/** All planes but the first under every blur: a plane for each blur of each still. */
function ladderOf(queue: GpuQueue, banded: Image, sigmas: readonly number[]): GpuMemory {
  const size = banded.width;
  const area = size * size;
  const stills = banded.planes - 1;
  const blurs = sigmas.length;
  const isWide = (sigma: number) => isBlurredAtHalf(banded, sigma) || gaussianKernel(sigma).length > NARROW + 1;
  const kernels = sigmas.map((sigma) => (sigma > 0 && !isWide(sigma) ? gaussianKernel(sigma) : UNCHANGED));
  const weights = Float32Array.from(kernels.flatMap((weights) => [...weights]));
  const starts = new Uint32Array(blurs + 1);
  kernels.forEach(({ length }, k) => {
    starts[k + 1] = starts[k] + length;
  });
  const out = queue.lend(stills * blurs * area);
  queue.run(LADDER, {
    values: { size, blurs },
    buffers: { samples: memoryOf(banded), weights, starts, out },
    threads: [size, size, stills * blurs],
  });
  sigmas.forEach((sigma, k) => {
    if (!isWide(sigma)) return;
    using soft = fastGaussian(queue, banded, sigma);
    for (let still = 0; still < stills; still++) {
      queue.copy(memoryOf(soft), out, { from: (1 + still) * area, to: (still * blurs + k) * area, count: area });
    }
  });
  return out;
}

const UNCHANGED = new Float32Array([1]);
