/** A part of the device's memory, lent. Closed by whoever asked for it; what was recorded before that still finds it. */
export interface GpuMemory extends Disposable {
  readonly buffer: GPUBuffer;
  /** Bytes that were asked for. */
  readonly bytes: number;
  /** Tells its buffer from all others of the device. */
  readonly id: number;
}

/** Where kernels take the device's memory from, and where it comes back to. */
export interface MemoryPool {
  /** Memory of `bytes`, its content what it was. @param suits which buffers will do, by their ids; default all */
  lend(bytes: number, suits?: (id: number) => boolean): GpuMemory;
  /**
   * Drops what lies unused beyond as much as was ever lent at once. To be called when everything recorded was handed to the device: a
   * buffer that is named in what is still to be handed over must not go.
   */
  trim(): void;
  /** Bytes that are lent, and the most that were at once. */
  readonly lent: number;
  readonly most: number;
  close(): void;
}

interface Buffer {
  readonly buffer: GPUBuffer;
  readonly id: number;
}

/** Bytes of the shortest buffer. */
const SHORTEST = 256;

/**
 * The device carries out what is recorded in order, so that memory may be lent again as soon as it was given back: whatever still reads it
 * comes before whatever is recorded next.
 */
export function openMemoryPool(device: GPUDevice): MemoryPool {
  const spare = new Map<number, Buffer[]>();
  let made = 0;
  let lent = 0;
  let unused = 0;
  let most = 0;
  const excess = () => unused > most;
  const taken = (size: number, suits: (id: number) => boolean): Buffer => {
    const others = spare.get(size) ?? [];
    const at = others.findLastIndex(({ id }) => suits(id));
    const [known] = at < 0 ? [] : others.splice(at, 1);
    if (known) {
      unused -= size;
      return known;
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return { buffer: device.createBuffer({ size, usage }), id: ++made };
  };
  /** The buffer made first is lent first: the same kernel then meets the same buffers again, and what it was bound to. */
  const keep = (size: number, own: Buffer): void => {
    const others = spare.get(size) ?? [];
    spare.set(size, others);
    let at = others.length;
    while (at > 0 && (others[at - 1] as Buffer).id < own.id) at -= 1;
    others.splice(at, 0, own);
  };
  return {
    lend(bytes, suits = () => true) {
      const size = bufferSize(bytes);
      const own = taken(size, suits);
      lent += size;
      most = Math.max(most, lent);
      let isOpen = true;
      return {
        ...own,
        bytes,
        [Symbol.dispose]() {
          if (!isOpen) return;
          isOpen = false;
          lent -= size;
          unused += size;
          keep(size, own);
        },
      };
    },
    trim() {
      for (const [size, buffers] of spare) {
        for (let buffer = excess() ? buffers.pop() : undefined; buffer; buffer = excess() ? buffers.pop() : undefined) {
          buffer.buffer.destroy();
          unused -= size;
        }
        if (buffers.length === 0) spare.delete(size);
        if (!excess()) return;
      }
    },
    get lent() {
      return lent;
    },
    get most() {
      return most;
    },
    close() {
      for (const { buffer } of [...spare.values()].flat()) buffer.destroy();
      spare.clear();
    },
  };
}

/** Bytes of the buffer that so many lie in: a power of 2 or one of three steps between two, so that many sizes share few buffers. */
function bufferSize(bytes: number): number {
  const power = 2 ** Math.floor(Math.log2(Math.max(SHORTEST, bytes)));
  const step = Math.max(SHORTEST, power / 4);
  return Math.max(SHORTEST, step * Math.ceil(bytes / step));
}
