/** Numbers that a dispatch hands over, and elements of what lies on the device, as WGSL names them. */
export type Scalar = 'f32' | 'u32' | 'i32';
/** Elements of an array; atomic ones are counted by many threads at once, in whole numbers, so that their order does not matter. */
export type Element = Scalar | 'atomic<u32>';

export interface KernelDefinition<V extends string, R extends string, W extends string> {
  /** As error messages name it. */
  readonly name: string;
  /** Numbers that every dispatch hands over: `v.name` in the code. */
  readonly values?: Readonly<Record<V, Scalar>>;
  /** What it reads and what it writes: an array of that element, by name. No memory may be read and written in one dispatch. */
  readonly reads?: Readonly<Record<R, Scalar>>;
  readonly writes: Readonly<Record<W, Element>>;
  /** Threads of a workgroup; default `PIXELS`. */
  readonly group?: Threads;
  /** Functions, constants and workgroup variables. */
  readonly functions?: string;
  /**
   * Body of the entry point. `at` is the thread's place in the grid, `lane` its number in its workgroup, and `group` the workgroup's place.
   * The grid is rounded up to whole workgroups: code leaves where `at` lies outside.
   */
  readonly main: string;
}

/** Across, down, and in depth. */
export type Threads = readonly [across: number, down?: number, deep?: number];

/** Workgroups of a kernel whose threads are the pixels of a picture, and of one whose threads are samples in a row. */
export const PIXELS: Threads = [16, 16];
export const SAMPLES: Threads = [256];

/** What stands in the place of an array that a kernel has and a dispatch does not look at. */
export const NOTHING = new Uint32Array(1);

/** A kernel as the device is given it. */
export interface Kernel<V extends string, B extends string> {
  readonly name: string;
  readonly code: string;
  /** The same for a grid that has more workgroups in a direction than devices take: see `FOLDED`. */
  readonly folded: string;
  /** In the order in which they lie in memory. */
  readonly values: readonly (readonly [name: V, type: Scalar])[];
  /** In the order of their bindings, from 1 on; binding 0 holds the values. */
  readonly buffers: readonly { readonly name: B; readonly writes: boolean }[];
  readonly group: Threads;
}

/** Every kernel that was stated, in the order of the modules that state them. */
const stated: string[] = [];

/** What all kernels do, as one text: two programs with the same one compute alike on a device. Kernels are stated when their modules are loaded. */
export function statedKernels(): string {
  return stated.join('\n');
}

const ENTRY = `
fn main(
  @builtin(global_invocation_id) at: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
) {`;

/** Workgroups that a grid has in one direction at most: the default limit, which every adapter has. */
const MOST_GROUPS = 65_535;

/** Values of a folded grid, behind the kernel's own: the workgroups that it has in each direction. */
export const FOLDED = [
  ['grid_across', 'u32'],
  ['grid_down', 'u32'],
  ['grid_deep', 'u32'],
] as const;

/** The workgroups of a folded grid lie one after another in lines of as many as there may be. */
function foldedEntry(across: number, down: number, deep: number): string {
  return `
fn main(
  @builtin(local_invocation_id) thread_of_group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) place_of_group: vec3u,
) {
  let number_of_group = place_of_group.y * ${MOST_GROUPS}u + place_of_group.x;
  if (number_of_group >= v.grid_across * v.grid_down * v.grid_deep) { return; }
  let group = vec3u(
    number_of_group % v.grid_across,
    number_of_group / v.grid_across % v.grid_down,
    number_of_group / (v.grid_across * v.grid_down),
  );
  let at = group * vec3u(${across}, ${down}, ${deep}) + thread_of_group;`;
}

/** The workgroups that so many threads are, and how a device is told of them: folded where they are too many in a direction. */
export function gridOf(
  [across, down = 1, deep = 1]: Threads,
  group: Threads,
): { readonly groups: Threads; readonly fold: readonly [number, number, number] | null } {
  const counts = [across, down, deep].map((threads, k) => Math.ceil(threads / (group[k] ?? 1))) as [
    number,
    number,
    number,
  ];
  if (Math.max(...counts) <= MOST_GROUPS) return { groups: counts, fold: null };
  const all = counts[0] * counts[1] * counts[2];
  return { groups: [MOST_GROUPS, Math.ceil(all / MOST_GROUPS)], fold: counts };
}

/** Writes what WGSL wants before and around a kernel's own code, so that names and bindings are stated once. */
export function kernel<W extends string, V extends string = never, R extends string = never>(
  definition: KernelDefinition<V, R, W>,
): Kernel<V, R | W> {
  const { name, group = PIXELS, functions = '', main } = definition;
  const values = Object.entries(definition.values ?? {}) as [V, Scalar][];
  const reads = Object.entries(definition.reads ?? {}) as [R, Scalar][];
  const writes = Object.entries(definition.writes) as [W, Element][];
  const bound = [
    ...reads.map(([of, type]) => ({ name: of, type, access: 'read' })),
    ...writes.map(([of, type]) => ({ name: of, type, access: 'read_write' })),
  ];
  const [across, down = 1, deep = 1] = group;
  const codeOf = (own: readonly (readonly [of: string, type: Scalar])[], entry: string) => `
struct Values { ${own.map(([of, type]) => `${of}: ${type}`).join(', ')} }
@group(0) @binding(0) var<uniform> v: Values;
${bound.map((of, k) => `@group(0) @binding(${k + 1}) var<storage, ${of.access}> ${of.name}: array<${of.type}>;`).join('\n')}
${functions}
@compute @workgroup_size(${across}, ${down}, ${deep})
${entry}
${main}
}
`;
  // A struct has one member at least.
  const code = codeOf(values.length > 0 ? values : [['unused', 'u32']], ENTRY);
  const folded = codeOf([...values, ...FOLDED], foldedEntry(across, down, deep));
  stated.push(`// ${name}${code}`);
  return {
    name,
    code,
    folded,
    values,
    buffers: bound.map(({ name: of, access }) => ({ name: of, writes: access === 'read_write' })),
    group,
  };
}
