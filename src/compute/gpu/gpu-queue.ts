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

export function openGpuQueue(gpu: GpuDevice): GpuQueue {
  const { device } = gpu;
  const memory = openMemoryPool(device);
  const arena = device.createBuffer({
    size: ARENA,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  const staged = new ArrayBuffer(ARENA);
  const pipelines = new Map<unknown, Pipeline>();
  const reads = new Set<Promise<unknown>>();
  const spareReads = new Map<number, GPUBuffer[]>();
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
    memory.trim();
  };
  /** Puts bytes into the arena, for the dispatch that is about to be recorded. */
  const stage = (bytes: Uint8Array): GPUBufferBinding => {
    const offset = filledTo;
    new Uint8Array(staged, offset, bytes.length).set(bytes);
    filledTo = aligned(offset + bytes.length);
    return { buffer: arena, offset, size: Math.max(4, bytes.length) };
  };
  const pipelineOf = <V extends string, B extends string>(kernel: Kernel<V, B>): Pipeline => {
    const known = pipelines.get(kernel) ?? compiled(device, kernel);
    pipelines.set(kernel, known);
    return known;
  };
  const filled = (numbers: HostArray | Uint8Array): GpuMemory => {
    const lent = memory.lend(numbers.byteLength);
    // What was recorded may still read what lies there; writing waits for what was handed over, and for nothing else.
    flush();
    device.queue.writeBuffer(lent.buffer, 0, ownBytes(numbers));
    return lent;
  };

  return {
    memory,
    lend: (numbers) => memory.lend(4 * numbers),
    filled,
    zeroed(numbers) {
      const lent = memory.lend(4 * numbers);
      endPass();
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
      const small = bound.reduce((sum, of) => sum + (isHostArray(of) ? aligned(of.byteLength) : 0), ALIGNMENT);
      if (filledTo + small > ARENA || recorded >= MOST_RECORDED) flush();
      const resources = [
        stage(packed(kernel.values, values)),
        ...bound.map((of) =>
          isHostArray(of) ? stage(bytesOf(of)) : { buffer: of.buffer, size: Math.max(4, 4 * Math.ceil(of.bytes / 4)) },
        ),
      ];
      const { pipeline, layout } = pipelineOf(kernel);
      const group = device.createBindGroup({
        layout,
        entries: resources.map((resource, binding) => ({ binding, resource })),
      });
      pass ??= recording().beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      const [across = 1, down = 1, deep = 1] = [0, 1, 2].map((k) =>
        Math.ceil((threads[k] ?? 1) / (kernel.group[k] ?? 1)),
      );
      pass.dispatchWorkgroups(across, down, deep);
      recorded += 1;
      for (const lent of large) lent[Symbol.dispose]();
    },
    copy(from, to, part) {
      endPass();
      recording().copyBufferToBuffer(from.buffer, 4 * part.from, to.buffer, 4 * part.to, 4 * part.count);
    },
    async read(memories) {
      if (isClosed) throw new GpuError('lost', 'The device was closed while something was computed on it.');
      const starts: number[] = [];
      let bytes = 0;
      for (const of of memories) {
        starts.push(bytes);
        bytes += 4 * Math.ceil(of.bytes / 4);
      }
      const size = 2 ** Math.ceil(Math.log2(Math.max(ALIGNMENT, bytes)));
      const into =
        spareReads.get(size)?.pop() ??
        device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
      endPass();
      memories.forEach((of, k) => {
        recording().copyBufferToBuffer(of.buffer, 0, into, starts[k], 4 * Math.ceil(of.bytes / 4));
      });
      flush();
      const mapping = into.mapAsync(GPUMapMode.READ, 0, size);
      reads.add(mapping);
      try {
        await Promise.race([mapping, gpu.lost]);
      } catch (cause) {
        throw gpu.fault() ?? new GpuError('lost', 'The device did not answer.', { cause });
      } finally {
        reads.delete(mapping);
      }
      const fault = gpu.fault();
      if (fault) throw fault;
      // A mapped range belongs to the device, and must not leave here.
      const mapped = into.getMappedRange();
      const answers = memories.map((of, k) => mapped.slice(starts[k], starts[k] + of.bytes));
      into.unmap();
      spareReads.set(size, [...(spareReads.get(size) ?? []), into]);
      return answers;
    },
    async close() {
      isClosed = true;
      // A thread that ends while a read is under way takes the whole process with it.
      await Promise.allSettled(reads);
      for (const buffers of spareReads.values()) for (const buffer of buffers) buffer.destroy();
      memory.close();
      arena.destroy();
      gpu.close();
    },
  };
}

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

function compiled<V extends string, B extends string>(device: GPUDevice, kernel: Kernel<V, B>): Pipeline {
  const { name, code, buffers } = kernel;
  const layout = device.createBindGroupLayout({
    label: name,
    entries: [
      { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } },
      ...buffers.map(({ writes }, k) => ({
        binding: k + 1,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: writes ? ('storage' as const) : ('read-only-storage' as const) },
      })),
    ],
  });
  const pipeline = device.createComputePipeline({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: name, code }) },
  });
  return { pipeline, layout };
}

/** Values as they lie in the uniform: 4 bytes each, at least 16 together. */
function packed<V extends string>(
  types: readonly (readonly [name: V, type: Scalar])[],
  values: Readonly<Record<V, number>>,
): Uint8Array {
  const bytes = new Uint8Array(16 * Math.max(1, Math.ceil(types.length / 4)));
  const view = new DataView(bytes.buffer);
  types.forEach(([name, type], k) => {
    if (type === 'f32') view.setFloat32(4 * k, values[name], true);
    else if (type === 'i32') view.setInt32(4 * k, values[name], true);
    else view.setUint32(4 * k, values[name], true);
  });
  return bytes;
}

function isHostArray(of: GpuMemory | HostArray): of is HostArray {
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

function aligned(bytes: number): number {
  return ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
}
