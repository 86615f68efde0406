import { type HostArray, openArena } from './gpu-arena.ts';
import type { GpuDevice } from './gpu-device.ts';
import { GpuError } from './gpu-error.ts';
import { type GpuMemory, type MemoryPool, openMemoryPool } from './gpu-memory.ts';
import { isHostArray, openPipelines } from './gpu-pipelines.ts';
import { openReads } from './gpu-reads.ts';
import { gridOf, type Kernel, type Threads } from './kernel.ts';

export interface Dispatch<V extends string, B extends string> {
  readonly values: Readonly<Record<V, number>>;
  /** What each array of the kernel lies in. */
  readonly buffers: Readonly<Record<B, GpuMemory | HostArray>>;
  /** The grid: across, down, in depth. */
  readonly threads: Threads;
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

/** Dispatches that are recorded before the device is set to work. */
const MOST_RECORDED = 96;

export function openGpuQueue(gpu: GpuDevice): GpuQueue {
  const { device } = gpu;
  const memory = openMemoryPool(device);
  const arena = openArena(device);
  const pipelines = openPipelines(device, arena);
  /** Buffers that are named in what was recorded and not yet handed over. */
  const named = new Set<number>();
  let recorded = 0;
  let isClosed = false;
  let encoder: GPUCommandEncoder | null = null;
  let pass: GPUComputePassEncoder | null = null;

  const recording = (): GPUCommandEncoder => {
    encoder ??= device.createCommandEncoder();
    return encoder;
  };
  /** The encoder between two passes, for what is no dispatch. */
  const betweenPasses = (): GPUCommandEncoder => {
    pass?.end();
    pass = null;
    return recording();
  };
  const handOver = (): void => {
    if (!encoder) return;
    const commands = betweenPasses().finish();
    arena.handOver();
    device.queue.submit([commands]);
    encoder = null;
    recorded = 0;
    named.clear();
    memory.trim();
  };
  const reads = openReads(gpu, {
    copyTo(into, of, start, bytes) {
      named.add(of.id);
      betweenPasses().copyBufferToBuffer(of.buffer, 0, into, start, bytes);
    },
    handOver,
  });
  const filled = (numbers: HostArray | Uint8Array): GpuMemory => {
    // Writing comes before what is recorded and not yet handed over: a buffer that is named there will not do.
    const lent = memory.lend(numbers.byteLength, (id) => !named.has(id));
    device.queue.writeBuffer(lent.buffer, 0, ownBytes(numbers));
    return lent;
  };

  return {
    memory,
    lend: (numbers) => memory.lend(4 * numbers),
    filled,
    zeroed(numbers) {
      const lent = memory.lend(4 * numbers);
      named.add(lent.id);
      betweenPasses().clearBuffer(lent.buffer, 0, 4 * numbers);
      return lent;
    },
    run(kernel, { values, buffers, threads }) {
      const large: GpuMemory[] = [];
      const bound = kernel.buffers.map(({ name }) => {
        const of = buffers[name];
        if (!isHostArray(of) || arena.takes(of)) return of;
        const lent = filled(of);
        large.push(lent);
        return lent;
      });
      const { groups, fold } = gridOf(threads, kernel.group);
      const count = kernel.values.length + (fold?.length ?? 0);
      if (!arena.hasRoom(count, bound.filter(isHostArray)) || recorded >= MOST_RECORDED) handOver();
      const offset = arena.putValues(kernel.values, values, fold ?? []);
      const { pipeline, group, offsets } = pipelines.bind(kernel, { offset, count, isFolded: fold !== null }, bound);
      for (const of of bound) if (!isHostArray(of)) named.add(of.id);
      pass ??= recording().beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group, offsets);
      pass.dispatchWorkgroups(...groups);
      recorded += 1;
      for (const lent of large) lent[Symbol.dispose]();
    },
    copy(from, to, part) {
      named.add(from.id).add(to.id);
      betweenPasses().copyBufferToBuffer(from.buffer, 4 * part.from, to.buffer, 4 * part.to, 4 * part.count);
    },
    async read(memories) {
      if (isClosed) throw new GpuError('lost', 'The device was closed while something was computed on it.');
      return await reads.read(memories);
    },
    async close() {
      isClosed = true;
      await reads.close();
      memory.close();
      arena.close();
      gpu.close();
    },
  };
}

/** Bytes in memory of this thread, whole numbers of 4: the package reads no shared memory, and would end the process. */
function ownBytes(of: HostArray | Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(of.buffer, of.byteOffset, of.byteLength);
  if (bytes.length % 4 === 0 && bytes.buffer instanceof ArrayBuffer) return bytes as Uint8Array<ArrayBuffer>;
  const own = new Uint8Array(4 * Math.ceil(bytes.length / 4));
  own.set(bytes);
  return own;
}
