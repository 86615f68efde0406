import { gaussianKernel } from '../../motion/gaussian.ts';
import type { Figures, Image } from '../image.ts';
import type { BlurTrials } from '../stills.ts';
import { fastGaussian, isBlurredAtHalf } from './filter-passes.ts';
import { figuresIn, imageIn, memoryOf, samplesIn } from './gpu-image.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel, SAMPLES } from './kernel.ts';
import { stacked } from './plane-stacks.ts';
import { reduced, reduction } from './reduction.ts';

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

const LADDER = kernel({
  name: 'ladder of blurs',
  values: { size: 'u32', blurs: 'u32', down: 'u32' },
  reads: { samples: 'f32', weights: 'f32', starts: 'u32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let blur = at.z % v.blurs;
  let first = starts[blur];
  let radius = starts[blur + 1u] - first - 1u;
  // Across, every blur begins with its still, which lies behind the plate; down, with what it made of it.
  let plane = select(1u + at.z / v.blurs, at.z, v.down != 0u) * v.size * v.size;
  let last = v.size - 1u;
  let place = select(at.x, at.y, v.down != 0u);
  let step = select(1u, v.size, v.down != 0u);
  let begin = plane + select(at.y * v.size, at.x, v.down != 0u);
  var sum = weights[first] * samples[begin + place * step];
  for (var k = 1u; k <= radius; k++) {
    let before = max(place, k) - k;
    let after = min(place + k, last);
    sum += weights[first + k] * (samples[begin + before * step] + samples[begin + after * step]);
  }
  out[(at.z * v.size + at.y) * v.size + at.x] = sum;
`,
});

const WEIGHED = {
  values: { area: 'u32', blurs: 'u32' },
  functions: `
fn weight_of(i: u32, row: u32) -> f32 { return weight[(row / v.blurs) * v.area + i]; }
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
  let s = blurred[row * v.area + i];
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
  let d = plate[i] - gain * blurred[row * v.area + i];
  found[0] = w * d * d;
`,
});

/** See `StillOperations.blurMismatches`: all stills under all blurs at once, blur by blur within a still. */
export function mismatchesUnderBlurs(
  queue: GpuQueue,
  plate: Image,
  stills: readonly { readonly luma: Image; readonly weight: Image }[],
  { sigmas, coarse, area: part }: BlurTrials,
): Figures<readonly number[]>[] {
  if (stills.length === 0) return [];
  using cut = stacked(queue, [plate, ...stills.map(({ luma }) => luma)], part);
  const weights = stills.map(({ weight }) => weight);
  using weight = stacked(queue, weights, part);
  using banded = bandedOf(queue, cut, coarse);
  using blurred = ladderOf(queue, banded, sigmas);
  const blurs = sigmas.length;
  const items = part.width * part.height;
  const rows = stills.length * blurs;
  const values = { area: items, blurs };
  // The plate is the first plane of what is banded.
  const buffers = { plate: memoryOf(banded), blurred, weight: memoryOf(weight) };
  using sums = reduced(queue, GAIN, { values, buffers, items, rows });
  using left = reduced(queue, LEFT, { values, buffers: { ...buffers, sums }, items, rows });
  return stills.map((_, k) => {
    const own = queue.lend(blurs);
    queue.copy(left, own, { from: k * blurs, to: 0, count: blurs });
    return figuresIn(own, (numbers) => Array.from(new Float32Array(numbers)));
  });
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
  const isWide = (sigma: number) => isBlurredAtHalf(banded, sigma);
  const kernels = sigmas.map((sigma) => (sigma > 0 && !isWide(sigma) ? gaussianKernel(sigma) : UNCHANGED));
  const weights = Float32Array.from(kernels.flatMap((weights) => [...weights]));
  const starts = new Uint32Array(blurs + 1);
  kernels.forEach(({ length }, k) => {
    starts[k + 1] = starts[k] + length;
  });
  const threads = [size, size, stills * blurs] as const;
  using across = queue.lend(stills * blurs * area);
  const out = queue.lend(stills * blurs * area);
  const run = (down: number, samples: GpuMemory, to: GpuMemory) =>
    queue.run(LADDER, { values: { size, blurs, down }, buffers: { samples, weights, starts, out: to }, threads });
  run(0, memoryOf(banded), across);
  run(1, across, out);
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
