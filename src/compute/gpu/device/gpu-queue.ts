import type { GpuDevice } from './gpu-device.ts';
import { GpuError } from './gpu-error.ts';
import { type GpuMemory, type MemoryPool, openMemoryPool } from './gpu-memory.ts';
import type { Kernel, Scalar } from './kernel.ts';

/** Small numbers that the host hands over with a dispatch. */
export type HostArray = Float32Array | Uint32Array | Int32Array;

export interface Dispatch<V extends string, B extends string> {
  readonly values: Readonly<Record<V, number>>;
  /** What each array of the kernel lies in. */
  readonly buffers: Readonly<Record<B, GpuMemory | HostArray>>;
  /** The grid: across, down, in depth. */
  readonly threads: readonly [across: number, down?: number, deep?: number];
}

/** Where kernels are recorded. What is recorded is carried out in order, soon; only `read` waits. */
export interface GpuQueue {
  readonly memory: MemoryPool;
  /** Room for that many numbers of 4 bytes. */
  lend(numbers: number): GpuMemory;
  /** The same with numbers of the host in it, which are copied at once; they may lie on shared memory. */
  filled(numbers: HostArray | Uint8Array): GpuMemory;
  /** Room for that many numbers, all 0. */
  zeroed(numbers: number): GpuMemory;
  run<V extends string, B extends string>(kernel: Kernel<V, B>, dispatch: Dispatch<V, B>): void;
  /** Copies whole numbers of 4 bytes from one place to another; places count numbers. */
  copy(
    from: GpuMemory,
    to: GpuMemory,
    part: { readonly from: number; readonly to: number; readonly count: number },
  ): void;
  /** The content of each, when all that was recorded before is done. New memory. @throws GpuError where the device fails */
  read(memories: readonly GpuMemory[]): Promise<readonly ArrayBuffer[]>;
  /** Waits for every read under way, and closes the device. */
  close(): Promise<void>;
}

/** Bytes of the memory by which values and small arrays travel, and what an array in it may have at most. */
const ARENA = 1 << 20;
const SMALL = 1 << 16;
/** Alignment of what is bound within a buffer, bytes: the default limit, which every adapter has. */
const ALIGNMENT = 256;
/** Dispatches that are recorded before the device is set to work. */
const MOST_RECORDED = 96;
/** Arrays of the host that one dispatch may bind wherever they lie: the default limit, which every adapter has. */
const MOST_MOVING = 4;
/** Bytes of a buffer by which reads travel; several that are asked for at once share one. */
const READ_BUFFER = 1 << 22;
/** Bind groups that are kept of one kernel. */
const MOST_GROUPS = 512;

