import type { GpuMemory } from '../device/gpu-memory.ts';
import type { Dispatch, GpuQueue } from '../device/gpu-queue.ts';
import { type Kernel, kernel, SAMPLES, type Scalar } from '../device/kernel.ts';

/** How numbers of all items become one. */
export type Combination = 'sum' | 'most' | 'least';

export interface ReductionDefinition<V extends string, R extends string> {
  readonly name: string;
  readonly values?: Readonly<Record<V, Scalar>>;
  readonly reads: Readonly<Record<R, Scalar>>;
  readonly functions?: string;
  /** How each of the numbers is combined. */
  readonly numbers: readonly Combination[];
  /**
   * What item `i` of row `row` adds, written to `found`, an `array<f32, …>` of as many numbers, which holds what changes nothing. Code that
   * adds nothing leaves it.
   */
  readonly each: string;
}

/** Numbers over all items, such as sums: row by row, always added in the same order. */
export interface Reduction<V extends string, R extends string> {
  readonly count: number;
  readonly first: Kernel<V | 'items' | 'groups', R | 'partial'>;
  readonly second: Kernel<'groups', 'partial' | 'out'>;
}

/** Threads of a workgroup, and the workgroups that share a row's items at most. */
const LANES = 256;
const MOST_GROUPS = 64;
/** Items of a row that one workgroup adds up by itself: to record a second dispatch takes longer. */
const FEW = 1 << 14;
/** Rows of lanes, and lanes of a row. */
const ROWS = 16;

const NOTHING = { sum: '0.0', most: '-3.0e38', least: '3.0e38' } as const;
const BOTH = { sum: 'a + b', most: 'max(a, b)', least: 'min(a, b)' } as const;

export function reduction<R extends string, V extends string = never>(
  definition: ReductionDefinition<V, R>,
): Reduction<V, R> {
  const { name, numbers, functions = '', each } = definition;
  const count = numbers.length;
  const nothing = numbers.map((how) => NOTHING[how]);
  const together = `
fn together(k: u32, a: f32, b: f32) -> f32 {
  switch k {
    ${numbers.map((how, k) => `case ${k}u: { return ${BOTH[how]}; }`).join('\n')}
    default: { return 0.0; }
  }
}
const NOTHING = array<f32, ${count}>(${nothing.join(', ')});
var<workgroup> lanes: array<f32, ${count * LANES}>;
var<workgroup> rows: array<f32, ${count * ROWS}>;`;
  // Each number of each 16 lanes by a lane of its own, then the 16 sums of each number.
  const tree = (write: string) => `
  workgroupBarrier();
  if (lane < ${count * ROWS}u) {
    let k = lane / ${ROWS}u;
    var sum = NOTHING[k];
    for (var j = 0u; j < ${ROWS}u; j++) {
      sum = together(k, sum, lanes[k * ${LANES}u + (lane % ${ROWS}u) * ${ROWS}u + j]);
    }
    rows[lane] = sum;
  }
  workgroupBarrier();
  if (lane < ${count}u) {
    var sum = NOTHING[lane];
    for (var j = 0u; j < ${ROWS}u; j++) { sum = together(lane, sum, rows[lane * ${ROWS}u + j]); }
    ${write}
  }
  `;
  return {
    count,
    first: kernel<'partial', V | 'items' | 'groups', R>({
      name,
      values: { ...definition.values, items: 'u32', groups: 'u32' } as Record<V | 'items' | 'groups', Scalar>,
      reads: definition.reads,
      writes: { partial: 'f32' },
      group: SAMPLES,
      functions: `${together}\n${functions}\nfn numbers_of(i: u32, row: u32) -> array<f32, ${count}> {
  var found = NOTHING;
  ${each.replaceAll(/\breturn;/g, 'return found;')}
  return found;
}`,
      main: `
  let row = group.y;
  ${nothing.map((of, k) => `var total${k} = ${of};`).join(' ')}
  for (var i = at.x; i < v.items; i += v.groups * ${LANES}u) {
    let found = numbers_of(i, row);
    ${numbers.map((_, k) => `total${k} = together(${k}u, total${k}, found[${k}]);`).join(' ')}
  }
  ${numbers.map((_, k) => `lanes[${k * LANES}u + lane] = total${k};`).join(' ')}
  ${tree(`partial[(row * v.groups + group.x) * ${count}u + lane] = sum;`)}`,
    }),
    second: kernel({
      name: `${name}, together`,
      values: { groups: 'u32' },
      reads: { partial: 'f32' },
      writes: { out: 'f32' },
      group: SAMPLES,
      functions: together,
      main: `
  let row = group.y;
  for (var k = 0u; k < ${count}u; k++) {
    var one = NOTHING[k];
    if (lane < v.groups) { one = partial[(row * v.groups + lane) * ${count}u + k]; }
    lanes[k * ${LANES}u + lane] = one;
  }
  ${tree(`out[row * ${count}u + lane] = sum;`)}`,
    }),
  };
}

/** Records a reduction of `items` a row; `rows` times as many numbers as it has, row by row. */
export function reduced<V extends string, R extends string>(
  queue: GpuQueue,
  { count, first, second }: Reduction<V, R>,
  {
    values,
    buffers,
    items,
    rows = 1,
  }: Pick<Dispatch<V, R>, 'values' | 'buffers'> & { readonly items: number; readonly rows?: number },
): GpuMemory {
  const groups = items <= FEW ? 1 : Math.min(MOST_GROUPS, Math.ceil(items / (4 * LANES)));
  const out = queue.lend(count * rows);
  const add = (into: GpuMemory) =>
    queue.run(first, {
      values: { ...values, items, groups } as Record<V | 'items' | 'groups', number>,
      buffers: { ...buffers, partial: into } as Dispatch<V, R | 'partial'>['buffers'],
      threads: [groups * LANES, rows],
    });
  if (groups === 1) {
    add(out);
    return out;
  }
  using partial = queue.lend(count * rows * groups);
  add(partial);
  queue.run(second, { values: { groups }, buffers: { partial, out }, threads: [LANES, rows] });
  return out;
}
