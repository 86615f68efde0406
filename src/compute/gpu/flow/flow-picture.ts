import { NOISE_READING } from '../../../motion/noise.ts';
import { MAD_TO_SIGMA } from '../../../motion/quantile.ts';
import { FLOW_PICTURE } from '../../cpu/window/flow-pyramid.ts';
import type { FlowPicture, FlowPictureOptions } from '../../flows.ts';
import type { Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { boxMeans } from '../filter/filter-passes.ts';
import { SELECTING } from '../filter/selection.ts';
import { KEYS } from '../filter/selection-keys.ts';
import { imageIn, memoryOf, sameImage } from '../gpu-image.ts';
import { FLOW_LEVELS, flowLevels } from './flow-levels.ts';

/** One picture on the device or several of one size, one after another. */
export interface GpuFlowPicture extends FlowPicture {
  readonly count: number;
  /** Side of level 0, pixels. */
  readonly side: number;
  /** The samples of each picture's levels, the finest first: see `flowLevels`. */
  readonly levels: GpuMemory;
  /** Each picture's noise at level 0, units of its local mean. */
  readonly noise: GpuMemory;
}

export function pictureIn(picture: FlowPicture): GpuFlowPicture {
  return picture as GpuFlowPicture;
}

const HALVE_SMOOTHLY = kernel({
  name: 'halve smoothly',
  values: { side: 'u32' },
  reads: { samples: 'f32' },
  writes: { out: 'f32' },
  functions: `
fn across(row: u32, x: u32) -> f32 {
  let i = row + 2u * x;
  let before = samples[select(i, i - 1u, x > 0u)];
  let after = samples[select(i + 1u, i + 2u, 2u * x + 2u < v.side)];
  return 0.125 * (before + after) + 0.375 * (samples[i] + samples[i + 1u]);
}
`,
  main: `
  let half = v.side >> 1u;
  if (at.x >= half || at.y >= half) { return; }
  let plane = at.z * v.side * v.side;
  let y = 2u * at.y;
  let above = plane + (max(y, 1u) - 1u) * v.side;
  let first = plane + y * v.side;
  let below = plane + min(v.side - 1u, y + 2u) * v.side;
  out[(at.z * half + at.y) * half + at.x] = 0.125 * (across(above, at.x) + across(below, at.x))
    + 0.375 * (across(first, at.x) + across(first + v.side, at.x));
`,
});

/** Square planes at half the side by the taps 1 3 3 1: see `halve` in `motion/pyramid.ts`. */
function halvedSmoothly(queue: GpuQueue, image: Image): Image {
  const { planes, width: side } = image;
  const half = side >> 1;
  const shape = { width: half, height: half, planes };
  const out = queue.lend(samplesIn(shape));
  queue.run(HALVE_SMOOTHLY, {
    values: { side },
    buffers: { samples: memoryOf(image), out },
    threads: [half, half, planes],
  });
  return imageIn(out, shape);
}

const OVER_MEAN = kernel({
  name: 'over local mean',
  values: { count: 'u32' },
  reads: { samples: 'f32', means: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.count) { return; }
  const FLOOR = ${FLOW_PICTURE.FLOOR};
  out[at.x] = (samples[at.x] + FLOOR) / (means[at.x] + FLOOR);
`,
});

const JOIN_LEVELS = kernel({
  name: 'join levels',
  values: { side: 'u32', total: 'u32' },
  reads: { level_0: 'f32', level_1: 'f32', level_2: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: FLOW_LEVELS,
  main: `
  if (at.x >= v.total) { return; }
  let first_1 = level_start(v.side, 1u);
  let first_2 = level_start(v.side, 2u);
  let o = at.y * v.total + at.x;
  if (at.x < first_1) {
    out[o] = level_0[at.y * first_1 + at.x];
  } else if (at.x < first_2) {
    out[o] = level_1[at.y * (first_2 - first_1) + at.x - first_1];
  } else {
    let side = side_of(v.side, 2u);
    out[o] = level_2[at.y * side * side + at.x - first_2];
  }
`,
});

/** Prepares planes of luma for dense flow, each a picture of its own. */
export function flowPicturesOf(queue: GpuQueue, luma: Image, { scale, radius }: FlowPictureOptions): GpuFlowPicture {
  let small = sameImage(luma);
  for (let s = 1; s < scale; s *= 2) {
    using larger = small;
    small = halvedSmoothly(queue, larger);
  }
  using picture = small;
  using means = boxMeans(queue, picture, Math.max(1, Math.round(radius)), 2);
  using finest = imageIn(queue.lend(samplesIn(picture)), picture);
  queue.run(OVER_MEAN, {
    values: { count: samplesIn(picture) },
    buffers: { samples: memoryOf(picture), means: memoryOf(means), out: memoryOf(finest) },
    threads: [samplesIn(picture)],
  });
  const side = squareSide(picture);
  const count = picture.planes;
  const levels = levelsOf(queue, finest);
  const noise = noiseOf(queue, finest);
  return {
    scale,
    count,
    side,
    levels,
    noise,
    [Symbol.dispose]() {
      levels[Symbol.dispose]();
      noise[Symbol.dispose]();
    },
  };
}

function levelsOf(queue: GpuQueue, finest: Image): GpuMemory {
  const { total, levels } = flowLevels(finest.width);
  using coarser = levels.length > 1 ? halvedSmoothly(queue, finest) : sameImage(finest);
  using coarsest = levels.length > 2 ? halvedSmoothly(queue, coarser) : sameImage(finest);
  const out = queue.lend(finest.planes * total);
  queue.run(JOIN_LEVELS, {
    values: { side: finest.width, total },
    buffers: { level_0: memoryOf(finest), level_1: memoryOf(coarser), level_2: memoryOf(coarsest), out },
    threads: [total, finest.planes],
  });
  return out;
}

/** Distance between the mask's taps, pixels, and least side of what it is read on. */
const SPACING = 2;
const SMALLEST = 12;

const NOISE_MASK = kernel({
  name: 'noise mask',
  values: { side: 'u32', begin: 'u32', across: 'u32' },
  reads: { samples: 'f32' },
  writes: { responses: 'u32', slopes: 'u32' },
  functions: KEYS,
  main: `
  if (at.x >= v.across || at.y >= v.across) { return; }
  const S = ${SPACING}u;
  let row = S * v.side;
  let p = (at.z * v.side + v.begin + at.y + S) * v.side + v.begin + at.x + S;
  let a = samples[p - row - S];
  let b = samples[p - row];
  let c = samples[p - row + S];
  let d = samples[p - S];
  let e = samples[p];
  let f = samples[p + S];
  let g = samples[p + row - S];
  let h = samples[p + row];
  let i = samples[p + row + S];
  let o = (at.z * v.across + at.y) * v.across + at.x;
  responses[o] = key_of(abs(a + c + g + i - 2.0 * (b + d + f + h) + 4.0 * e));
  slopes[o] = key_of(abs(c + 2.0 * f + i - a - 2.0 * d - g) + abs(g + 2.0 * h + i - a - 2.0 * b - c));
`,
});

/** The median response among the flattest of the pixels, a workgroup a plane. */
const NOISE = kernel({
  name: 'noise',
  values: { count: 'u32' },
  reads: { responses: 'u32', slopes: 'u32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: `
${SELECTING}
var<private> first: u32;
var<private> flattest: u32;
fn key_at(i: u32, turn: u32) -> u32 {
  let slope = slopes[first + i];
  return select(slope, select(NO_KEY, responses[first + i], slope <= flattest), turn == 1u);
}
`,
  main: `
  first = group.y * v.count;
  flattest = selected_key(v.count, ${NOISE_READING.FLATTEST}, lane, 0u);
  let median = number_of(selected_key(v.count, 0.5, lane, 1u));
  const SHARE = ${MAD_TO_SIGMA / NOISE_READING.MASK_NORM / FLOW_PICTURE.GRAIN_READ};
  if (lane == 0u) { out[group.y] = max(${FLOW_PICTURE.LEAST_NOISE}, SHARE * median); }
`,
});

/** The noise of each plane, read in its middle half: see `noiseSigma`. */
function noiseOf(queue: GpuQueue, picture: Image): GpuMemory {
  const { width: side, planes } = picture;
  const across = (side >> 1) - 2 * SPACING;
  if (side >> 1 < SMALLEST) return queue.filled(new Float32Array(planes).fill(FLOW_PICTURE.LEAST_NOISE));
  const count = across * across;
  using responses = queue.lend(planes * count);
  using slopes = queue.lend(planes * count);
  queue.run(NOISE_MASK, {
    values: { side, begin: side >> 2, across },
    buffers: { samples: memoryOf(picture), responses, slopes },
    threads: [across, across, planes],
  });
  const out = queue.lend(planes);
  queue.run(NOISE, { values: { count }, buffers: { responses, slopes, out }, threads: [256, planes] });
  return out;
}
