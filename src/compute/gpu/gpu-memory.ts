/** A part of the device's memory, lent. Closed by whoever asked for it; what was recorded before that still finds it. */
export interface GpuMemory extends Disposable {
  readonly buffer: GPUBuffer;
  /** Bytes that were asked for. */
  readonly bytes: number;
}

/** Where kernels take the device's memory from, and where it comes back to. */
export interface MemoryPool {
  /** Memory of `bytes`, its content what it was. */
  lend(bytes: number): GpuMemory;
  /**
   * Drops what lies unused beyond the most that was lent at once. To be called when everything recorded was handed to the device: a
   * buffer that is named in what is still to be handed over must not go.
   */
  trim(): void;
  /** Bytes that are lent, and the most that were at once. */
  readonly lent: () => number;
  readonly most: () => number;
  close(): void;
}

/** Buffers are so long that many sizes share them, bytes. */
const GRAIN = 256;

/**
 * The device carries out what is recorded in order, so that memory may be lent again as soon as it was given back: whatever still reads it
 * comes before whatever is recorded next.
 */
export function openMemoryPool(device: GPUDevice): MemoryPool {
  const spare = new Map<number, GPUBuffer[]>();
  let lent = 0;
  let unused = 0;
  let most = 0;
  const excess = () => lent + unused > most;
  const taken = (size: number): GPUBuffer => {
    const known = spare.get(size)?.pop();
    if (known) unused -= size;
    return (
      known ??
      device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
    );
  };
  return {
    lend(bytes) {
      const size = GRAIN * Math.max(1, Math.ceil(bytes / GRAIN));
      const buffer = taken(size);
      lent += size;
      most = Math.max(most, lent);
      let isOpen = true;
      return {
        buffer,
        bytes,
        [Symbol.dispose]() {
          if (!isOpen) return;
          isOpen = false;
          lent -= size;
          unused += size;
          const others = spare.get(size);
          if (others) others.push(buffer);
          else spare.set(size, [buffer]);
        },
      };
    },
    trim() {
      for (const [size, buffers] of spare) {
        for (let buffer = excess() ? buffers.pop() : undefined; buffer; buffer = excess() ? buffers.pop() : undefined) {
          buffer.destroy();
          unused -= size;
        }
        if (buffers.length === 0) spare.delete(size);
        if (!excess()) return;
      }
    },
    lent: () => lent,
    most: () => most,
    close() {
      for (const buffers of spare.values()) for (const buffer of buffers) buffer.destroy();
      spare.clear();
    },
  };
}
