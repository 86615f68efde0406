import { BRIGHTNESS } from '../../cpu/window/brightness.ts';
import type { AlignTarget } from '../../flows.ts';
import type { Figures, Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { LUMA } from '../filter/filter-passes.ts';
import { selected } from '../filter/selection.ts';
import { KEYS } from '../filter/selection-keys.ts';
import type { GpuFlow } from '../flow/flow-search.ts';
import { figuresIn, imageIn, memoryOf } from '../gpu-image.ts';
import { measureSquares, OUTSIDE, sampledAndMeasured } from './square-means.ts';

const RATIOS = kernel({
  name: 'brightness ratios',
  values: { squares: 'u32' },
  reads: { means: 'f32' },
  writes: { keys: 'u32' },
  group: SAMPLES,
  functions: OUTSIDE + KEYS,
  main: `
  if (at.x >= v.squares) { return; }
  let i = at.y * v.squares + at.x;
  let own = means[(at.y % 3u) * v.squares + at.x];
  // The target's rows are compared with nothing: their median is wanted itself.
  var value = own;
  if (at.y >= 3u) { value = own / max(${BRIGHTNESS.DARKEST}, means[i]); }
  keys[i] = select(key_of(value), NO_KEY, own == OUTSIDE);
`,
});

/** WGSL: what row `row` is multiplied by; 1 where no square tells. */
const GAIN = `
fn gain_of(row: u32) -> f32 {
  let gain = clamp(medians[2u * row], 1.0 / v.greatest, v.greatest);
  return select(1.0, gain, medians[2u * row + 1u] > 0.0);
}
`;

const LEFT = kernel({
  name: 'brightness left',
  values: { squares: 'u32', greatest: 'f32' },
  reads: { means: 'f32', medians: 'f32' },
  writes: { keys: 'u32' },
  group: SAMPLES,
  functions: OUTSIDE + KEYS + GAIN,
  main: `
  if (at.x >= v.squares) { return; }
  let row = 3u + at.y;
  let own = means[(at.y % 3u) * v.squares + at.x];
  let rest = abs(own - gain_of(row) * means[row * v.squares + at.x]);
  keys[at.y * v.squares + at.x] = select(key_of(rest), NO_KEY, own == OUTSIDE);
`,
});

const OTHER_LIGHT = kernel({
  name: 'other light',
  values: { count: 'u32' },
  reads: { medians: 'f32', rests: 'f32' },
  writes: { out: 'f32' },
  group: [64],
  main: `
  if (at.x >= v.count) { return; }
  var most = 0.0;
  for (var c = 0u; c < 3u; c++) {
    most = max(most, rests[2u * (3u * at.x + c)] / max(${BRIGHTNESS.DARKEST_FACE}, medians[2u * c]));
  }
  out[at.x] = most;
`,
});

/** The first plane in depth is the target's own luma; behind it lie the neighbours. */
const FINISH = kernel({
  name: 'bring to brightness',
  values: { half: 'u32', greatest: 'f32' },
  reads: { sampled: 'f32', medians: 'f32', look: 'f32', outside: 'f32' },
  writes: { out: 'f32', lumas: 'f32' },
  functions: LUMA + GAIN,
  main: `
  if (at.x >= v.half || at.y >= v.half) { return; }
  let size = 2u * v.half;
  let o = at.y * v.half + at.x;
  if (at.z == 0u) {
    lumas[o] = outside[o];
    return;
  }
  let row = 3u * at.z;
  var sums = vec3f(0.0);
  for (var c = 0u; c < 3u; c++) {
    let gain = gain_of(row + c);
    for (var k = 0u; k < 4u; k++) {
      let i = ((row - 3u + c) * size + 2u * at.y + (k >> 1u)) * size + 2u * at.x + (k & 1u);
      let sample = gain * sampled[i];
      out[i] = sample;
      sums[c] += sample;
    }
  }
  lumas[at.z * v.half * v.half + o] = select(outside[o], luma_of(sums.x, sums.y, sums.z) / 4.0, look[o] == 1.0);
`,
});

export interface BrightnessRequest {
  readonly target: AlignTarget;
  /** 3 planes each, in the order of the flow's lattices. */
  readonly sources: readonly Image[];
  readonly flow: GpuFlow;
  readonly greatestGain: number;
}

export interface BroughtImages {
  readonly rgb: Image;
  readonly lumas: Image;
  readonly otherLight: Figures<readonly number[]>;
}

/** Samples neighbours by their flow, and brings them to the target's brightness: see `bringToBrightness`. */
export function broughtToBrightness(
  queue: GpuQueue,
  { target, sources, flow, greatestGain: greatest }: BrightnessRequest,
): BroughtImages {
  const size = squareSide(target.rgb);
  const squares = Math.floor(size / BRIGHTNESS.SQUARE) ** 2;
  const count = sources.length;
  using means = queue.lend(3 * (count + 1) * squares);
  measureSquares(queue, target, means);
  using sampled = sampledAndMeasured(queue, { sources, where: target.where, flow, means });
  using medians = mediansOfRatios(queue, means, { rows: 3 * (count + 1), squares });
  const half = size >> 1;
  const rgb = imageIn(queue.lend(3 * count * size * size), { width: size, height: size, planes: 3 * count });
  const lumas = imageIn(queue.lend((1 + count) * half * half), { width: half, height: half, planes: 1 + count });
  queue.run(FINISH, {
    values: { half, greatest },
    buffers: {
      sampled,
      medians,
      look: memoryOf(target.look),
      outside: memoryOf(target.luma),
      out: memoryOf(rgb),
      lumas: memoryOf(lumas),
    },
    threads: [half, half, 1 + count],
  });
  return { rgb, lumas, otherLight: othersLight(queue, { means, medians, squares, count, greatest }) };
}

function mediansOfRatios(
  queue: GpuQueue,
  means: GpuMemory,
  { rows, squares }: { readonly rows: number; readonly squares: number },
): GpuMemory {
  using keys = queue.lend(rows * squares);
  queue.run(RATIOS, { values: { squares }, buffers: { means, keys }, threads: [squares, rows] });
  return selected(queue, keys, { count: squares, rows, share: 0.5 });
}

interface LightRequest {
  readonly means: GpuMemory;
  readonly medians: GpuMemory;
  readonly squares: number;
  readonly count: number;
  readonly greatest: number;
}

/** See `AlignedImages.otherLight`. */
function othersLight(
  queue: GpuQueue,
  { means, medians, squares, count, greatest }: LightRequest,
): Figures<readonly number[]> {
  using keys = queue.lend(3 * count * squares);
  queue.run(LEFT, { values: { squares, greatest }, buffers: { means, medians, keys }, threads: [squares, 3 * count] });
  using rests = selected(queue, keys, { count: squares, rows: 3 * count, share: 0.5 });
  const all = queue.lend(count);
  queue.run(OTHER_LIGHT, { values: { count }, buffers: { medians, rests, out: all }, threads: [count] });
  return figuresIn(all, (numbers) => [...new Float32Array(numbers)]);
}
