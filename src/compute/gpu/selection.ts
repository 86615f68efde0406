import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel, SAMPLES } from './kernel.ts';

/**
 * WGSL by which numbers are made ready to be selected among: `key_of(x)` sorts, taken without sign, as the float does; `NO_KEY` is not
 * counted (no number has it).
 */
export const KEYS = `
const NO_KEY = 0xffffffffu;
fn key_of(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}
`;

/** WGSL: one look at eight bits of the keys that are like the chosen one above them. */
const LOOK = `
${KEYS}
const PLACES = 256u;
fn place_of(key: u32, chosen: u32, look: u32) -> u32 {
  let shift = 24u - 8u * look;
  let isNear = look == 0u || (key >> (shift + 8u)) == (chosen >> (shift + 8u));
  return select(PLACES, (key >> shift) & 255u, key != NO_KEY && isNear);
}
fn number_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key >> 31u) == 1u));
}
`;

/** Keys a row up to which one workgroup selects by itself. */
const FEW = 1 << 15;
/** Keys that a thread counts where several workgroups share a row. */
const SHARE = 64;

/** WGSL: one look of three at the keys that are like the chosen one above its bits: 11, 11 and 10 of them. */
const WIDE_LOOK = `
${KEYS}
const PLACES = 2048u;
fn shift_of(look: u32) -> u32 { return select(select(0u, 10u, look == 1u), 21u, look == 0u); }
fn place_of(key: u32, chosen: u32, look: u32) -> u32 {
  let shift = shift_of(look);
  let above = shift_of(max(look, 1u) - 1u);
  let isNear = look == 0u || (key >> above) == (chosen >> above);
  let place = (key >> shift) & select(2047u, 1023u, look == 2u);
  return select(PLACES, place, key != NO_KEY && isNear);
}
fn number_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key >> 31u) == 1u));
}
`;

