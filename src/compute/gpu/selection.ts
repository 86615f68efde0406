import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

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

const SELECT = kernel({
  name: 'select',
  values: { count: 'u32', share: 'f32', otherwise: 'f32' },
  reads: { keys: 'u32' },
  writes: { out: 'f32' },
  group: [256],
  functions: `
${KEYS}
var<workgroup> counts: array<atomic<u32>, 256>;
var<workgroup> chosen: u32;
var<workgroup> left: u32;
var<workgroup> total: u32;
`,
  main: `
  let row = group.y;
  let begin = row * v.count;
  if (lane == 0u) { chosen = 0u; left = 0u; total = 0u; }
  for (var look = 0u; look < 4u; look++) {
    let shift = 24u - 8u * look;
    atomicStore(&counts[lane], 0u);
    workgroupBarrier();
    let prefix = chosen;
    for (var i = lane; i < v.count; i += 256u) {
      let key = keys[begin + i];
      let isNear = look == 0u || (key >> (shift + 8u)) == (prefix >> (shift + 8u));
      if (key != NO_KEY && isNear) { atomicAdd(&counts[(key >> shift) & 255u], 1u); }
    }
    workgroupBarrier();
    if (lane == 0u) {
      if (look == 0u) {
        var all = 0u;
        for (var k = 0u; k < 256u; k++) { all += atomicLoad(&counts[k]); }
        total = all;
        left = min(max(all, 1u) - 1u, u32(floor(v.share * f32(all))));
      }
      var place = 0u;
      loop {
        let here = atomicLoad(&counts[place]);
        if (left < here || place == 255u) { break; }
        left -= here;
        place += 1u;
      }
      chosen = chosen | (place << shift);
    }
    workgroupBarrier();
  }
  if (lane == 0u) {
    let key = chosen;
    let bits = select(~key, key & 0x7fffffffu, (key >> 31u) == 1u);
    out[2u * row] = select(v.otherwise, bitcast<f32>(bits), total > 0u);
    out[2u * row + 1u] = f32(total);
  }
`,
});

export interface SelectionRequest {
  /** Keys that each row has. */
  readonly count: number;
  readonly rows?: number;
  /** Share of a row's values that lie below the one selected, 0 … 1. */
  readonly share: number;
  /** What a row without values answers; default 0. */
  readonly otherwise?: number;
}

/**
 * The element of rank ⌊share · n⌋ of each row's values, and n: two numbers a row. The same element that the processor selects.
 *
 * @param keys made by `KEYS`, row by row
 */
export function selected(queue: GpuQueue, keys: GpuMemory, request: SelectionRequest): GpuMemory {
  const { count, rows = 1, share, otherwise = 0 } = request;
  const out = queue.lend(2 * rows);
  queue.run(SELECT, { values: { count, share, otherwise }, buffers: { keys, out }, threads: [256, rows] });
  return out;
}
