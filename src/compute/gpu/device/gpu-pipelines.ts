import { type Arena, type HostArray, LARGEST_ARRAY, valueBytes } from './gpu-arena.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { Kernel } from './kernel.ts';

/** What a dispatch is set up with. */
export interface BoundKernel {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Where the values, and the arrays of the host that may lie anywhere, begin in the arena. */
  readonly offsets: readonly number[];
}

/** Kernels as they were compiled, each when it was first wanted, and what they were bound to. */
export interface Pipelines {
  /** @param bound what each of the kernel's arrays lies in, in their order */
  bind<V extends string, B extends string>(
    kernel: Kernel<V, B>,
    values: PlacedValues,
    bound: readonly (GpuMemory | HostArray)[],
  ): BoundKernel;
}

/** A kernel's values in the arena. */
export interface PlacedValues {
  /** Bytes from the arena's begin, and how many values there are. */
  readonly offset: number;
  readonly count: number;
  /** Whether those of a folded grid are among them. */
  readonly isFolded: boolean;
}

/** Arrays of the host that one dispatch may bind wherever they lie: the default limit, which every adapter has. */
const MOST_MOVING = 4;
/** Bind groups that are kept of one kernel. */
const MOST_GROUPS = 512;

/** A kernel as it is compiled, and bind groups by the buffers that they name. */
interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly groups: Map<string, GPUBindGroup>;
}

/** An array of the host that is bound where it lies in the arena. */
interface Staying {
  readonly offset: number;
}

export function openPipelines(device: GPUDevice, arena: Arena): Pipelines {
  const compiled = new Map<string, Map<number, Pipeline>>();
  /** A pipeline whose arrays of the host that may lie anywhere are those with a 1 in `moving`, the first of them the lowest. */
  const pipelineOf = <V extends string, B extends string>(
    { name, code, folded, buffers }: Kernel<V, B>,
    moving: number,
    isFolded: boolean,
  ): Pipeline => {
    const text = isFolded ? folded : code;
    const variants = compiled.get(text) ?? new Map<number, Pipeline>();
    compiled.set(text, variants);
    const known = variants.get(moving) ?? compile(device, { name, code: text, buffers }, moving);
    variants.set(moving, known);
    return known;
  };
  /** The device's memory comes back in turns, and groups with it. */
  const groupOf = (
    { groups, layout }: Pipeline,
    bytes: number,
    bound: readonly (GpuMemory | HostArray | Staying)[],
  ): GPUBindGroup => {
    let key = '';
    for (const of of bound) key += isHostArray(of) ? '-' : 'offset' in of ? `@${of.offset} ` : `${of.id} `;
    const known = groups.get(key);
    if (known) return known;
    const resourceOf = (of: GpuMemory | HostArray | Staying): GPUBufferBinding => {
      if (isHostArray(of)) return { buffer: arena.buffer, size: LARGEST_ARRAY };
      if ('offset' in of) return { buffer: arena.buffer, offset: of.offset, size: LARGEST_ARRAY };
      return { buffer: of.buffer };
    };
    const group = device.createBindGroup({
      layout,
      entries: [{ buffer: arena.buffer, size: bytes }, ...bound.map(resourceOf)].map((resource, binding) => ({
        binding,
        resource,
      })),
    });
    if (groups.size >= MOST_GROUPS) groups.clear();
    groups.set(key, group);
    return group;
  };
  return {
    bind(kernel, values, bound) {
      const offsets = [values.offset];
      let moving = 0;
      const placed = bound.map((of, k) => {
        if (!isHostArray(of)) return of;
        const offset = arena.put(of);
        if (offsets.length > MOST_MOVING) return { offset };
        offsets.push(offset);
        moving |= 1 << k;
        return of;
      });
      const used = pipelineOf(kernel, moving, values.isFolded);
      const group = groupOf(used, valueBytes(values.count), placed);
      return { pipeline: used.pipeline, group, offsets };
    },
  };
}

export function isHostArray(of: GpuMemory | HostArray | Staying): of is HostArray {
  return ArrayBuffer.isView(of);
}

function compile(
  device: GPUDevice,
  { name, code, buffers }: Pick<Kernel<string, string>, 'name' | 'code' | 'buffers'>,
  moving: number,
): Pipeline {
  const layout = device.createBindGroupLayout({
    label: name,
    entries: [
      { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true } },
      ...buffers.map(({ writes }, k) => ({
        binding: k + 1,
        visibility: GPUShaderStage.COMPUTE,
        buffer: {
          type: writes ? ('storage' as const) : ('read-only-storage' as const),
          hasDynamicOffset: ((moving >> k) & 1) === 1,
        },
      })),
    ],
  });
  const pipeline = device.createComputePipeline({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: name, code }) },
  });
  return { pipeline, layout, groups: new Map() };
}
