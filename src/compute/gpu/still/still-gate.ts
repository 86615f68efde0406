import type { Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { GateOptions, StillEvidence } from '../../stills.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { reduced, reduction } from '../filter/reduction.ts';
import { selected } from '../filter/selection.ts';
import { KEYS } from '../filter/selection-keys.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** WGSL: 0 up to `low`, 1 from `high`; the processor's `smoothstep`. */
export const RAMP = `
fn ramp(low: f32, high: f32, x: f32) -> f32 {
  let t = clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}
`;

/** The share of the middle's error that is grain. */
const QUIETEST = 0.25;

const MIDDLE = kernel({
  name: 'error of the middle',
  values: { size: 'u32', begin: 'u32', side: 'u32' },
  reads: { error: 'f32' },
  writes: { keys: 'u32' },
  functions: KEYS,
  main: `
  if (at.x >= v.side || at.y >= v.side) { return; }
  let i = (at.z * v.size + v.begin + 2u * at.y) * v.size + v.begin + 2u * at.x;
  keys[(at.z * v.side + at.y) * v.side + at.x] = key_of(error[i]);
`,
});

const AGREEMENT = kernel({
  name: 'agreement',
  values: {
    samples: 'u32',
    alike: 'f32',
    quite_alike: 'f32',
    eyes_alike: 'f32',
    eyes_quite_alike: 'f32',
    before_alike: 'f32',
    before_quite_alike: 'f32',
    worth: 'f32',
  },
  reads: { after: 'f32', before: 'f32', fit: 'f32', energy: 'f32', error: 'f32', eyes: 'f32', noise: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: `${RAMP}
// 1 / (1 + (cost / gain)²) of numbers whose ratio may be anything.
fn worth_of(gain: f32, cost: f32) -> f32 {
  if (!(gain > 0.0)) { return 0.0; }
  let greater = max(gain, cost);
  let g = gain / greater;
  let c = cost / greater;
  return g * g / (g * g + c * c);
}
`,
  main: `
  if (at.x >= v.samples) { return; }
  let i = at.y * v.samples + at.x;
  let in_eyes = eyes[at.x] == 1.0;
  let begins = select(v.alike, v.eyes_alike, in_eyes);
  let full = select(v.quite_alike, v.eyes_quite_alike, in_eyes);
  let is_alike = ramp(begins, full, after[i]) * ramp(v.before_alike, v.before_quite_alike, before[i]);
  out[i] = is_alike * fit[i] * worth_of(energy[i], v.worth * max(0.0, error[i] - noise[2u * at.y]));
`,
});

const CONFIDENCE = reduction({
  name: 'confidence',
  reads: { agreement: 'f32', energy: 'f32', look: 'f32' },
  numbers: ['sum', 'sum'],
  each: `
  if (!(look[i] > 0.0)) { return; }
  let o = row * v.items + i;
  found[0] = energy[o] * agreement[o];
  found[1] = energy[o];
`,
});

const GATE = kernel({
  name: 'still gate',
  values: { samples: 'u32', begins: 'f32', full: 'f32' },
  reads: { agreement: 'f32', contrast: 'f32', sums: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: RAMP,
  main: `
  if (at.x >= v.samples) { return; }
  let i = at.y * v.samples + at.x;
  let offered = sums[2u * at.y + 1u];
  var confidence = 0.0;
  if (offered > 0.0) { confidence = ramp(v.begins, v.full, sums[2u * at.y] / offered); }
  out[i] = agreement[i] * confidence * contrast[i];
`,
});

/** See `StillOperations.stillGate`. */
export function gateOfEvidence(queue: GpuQueue, evidence: StillEvidence, options: GateOptions): Image {
  const { after, before, fit, energy, error, contrast, eyes, look } = evidence;
  const size = squareSide(after);
  const samples = size * size;
  using noise = quietest(queue, error);
  const { planes } = after;
  using agreement = queue.lend(planes * samples);
  const [alike, quite_alike] = options.alike;
  const [eyes_alike, eyes_quite_alike] = options.alikeInEyes;
  const [before_alike, before_quite_alike] = options.alikeBefore;
  const { worth } = options;
  queue.run(AGREEMENT, {
    values: {
      samples,
      alike,
      quite_alike,
      eyes_alike,
      eyes_quite_alike,
      before_alike,
      before_quite_alike,
      worth,
    },
    buffers: {
      after: memoryOf(after),
      before: memoryOf(before),
      fit: memoryOf(fit),
      energy: memoryOf(energy),
      error: memoryOf(error),
      eyes: memoryOf(eyes),
      noise,
      out: agreement,
    },
    threads: [samples, planes],
  });
  using sums = reduced(queue, CONFIDENCE, {
    values: {},
    buffers: { agreement, energy: memoryOf(energy), look: memoryOf(look) },
    items: samples,
    rows: planes,
  });
  const out = queue.lend(planes * samples);
  const [begins, full] = options.accepted;
  queue.run(GATE, {
    values: { samples, begins, full },
    buffers: { agreement, contrast: memoryOf(contrast), sums, out },
    threads: [samples, planes],
  });
  return imageIn(out, after);
}

/** The error of the quietest quarter of the middle of each plane, of every other pixel across and down. */
function quietest(queue: GpuQueue, error: Image) {
  const { width: size, planes } = error;
  const begin = size >> 2;
  const side = Math.ceil((size - 2 * begin) / 2);
  using keys = queue.lend(planes * side * side);
  queue.run(MIDDLE, {
    values: { size, begin, side },
    buffers: { error: memoryOf(error), keys },
    threads: [side, side, planes],
  });
  return selected(queue, keys, { count: side * side, rows: planes, share: QUIETEST });
}
