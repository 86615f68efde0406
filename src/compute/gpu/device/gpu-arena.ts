import type { Scalar } from './kernel.ts';

/** Small numbers that the host hands over with a dispatch. */
export type HostArray = Float32Array | Uint32Array | Int32Array;

/** The memory by which values and small arrays travel to the device, together with the dispatches that they belong to. */
export interface Arena {
  readonly buffer: GPUBuffer;
  /** Whether an array is small enough to travel so. */
  takes(of: HostArray): boolean;
  /** Whether the arrays, and as many values, still have room. */
  hasRoom(values: number, arrays: readonly HostArray[]): boolean;
  /** Puts an array in; bytes from the buffer's begin. */
  put(of: HostArray): number;
  /** The same with a kernel's values, 4 bytes each, and whole numbers behind them. */
  putValues<V extends string>(
    types: readonly (readonly [name: V, type: Scalar])[],
    values: Readonly<Record<V, number>>,
    behind: readonly number[],
  ): number;
  /** Hands over what was put in, before the dispatches that read it are; the arena is empty then. */
  handOver(): void;
  close(): void;
}

/** Bytes of the arena, and what an array in it may have at most. */
const ARENA = 1 << 20;
export const LARGEST_ARRAY = 1 << 16;
/** Alignment of what is bound within a buffer, bytes: the default limit, which every adapter has. */
const ALIGNMENT = 256;

export function openArena(device: GPUDevice): Arena {
  const buffer = device.createBuffer({
    // An array is bound by the most that it may have, whatever its place.
    size: ARENA + LARGEST_ARRAY,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  const content = new ArrayBuffer(ARENA);
  const bytes = new Uint8Array(content);
  const view = new DataView(content);
  let filledTo = 0;
  return {
    buffer,
    takes: (of) => of.byteLength <= LARGEST_ARRAY,
    hasRoom(values, arrays) {
      const wanted = arrays.reduce((sum, of) => sum + aligned(of.byteLength), aligned(valueBytes(values)));
      return filledTo + wanted <= ARENA;
    },
    put(of) {
      const offset = filledTo;
      bytes.set(new Uint8Array(of.buffer, of.byteOffset, of.byteLength), offset);
      filledTo = aligned(offset + of.byteLength);
      return offset;
    },
    putValues(types, values, behind) {
      const offset = filledTo;
      let at = offset;
      for (const [name, type] of types) {
        if (type === 'f32') view.setFloat32(at, values[name], true);
        else if (type === 'i32') view.setInt32(at, values[name], true);
        else view.setUint32(at, values[name], true);
        at += 4;
      }
      for (const [k, count] of behind.entries()) view.setUint32(at + 4 * k, count, true);
      filledTo = aligned(offset + valueBytes(types.length + behind.length));
      return offset;
    },
    handOver() {
      if (filledTo > 0) device.queue.writeBuffer(buffer, 0, content, 0, filledTo);
      filledTo = 0;
    },
    close: () => buffer.destroy(),
  };
}

/** Bytes of so many values: at least 16. */
export function valueBytes(count: number): number {
  return 16 * Math.max(1, Math.ceil(count / 4));
}

function aligned(bytes: number): number {
  return ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
}
