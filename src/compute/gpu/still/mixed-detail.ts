import { LEAST_NEARNESS } from '../../cpu/still/mixed-detail.ts';
import type { Figures, Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { OfferedDetail } from '../../stills.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { scaledTo } from '../filter/filter-passes.ts';
import { reduced, reduction } from '../filter/reduction.ts';
import { figuresIn, imageIn, memoryOf } from '../gpu-image.ts';

const SHARES = kernel({
  name: 'shares of stills',
  values: { samples: 'u32', stills: 'u32', temperature: 'f32' },
  reads: { error: 'f32', gate: 'f32', look: 'f32' },
  writes: { shares: 'f32', parts: 'f32' },
  group: SAMPLES,
  functions: `
fn nearness(i: u32) -> f32 { return exp(-sqrt(error[i]) / v.temperature); }
`,
  main: `
  let i = at.x;
  if (i >= v.samples) { return; }
  var total = 0.0;
  for (var k = 0u; k < v.stills; k++) { total += nearness(k * v.samples + i); }
  total = max(${LEAST_NEARNESS}, total);
  var sum = 0.0;
  for (var k = 0u; k < v.stills; k++) {
    let o = k * v.samples + i;
    let share = nearness(o) / total;
    shares[o] = share;
    parts[o] = share * gate[o];
    sum += share * gate[o];
  }
  // What is believed of all lies behind what is believed of each.
  parts[v.stills * v.samples + i] = select(0.0, sum, look[i] > 0.0);
`,
});

const BELIEVED = reduction({
  name: 'believed detail',
  reads: { shares: 'f32', parts: 'f32', energy: 'f32', look: 'f32' },
  numbers: ['sum', 'sum'],
  each: `
  if (!(look[i] > 0.0)) { return; }
  let o = row * v.items + i;
  found[0] = energy[o] * shares[o];
  found[1] = energy[o] * parts[o];
`,
});

const MIX = kernel({
  name: 'mix detail',
  values: { samples: 'u32', stills: 'u32' },
  reads: { parts: 'f32', lost: 'f32' },
  writes: { detail: 'f32', gate: 'f32' },
  group: SAMPLES,
  main: `
  let i = at.x;
  if (i >= v.samples) { return; }
  var sum = 0.0;
  for (var k = 0u; k < v.stills; k++) { sum += parts[k * v.samples + i] * lost[k * v.samples + i]; }
  detail[i] = sum;
  gate[i] = parts[v.stills * v.samples + i];
`,
});

/** See `StillOperations.mixedDetail`. */
export function mixOfDetail(
  queue: GpuQueue,
  { lost, energy, error, gate: believed }: OfferedDetail,
  look: Image,
  temperature: number,
): { detail: Image; gate: Image; accepted: Figures<number | null> } {
  const stills = lost.planes;
  const side = squareSide(look);
  const area = side * side;
  using shares = queue.lend(stills * area);
  using parts = imageIn(queue.lend((stills + 1) * area), { width: side, height: side, planes: stills + 1 });
  queue.run(SHARES, {
    values: { samples: area, stills, temperature },
    buffers: {
      error: memoryOf(error),
      gate: memoryOf(believed),
      look: memoryOf(look),
      shares,
      parts: memoryOf(parts),
    },
    threads: [area],
  });
  const sums = reduced(queue, BELIEVED, {
    values: {},
    buffers: { shares, parts: memoryOf(parts), energy: memoryOf(energy), look: memoryOf(look) },
    items: area,
    rows: stills,
  });
  using full = scaledTo(queue, parts, squareSide(lost));
  const samples = full.width * full.height;
  const [detail, gate] = [queue.lend(samples), queue.lend(samples)];
  queue.run(MIX, {
    values: { samples, stills },
    buffers: { parts: memoryOf(full), lost: memoryOf(lost), detail, gate },
    threads: [samples],
  });
  const shape = { width: full.width, height: full.height, planes: 1 };
  return { detail: imageIn(detail, shape), gate: imageIn(gate, shape), accepted: figuresIn(sums, acceptedShare) };
}

/** Of all stills together; null where nothing was offered. */
function acceptedShare(sums: ArrayBuffer): number | null {
  let offered = 0;
  let believed = 0;
  new Float32Array(sums).forEach((sum, k) => {
    if (k % 2 === 0) offered += sum;
    else believed += sum;
  });
  return offered > 0 ? believed / offered : null;
}