const SELECT = kernel({
  name: 'select',
  values: { count: 'u32', wanted: 'u32', otherwise: 'f32' },
  reads: { keys: 'u32', shares: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: `
${LOOK}
var<workgroup> counts: array<atomic<u32>, 256>;
var<workgroup> chosen: u32;
var<workgroup> left: u32;
var<workgroup> total: u32;
`,
  main: `
  let row = group.y;
  let share = shares[row % v.wanted];
  let begin = (row / v.wanted) * v.count;
  for (var look = 0u; look < 4u; look++) {
    atomicStore(&counts[lane], 0u);
    workgroupBarrier();
    let prefix = chosen;
    for (var i = lane; i < v.count; i += 256u) {
      let place = place_of(keys[begin + i], prefix, look);
      if (place < PLACES) { atomicAdd(&counts[place], 1u); }
    }
    workgroupBarrier();
    if (lane == 0u) {
      if (look == 0u) {
        for (var k = 0u; k < PLACES; k++) { total += atomicLoad(&counts[k]); }
        left = min(max(total, 1u) - 1u, u32(floor(share * f32(total))));
      }
      var place = 0u;
      loop {
        let here = atomicLoad(&counts[place]);
        if (left < here || place == 255u) { break; }
        left -= here;
        place += 1u;
      }
      chosen = chosen | (place << (24u - 8u * look));
    }
    workgroupBarrier();
  }
  if (lane == 0u) {
    out[2u * row] = select(v.otherwise, number_of(chosen), total > 0u);
    out[2u * row + 1u] = f32(total);
  }
`,
});

const COUNT = kernel({
  name: 'select: count',
  values: { count: 'u32', wanted: 'u32', groups: 'u32', look: 'u32' },
  reads: { keys: 'u32', state: 'u32' },
  writes: { parts: 'u32' },
  group: SAMPLES,
  functions: `
${WIDE_LOOK}
var<workgroup> own: array<atomic<u32>, PLACES>;
`,
  main: `
  let row = group.y;
  let prefix = state[4u * row];
  let first = (row / v.wanted) * v.count;
  let begin = group.x * ${256 * SHARE}u;
  for (var k = 0u; k < ${SHARE}u; k++) {
    let i = begin + 256u * k + lane;
    if (i < v.count) {
      let place = place_of(keys[first + i], prefix, v.look);
      if (place < PLACES) { atomicAdd(&own[place], 1u); }
    }
  }
  workgroupBarrier();
  for (var k = lane; k < PLACES; k += 256u) {
    parts[(row * v.groups + group.x) * PLACES + k] = atomicLoad(&own[k]);
  }
`,
});

const PICK = kernel({
  name: 'select: pick',
  values: { groups: 'u32', wanted: 'u32', look: 'u32', otherwise: 'f32' },
  reads: { parts: 'u32', shares: 'f32' },
  writes: { state: 'u32', out: 'f32' },
  group: SAMPLES,
  functions: `
${WIDE_LOOK}
const EACH = 8u;
var<workgroup> sums: array<u32, 256>;
`,
  main: `
  let row = group.y;
  var own: array<u32, EACH>;
  var here = 0u;
  for (var k = 0u; k < EACH; k++) {
    var sum = 0u;
    for (var part = 0u; part < v.groups; part++) { sum += parts[(row * v.groups + part) * PLACES + EACH * lane + k]; }
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
  var left = state[4u * row + 1u];
  if (v.look == 0u) { left = min(max(all, 1u) - 1u, u32(floor(shares[row % v.wanted] * f32(all)))); }
  let above = sums[lane];
  let isChosen = (left < above && left >= above - here) || (all == 0u && lane == 255u);
  // Everyone has read the state before one changes it.
  storageBarrier();
  if (isChosen) {
    var place = EACH * lane;
    var rest = left - (above - here);
    for (var k = 0u; k + 1u < EACH; k++) {
      if (rest < own[k]) { break; }
      rest -= own[k];
      place += 1u;
    }
    let begun = select(state[4u * row], 0u, v.look == 0u);
    let chosen = begun | (place << shift_of(v.look));
    var total = state[4u * row + 2u];
    if (v.look == 0u) { total = all; }
    state[4u * row] = chosen;
    state[4u * row + 1u] = rest;
    state[4u * row + 2u] = total;
    out[2u * row] = select(v.otherwise, number_of(chosen), total > 0u);
    out[2u * row + 1u] = f32(total);
  }
`,
});

export interface SelectionRequest {
  /** Keys that each row has. */
  readonly count: number;
  readonly rows?: number;
  /** Share of a row's values that lie below the one selected, 0 … 1; several: one is selected for each. */
  readonly share: number | readonly number[];
  /** What a row without values answers; default 0. */
  readonly otherwise?: number;
}

/**
 * The element of rank ⌊share · n⌋ of each row's values, and n: two numbers a row, or for each share of each row. The same element that the processor selects.
 *
 * @param keys made by `KEYS`, row by row
 */
export function selected(queue: GpuQueue, keys: GpuMemory, request: SelectionRequest): GpuMemory {
  const { count, rows = 1, share, otherwise = 0 } = request;
  const shares = Float32Array.from([share].flat());
  const wanted = shares.length;
  const all = rows * wanted;
  const out = queue.lend(2 * all);
  if (count <= FEW) {
    queue.run(SELECT, {
      values: { count, wanted, otherwise },
      buffers: { keys, shares, out },
      threads: [256, all],
    });
    return out;
  }
  const groups = Math.ceil(count / SHARE / 256);
  using parts = queue.lend(2048 * groups * all);
  using state = queue.lend(4 * all);
  for (let look = 0; look < 3; look++) {
    queue.run(COUNT, {
      values: { count, wanted, groups, look },
      buffers: { keys, state, parts },
      threads: [groups * 256, all],
    });
    queue.run(PICK, {
      values: { groups, wanted, look, otherwise },
      buffers: { parts, shares, state, out },
      threads: [256, all],
    });
  }
  return out;
}
