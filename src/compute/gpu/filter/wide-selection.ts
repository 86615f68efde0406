import { openOwnership } from '../../ownership.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, NOTHING, SAMPLES } from '../device/kernel.ts';
import { KEYS, NUMBER_OF } from './selection-keys.ts';

/** Keys that a thread counts. */
const SHARE = 64;
/** Looks at the keys. */
const LOOKS = 3;

/** WGSL: one of them at the keys that are like the chosen one above its bits: 11, 11 and 10 of them. */
const WIDE_LOOK = `
${KEYS}${NUMBER_OF}
const PLACES = 2048u;
fn shift_of(look: u32) -> u32 { return select(select(0u, 10u, look == 1u), 21u, look == 0u); }
fn place_of(key: u32, chosen: u32, look: u32) -> u32 {
  let shift = shift_of(look);
  let above = shift_of(max(look, 1u) - 1u);
  let isNear = look == 0u || (key >> above) == (chosen >> above);
  let place = (key >> shift) & select(2047u, 1023u, look == 2u);
  return select(PLACES, place, key != NO_KEY && isNear);
}
`;

/**
 * WGSL: `pick(row, share, look, lane)`, by a whole workgroup: sets `key`, `rest` and `total` to the bits of the wanted key up to that look, how
 * many of the keys that are like it lie below, and how many keys there are; from `before`, the counts of that look, and `was`, what was
 * picked at the look before.
 */
const PICKING = `
${WIDE_LOOK}
const EACH = 8u;
var<workgroup> sums: array<u32, 256>;
var<workgroup> key: u32;
var<workgroup> rest: u32;
var<workgroup> total: u32;
fn pick(row: u32, share: f32, look: u32, lane: u32) {
  var own: array<u32, EACH>;
  var here = 0u;
  for (var k = 0u; k < EACH; k++) {
    var sum = 0u;
    for (var part = 0u; part < v.groups; part++) { sum += before[(row * v.groups + part) * PLACES + EACH * lane + k]; }
    own[k] = sum;
    here += sum;
  }
  // Sums up to each lane's places, by doubling steps.
  sums[lane] = here;
  workgroupBarrier();
  for (var step = 1u; step < 256u; step <<= 1u) {
    var below = 0u;
    if (lane >= step) { below = sums[lane - step]; }
    workgroupBarrier();
    sums[lane] += below;
    workgroupBarrier();
  }
  let all = sums[255];
  var begun = 0u;
  var left = min(max(all, 1u) - 1u, u32(floor(share * f32(all))));
  var count = all;
  if (look > 0u) {
    begun = was[3u * row];
    left = was[3u * row + 1u];
    count = was[3u * row + 2u];
  }
  let above = sums[lane];
  if ((left < above && left >= above - here) || (all == 0u && lane == 255u)) {
    var place = EACH * lane;
    var under = left - (above - here);
    for (var k = 0u; k + 1u < EACH; k++) {
      if (under < own[k]) { break; }
      under -= own[k];
      place += 1u;
    }
    key = begun | (place << shift_of(look));
    rest = under;
    total = count;
  }
  workgroupBarrier();
}
`;

/** Every workgroup picks by itself what was counted at the look before, and counts its own keys. */
const COUNT = kernel({
  name: 'select: count',
  values: { count: 'u32', wanted: 'u32', groups: 'u32', look: 'u32' },
  reads: { keys: 'u32', shares: 'f32', before: 'u32', was: 'u32' },
  writes: { parts: 'u32', state: 'u32' },
  group: SAMPLES,
  functions: `
${PICKING}
var<workgroup> counted: array<atomic<u32>, PLACES>;
`,
  main: `
  let row = group.y;
  if (v.look > 0u) { pick(row, shares[row % v.wanted], v.look - 1u, lane); }
  let chosen = key;
  if (group.x == 0u && lane == 0u) {
    state[3u * row] = chosen;
    state[3u * row + 1u] = rest;
    state[3u * row + 2u] = total;
  }
  let first = (row / v.wanted) * v.count;
  let begin = group.x * ${256 * SHARE}u;
  for (var k = 0u; k < ${SHARE}u; k++) {
    let i = begin + 256u * k + lane;
    if (i < v.count) {
      let place = place_of(keys[first + i], chosen, v.look);
      if (place < PLACES) { atomicAdd(&counted[place], 1u); }
    }
  }
  workgroupBarrier();
  for (var k = lane; k < PLACES; k += 256u) {
    parts[(row * v.groups + group.x) * PLACES + k] = atomicLoad(&counted[k]);
  }
`,
});

const PICK = kernel({
  name: 'select: pick',
  values: { groups: 'u32', wanted: 'u32', look: 'u32', otherwise: 'f32' },
  reads: { shares: 'f32', before: 'u32', was: 'u32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: PICKING,
  main: `
  let row = group.y;
  pick(row, shares[row % v.wanted], v.look, lane);
  if (lane == 0u) {
    out[2u * row] = select(v.otherwise, number_of(key), total > 0u);
    out[2u * row + 1u] = f32(total);
  }
`,
});

/** What `selected` is asked, of rows that several workgroups share. */
interface WideSelection {
  readonly count: number;
  readonly rows: number;
  readonly shares: Float32Array;
  readonly otherwise: number;
}

/** See `selected`: in a dispatch for each look at the keys, and one more. */
export function selectedByMany(
  queue: GpuQueue,
  keys: GpuMemory,
  { count, rows, shares, otherwise }: WideSelection,
): GpuMemory {
  const wanted = shares.length;
  const all = rows * wanted;
  const out = queue.lend(2 * all);
  const groups = Math.ceil(count / SHARE / 256);
  using counted = openOwnership();
  let before: GpuMemory | Uint32Array = NOTHING;
  let was: GpuMemory | Uint32Array = NOTHING;
  for (let look = 0; look < LOOKS; look++) {
    const parts = counted.own(queue.lend(2048 * groups * all));
    const state = counted.own(queue.lend(3 * all));
    queue.run(COUNT, {
      values: { count, wanted, groups, look },
      buffers: { keys, shares, before, was, parts, state },
      threads: [groups * 256, all],
    });
    [before, was] = [parts, state];
  }
  queue.run(PICK, {
    values: { groups, wanted, look: LOOKS - 1, otherwise },
    buffers: { shares, before, was, out },
    threads: [256, all],
  });
  return out;
}