export function openGpuQueue(gpu: GpuDevice): GpuQueue {
  const { device } = gpu;
  const memory = openMemoryPool(device);
  const arena = device.createBuffer({
    // An array is bound by the most that it may have, whatever its place.
    size: ARENA + SMALL,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  const staged = new ArrayBuffer(ARENA);
  const stagedBytes = new Uint8Array(staged);
  const stagedView = new DataView(staged);
  const pipelines = new Map<unknown, Map<number, Pipeline>>();
  const reads = new Set<Promise<unknown>>();
  const spareReads: GPUBuffer[] = [];
  /** Buffers that are named in what was recorded and not yet handed over. */
  const named = new Set<number>();
  let reading: Reading | null = null;
  let filledTo = 0;
  let recorded = 0;
  let isClosed = false;
  let encoder: GPUCommandEncoder | null = null;
  let pass: GPUComputePassEncoder | null = null;

  const recording = (): GPUCommandEncoder => {
    encoder ??= device.createCommandEncoder();
    return encoder;
  };
  const endPass = (): void => {
    pass?.end();
    pass = null;
  };
  const flush = (): void => {
    if (!encoder) return;
    endPass();
    if (filledTo > 0) device.queue.writeBuffer(arena, 0, staged, 0, filledTo);
    device.queue.submit([encoder.finish()]);
    encoder = null;
    filledTo = 0;
    recorded = 0;
    named.clear();
    memory.trim();
  };
  /** Puts an array into the arena, for the dispatch that is about to be recorded; where it begins there. */
  const stage = (of: HostArray): number => {
    const offset = filledTo;
    stagedBytes.set(bytesOf(of), offset);
    filledTo = aligned(offset + of.byteLength);
    return offset;
  };
  /** The same with a kernel's values, 4 bytes each. */
  const stageValues = <V extends string>(
    types: readonly (readonly [name: V, type: Scalar])[],
    values: Readonly<Record<V, number>>,
  ): number => {
    const offset = filledTo;
    let at = offset;
    for (const [name, type] of types) {
      if (type === 'f32') stagedView.setFloat32(at, values[name], true);
      else if (type === 'i32') stagedView.setInt32(at, values[name], true);
      else stagedView.setUint32(at, values[name], true);
      at += 4;
    }
    filledTo = aligned(offset + valueBytes(types.length));
    return offset;
  };
  /** A pipeline whose arrays of the host are those with a 1 in `hosted`, the first of them the lowest. */
  const pipelineOf = <V extends string, B extends string>(kernel: Kernel<V, B>, hosted: number): Pipeline => {
    const variants = pipelines.get(kernel) ?? new Map<number, Pipeline>();
    pipelines.set(kernel, variants);
    const known = variants.get(hosted) ?? compiled(device, kernel, hosted);
    variants.set(hosted, known);
    return known;
  };
  /** What a dispatch is bound to. The device's memory comes back in turns, and groups with it. */
  const groupOf = (
    { groups, layout }: Pipeline,
    bound: readonly (GpuMemory | HostArray | Staged)[],
    bytes: number,
  ): GPUBindGroup => {
    let key = '';
    for (const of of bound) key += isHostArray(of) ? '-' : 'offset' in of ? `@${of.offset} ` : `${of.id} `;
    const known = groups.get(key);
    if (known) return known;
    const group = device.createBindGroup({
      layout,
      entries: [
        { binding: 0, resource: { buffer: arena, size: bytes } },
        ...bound.map((of, k) => ({
          binding: k + 1,
          resource: isHostArray(of)
            ? { buffer: arena, size: SMALL }
            : 'offset' in of
              ? { buffer: arena, offset: of.offset, size: SMALL }
              : { buffer: of.buffer },
        })),
      ],
    });
    if (groups.size >= MOST_GROUPS) groups.clear();
    groups.set(key, group);
    return group;
  };
  const filled = (numbers: HostArray | Uint8Array): GpuMemory => {
    // Writing comes before what is recorded and not yet handed over: a buffer that is named there will not do.
    const lent = memory.lend(numbers.byteLength, (id) => !named.has(id));
    device.queue.writeBuffer(lent.buffer, 0, ownBytes(numbers));
    return lent;
  };
  /** The buffer that reads of this moment are copied to, with room for so many bytes more. */
  const readingOf = (bytes: number): Reading => {
    if (reading && reading.used + bytes <= reading.into.size) return reading;
    if (reading) void finish(reading);
    const into =
      (bytes <= READ_BUFFER ? spareReads.pop() : undefined) ??
      device.createBuffer({
        size: Math.max(READ_BUFFER, aligned(bytes)),
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
    const opened: Reading = { into, used: 0, requests: [] };
    reading = opened;
    // Whoever waits for the same answer goes on in the same moment, and mostly reads next.
    queueMicrotask(() => {
      if (reading === opened) void finish(opened);
    });
    return opened;
  };
  /** Hands over what was recorded, and answers what was asked for. */
  const finish = async (asked: Reading): Promise<void> => {
    if (reading === asked) reading = null;
    const { into, used, requests } = asked;
    flush();
    const mapping = into.mapAsync(GPUMapMode.READ, 0, 8 * Math.ceil(used / 8));
    reads.add(mapping);
    // A lost device is told of before its maps are, and those must have settled too before the thread may end.
    const settled = () => reads.delete(mapping);
    mapping.then(settled, settled);
    try {
      await Promise.race([mapping, gpu.lost]);
      const fault = gpu.fault();
      if (fault) throw fault;
    } catch (cause) {
      const fault = gpu.fault() ?? new GpuError('lost', 'The device did not answer.', { cause });
      for (const { reject } of requests) reject(fault);
      mapping.finally(() => into.destroy()).catch(() => {});
      return;
    }
    // A mapped range belongs to the device, and must not leave here.
    const mapped = into.getMappedRange(0, 8 * Math.ceil(used / 8));
    const answers = requests.map(({ parts }) => parts.map(({ start, bytes }) => mapped.slice(start, start + bytes)));
    into.unmap();
    if (into.size === READ_BUFFER) spareReads.push(into);
    else into.destroy();
    requests.forEach(({ resolve }, k) => {
      resolve(answers[k] as ArrayBuffer[]);
    });
  };

  return {
    memory,
    lend: (numbers) => memory.lend(4 * numbers),
    filled,
    zeroed(numbers) {
      const lent = memory.lend(4 * numbers);
      endPass();
      named.add(lent.id);
      recording().clearBuffer(lent.buffer, 0, 4 * numbers);
      return lent;
    },
    run(kernel, { values, buffers, threads }) {
      const large: GpuMemory[] = [];
      const bound = kernel.buffers.map(({ name }) => {
        const of = buffers[name];
        if (!isHostArray(of) || of.byteLength <= SMALL) return of;
        const lent = filled(of);
        large.push(lent);
        return lent;
      });
      let [small, hosted, moving] = [aligned(valueBytes(kernel.values.length)), 0, 0];
      bound.forEach((of, k) => {
        if (!isHostArray(of)) return;
        small += aligned(of.byteLength);
        if (++moving <= MOST_MOVING) hosted |= 1 << k;
      });
      if (filledTo + small > ARENA || recorded >= MOST_RECORDED) flush();
      const used = pipelineOf(kernel, hosted);
      const offsets = [stageValues(kernel.values, values)];
      const placed = bound.map((of, k) => {
        if (!isHostArray(of)) {
          named.add(of.id);
          return of;
        }
        const offset = stage(of);
        if (((hosted >> k) & 1) === 0) return { offset };
        offsets.push(offset);
        return of;
      });
      const group = groupOf(used, placed, valueBytes(kernel.values.length));
      pass ??= recording().beginComputePass();
      pass.setPipeline(used.pipeline);
      pass.setBindGroup(0, group, offsets);
      pass.dispatchWorkgroups(
        workgroups(threads[0], kernel.group[0]),
        workgroups(threads[1], kernel.group[1]),
        workgroups(threads[2], kernel.group[2]),
      );
      recorded += 1;
      for (const lent of large) lent[Symbol.dispose]();
    },
    copy(from, to, part) {
      endPass();
      named.add(from.id).add(to.id);
      recording().copyBufferToBuffer(from.buffer, 4 * part.from, to.buffer, 4 * part.to, 4 * part.count);
    },
    async read(memories) {
      if (isClosed) throw new GpuError('lost', 'The device was closed while something was computed on it.');
      const room = memories.reduce((sum, of) => sum + wholeWords(of.bytes), 0);
      const into = readingOf(room);
      endPass();
      const parts = memories.map((of) => {
        const start = into.used;
        into.used += wholeWords(of.bytes);
        named.add(of.id);
        recording().copyBufferToBuffer(of.buffer, 0, into.into, start, wholeWords(of.bytes));
        return { start, bytes: of.bytes };
      });
      return await new Promise<readonly ArrayBuffer[]>((resolve, reject) => {
        into.requests.push({ parts, resolve, reject });
      });
    },
    async close() {
      isClosed = true;
      // A thread that ends while a read is under way takes the whole process with it.
      if (reading) void finish(reading);
      while (reads.size > 0) await Promise.allSettled(reads);
      for (const buffer of spareReads) buffer.destroy();
      memory.close();
      arena.destroy();
      gpu.close();
    },
  };
}

/** Reads that are answered together. */
interface Reading {
  readonly into: GPUBuffer;
  used: number;
  readonly requests: {
    readonly parts: readonly { readonly start: number; readonly bytes: number }[];
    readonly resolve: (answers: readonly ArrayBuffer[]) => void;
    readonly reject: (fault: Error) => void;
  }[];
}

/** An array of the host that is bound where it lies in the arena. */
interface Staged {
  readonly offset: number;
}

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** By the buffers that they name. */
  readonly groups: Map<string, GPUBindGroup>;
}

function compiled<V extends string, B extends string>(
  device: GPUDevice,
  { name, code, buffers }: Kernel<V, B>,
  hosted: number,
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
          hasDynamicOffset: ((hosted >> k) & 1) === 1,
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

function workgroups(threads = 1, group = 1): number {
  return Math.ceil(threads / group);
}

/** Bytes of so many values: at least 16. */
function valueBytes(count: number): number {
  return 16 * Math.max(1, Math.ceil(count / 4));
}

function isHostArray(of: GpuMemory | HostArray | Staged): of is HostArray {
  return ArrayBuffer.isView(of);
}

function bytesOf(of: HostArray | Uint8Array): Uint8Array {
  return new Uint8Array(of.buffer, of.byteOffset, of.byteLength);
}

/** Bytes in memory of this thread, whole numbers of 4: the package reads no shared memory, and would end the process. */
function ownBytes(of: HostArray | Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(of);
  if (bytes.length % 4 === 0 && bytes.buffer instanceof ArrayBuffer) return bytes as Uint8Array<ArrayBuffer>;
  const own = new Uint8Array(4 * Math.ceil(bytes.length / 4));
  own.set(bytes);
  return own;
}

/** Bytes of whole numbers of 4 bytes that hold so many. */
function wholeWords(bytes: number): number {
  return 4 * Math.ceil(bytes / 4);
}

function aligned(bytes: number): number {
  return ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
}
