import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { KEYS, NUMBER_OF } from './selection-keys.ts';
import { selectedByMany } from './wide-selection.ts';

/** WGSL: one look at eight bits of the keys that are like the chosen one above them. */
const LOOK = `
${KEYS}${NUMBER_OF}
const PLACES = 256u;
fn place_of(key: u32, chosen: u32, look: u32) -> u32 {
  let shift = 24u - 8u * look;
  let isNear = look == 0u || (key >> (shift + 8u)) == (chosen >> (shift + 8u));
  return select(PLACES, (key >> shift) & 255u, key != NO_KEY && isNear);
}
`;

/** Keys a row up to which one workgroup selects by itself. */
const FEW = 1 << 15;

/**
 * WGSL: `selected_key(count, share, lane, turn)`, the key of rank ⌊share · n⌋ of those that `key_at(i, turn)`, which the kernel defines, has for
 * 0 … count − 1, and their number in `total`: by one workgroup of 256, all of whose lanes ask. Eight bits of the key at each of four looks.
 */
export const SELECTING = `
${LOOK}
var<workgroup> counts: array<atomic<u32>, 256>;
var<workgroup> chosen: u32;
var<workgroup> left: u32;
var<workgroup> total: u32;
fn selected_key(count: u32, share: f32, lane: u32, turn: u32) -> u32 {
  if (lane == 0u) {
    chosen = 0u;
    total = 0u;
  }
  for (var look = 0u; look < 4u; look++) {
    atomicStore(&counts[lane], 0u);
    workgroupBarrier();
    let prefix = chosen;
    for (var i = lane; i < count; i += 256u) {
      let place = place_of(key_at(i, turn), prefix, look);
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
  let found = chosen;
  workgroupBarrier();
  return found;
}
`;

const SELECT = kernel({
  name: 'select',
  values: { count: 'u32', wanted: 'u32', otherwise: 'f32' },
  reads: { keys: 'u32', shares: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: `
${SELECTING}
var<private> first: u32;
fn key_at(i: u32, turn: u32) -> u32 { return keys[first + i]; }
`,
  main: `
  let row = group.y;
  first = (row / v.wanted) * v.count;
  let found = selected_key(v.count, shares[row % v.wanted], lane, 0u);
  if (lane == 0u) {
    out[2u * row] = select(v.otherwise, number_of(found), total > 0u);
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
  if (count > FEW) return selectedByMany(queue, keys, { count, rows, shares, otherwise });
  const wanted = shares.length;
  const out = queue.lend(2 * rows * wanted);
  queue.run(SELECT, {
    values: { count, wanted, otherwise },
    buffers: { keys, shares, out },
    threads: [256, rows * wanted],
  });
  return out;
}
