import { DARKEST_COLOUR } from '../cpu/still/with-detail.ts';
import { samplesIn, squareSide } from '../image-handles.ts';
import type { StillOperations } from '../stills.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { kernel, SAMPLES } from './device/kernel.ts';
import { boxBlur, boxRadius, LUMA } from './filter/filter-passes.ts';
import { reduced, reduction } from './filter/reduction.ts';
import { figuresIn, imageIn, memoryOf } from './gpu-image.ts';
import { ratioOfMoments } from './still/local-moments.ts';
import { mixOfDetail } from './still/mixed-detail.ts';
import { stillsRegistered } from './still/register-stills.ts';
import { gateOfEvidence } from './still/still-gate.ts';

const SQUARED_DIFFERENCE = kernel({
  name: 'squared difference',
  values: { area: 'u32' },
  reads: { a: 'f32', b: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.area) { return; }
  let o = at.y * v.area + at.x;
  let d = a[at.x] - b[o];
  out[o] = d * d;
`,
});

const ABOVE = kernel({
  name: 'above',
  values: { samples: 'u32', least: 'f32' },
  reads: { a: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.samples) { return; }
  out[at.x] = max(0.0, a[at.x] - v.least);
`,
});

const SUM_ABOVE = reduction({
  name: 'sum above',
  values: { least: 'f32' },
  reads: { a: 'f32' },
  numbers: ['sum'],
  each: 'found[0] = max(0.0, a[row * v.items + i] - v.least);',
});

const WEIGHED_SQUARES = reduction({
  name: 'weighed squares',
  values: { weights: 'u32' },
  reads: { a: 'f32', weight: 'f32' },
  numbers: ['sum'],
  each: `
  let s = a[row * v.items + i];
  found[0] = weight[(row % v.weights) * v.items + i] * s * s;
`,
});

const DETAIL_UNDER = kernel({
  name: 'detail under a blur',
  values: { side: 'u32', scale: 'u32' },
  reads: { sharp: 'f32', soft: 'f32' },
  writes: { lost: 'f32', squares: 'f32' },
  main: `
  if (at.x >= v.side || at.y >= v.side) { return; }
  let size = v.side * v.scale;
  let first = at.z * size * size;
  var sum = 0.0;
  for (var y = 0u; y < v.scale; y++) {
    for (var x = 0u; x < v.scale; x++) {
      let i = first + (at.y * v.scale + y) * size + at.x * v.scale + x;
      let d = sharp[i] - soft[i];
      lost[i] = d;
      sum += d * d;
    }
  }
  squares[(at.z * v.side + at.y) * v.side + at.x] = sum / f32(v.scale * v.scale);
`,
});

const WITH_DETAIL = kernel({
  name: 'with detail',
  values: { area: 'u32', strength: 'f32', most: 'f32', least: 'f32' },
  reads: { rgb: 'f32', detail: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: LUMA,
  main: `
  let i = at.x;
  if (i >= v.area) { return; }
  let d = v.strength * detail[i];
  let colour = vec3f(rgb[i], rgb[v.area + i], rgb[2u * v.area + i]);
  let y = max(${DARKEST_COLOUR}, luma_of(colour.r, colour.g, colour.b));
  let factor = select(clamp((y + d) / y, v.least, v.most), 1.0, d == 0.0);
  out[i] = factor * colour.r;
  out[v.area + i] = factor * colour.g;
  out[2u * v.area + i] = factor * colour.b;
`,
});

/** Beyond any ratio of moments. */
const UNBOUND = { least: -3e38, most: 3e38 };

export function gpuStills(queue: GpuQueue): StillOperations {
  return {
    registerStills: (target, sources, options) => stillsRegistered(queue, target, sources, options),
    localLikeness(a, b, { sigma, floor }) {
      const window = { radius: boxRadius(sigma, 1), passes: 1, spread: 'both' } as const;
      return ratioOfMoments(queue, { a, b }, window, { gain: 2, above: 0, below: 2 * floor * floor, ...UNBOUND });
    },
    localContrast(a, b, { sigma, floor, most }) {
      const window = { radius: boxRadius(sigma, 2), passes: 2, spread: 'second' } as const;
      const prior = floor * floor;
      return ratioOfMoments(queue, { a, b }, window, { gain: 1, above: prior, below: prior, least: 0, most });
    },
    localError(a, b, sigma) {
      const area = samplesIn(a);
      using squares = imageIn(queue.lend(samplesIn(b)), b);
      queue.run(SQUARED_DIFFERENCE, {
        values: { area },
        buffers: { a: memoryOf(a), b: memoryOf(b), out: memoryOf(squares) },
        threads: [area, b.planes],
      });
      return boxBlur(queue, squares, sigma, 2);
    },
    above(image, least) {
      const samples = samplesIn(image);
      const out = queue.lend(samples);
      const a = memoryOf(image);
      queue.run(ABOVE, { values: { samples, least }, buffers: { a, out }, threads: [samples] });
      const { planes } = image;
      const sums = reduced(queue, SUM_ABOVE, {
        values: { least },
        buffers: { a },
        items: samples / planes,
        rows: planes,
      });
      return { image: imageIn(out, image), sums: figuresIn(sums, (numbers) => [...new Float32Array(numbers)]) };
    },
    weighedSquares(image, weight) {
      const sums = reduced(queue, WEIGHED_SQUARES, {
        values: { weights: weight.planes },
        buffers: { a: memoryOf(image), weight: memoryOf(weight) },
        items: image.width * image.height,
        rows: image.planes,
      });
      return figuresIn(sums, (bytes) => [...new Float32Array(bytes)]);
    },
    detailUnder(sharp, soft, { side, sigma }) {
      const size = squareSide(sharp);
      const { planes } = sharp;
      const lost = queue.lend(samplesIn(sharp));
      using squares = imageIn(queue.lend(planes * side * side), { width: side, height: side, planes });
      queue.run(DETAIL_UNDER, {
        values: { side, scale: size / side },
        buffers: { sharp: memoryOf(sharp), soft: memoryOf(soft), lost, squares: memoryOf(squares) },
        threads: [side, side, planes],
      });
      return { lost: imageIn(lost, sharp), energy: boxBlur(queue, squares, sigma, 2) };
    },
    stillGate: (evidence, options) => gateOfEvidence(queue, evidence, options),
    mixedDetail: (offered, look, temperature) => mixOfDetail(queue, offered, look, temperature),
    withDetail(rgb, detail, { strength, most }) {
      const area = samplesIn(detail);
      const out = queue.lend(samplesIn(rgb));
      queue.run(WITH_DETAIL, {
        values: { area, strength, most, least: 1 / most },
        buffers: { rgb: memoryOf(rgb), detail: memoryOf(detail), out },
        threads: [area],
      });
      return imageIn(out, rgb);
    },
  };
}
