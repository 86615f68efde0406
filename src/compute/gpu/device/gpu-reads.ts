import type { GpuDevice } from './gpu-device.ts';
import { GpuError } from './gpu-error.ts';
import type { GpuMemory } from './gpu-memory.ts';

/** Copies what is asked for to the host. What is asked for in one moment is answered together. */
export interface Reads {
  /** The content of each, as it is when what was recorded before is done. */
  read(memories: readonly GpuMemory[]): Promise<readonly ArrayBuffer[]>;
  /** Waits until nothing is under way, and closes. */
  close(): Promise<void>;
}

/** What reads are recorded by. */
export interface Recorder {
  /** Records a copy of whole numbers of 4 bytes, from a memory's begin. */
  copyTo(into: GPUBuffer, of: GpuMemory, start: number, bytes: number): void;
  /** Sets the device to work on all that was recorded. */
  handOver(): void;
}

/** Bytes of a buffer by which reads travel, if no more are asked for at once. */
const BUFFER = 1 << 22;

/** What is answered together. */
interface Batch {
  readonly into: GPUBuffer;
  used: number;
  readonly requests: {
    readonly parts: readonly { readonly start: number; readonly bytes: number }[];
    readonly resolve: (answers: readonly ArrayBuffer[]) => void;
    readonly reject: (fault: unknown) => void;
  }[];
}

export function openReads({ device, lost, fault }: GpuDevice, recorder: Recorder): Reads {
  const spare: GPUBuffer[] = [];
  const underWay = new Set<Promise<unknown>>();
  let open: Batch | null = null;

  /** The batch of this moment, with room for so many bytes more. */
  const batchFor = (bytes: number): Batch => {
    if (open && open.used + bytes <= open.into.size) return open;
    if (open) finish(open);
    const into =
      (bytes <= BUFFER ? spare.pop() : undefined) ??
      device.createBuffer({
        size: Math.max(BUFFER, wholeWords(bytes)),
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
    const batch: Batch = { into, used: 0, requests: [] };
    open = batch;
    // Whoever waits for the same answer goes on in the same moment, and mostly reads next.
    queueMicrotask(() => {
      if (open === batch) finish(batch);
    });
    return batch;
  };
  const finish = (batch: Batch): void => {
    open = null;
    const answered = answer(batch).catch((cause: unknown) => {
      const found = fault() ?? new GpuError('lost', 'The device did not answer.', { cause });
      for (const { reject } of batch.requests) reject(found);
    });
    track(answered);
  };
  const track = (promise: Promise<unknown>): void => {
    underWay.add(promise);
    const settled = () => underWay.delete(promise);
    promise.then(settled, settled);
  };
  /** Maps a buffer. A lost device is told of before its maps are, and those must have settled too before the thread may end. */
  const mapped = async (into: GPUBuffer, bytes: number): Promise<ArrayBuffer> => {
    const mapping = into.mapAsync(GPUMapMode.READ, 0, bytes);
    track(mapping);
    try {
      await Promise.race([mapping, lost]);
      const found = fault();
      if (found) throw found;
    } catch (error) {
      mapping.finally(() => into.destroy()).catch(() => {});
      throw error;
    }
    return into.getMappedRange(0, bytes);
  };
  /** Hands over what was recorded, and answers what was asked for. */
  const answer = async ({ into, used, requests }: Batch): Promise<void> => {
    recorder.handOver();
    const range = await mapped(into, 8 * Math.ceil(used / 8));
    // A mapped range belongs to the device, and must not leave here.
    const answers = requests.map(({ parts }) => parts.map(({ start, bytes }) => range.slice(start, start + bytes)));
    into.unmap();
    if (into.size === BUFFER) spare.push(into);
    else into.destroy();
    requests.forEach(({ resolve }, k) => {
      resolve(answers[k]);
    });
  };

  return {
    read(memories) {
      const batch = batchFor(memories.reduce((sum, of) => sum + wholeWords(of.bytes), 0));
      const parts = memories.map((of) => {
        const start = batch.used;
        batch.used += wholeWords(of.bytes);
        recorder.copyTo(batch.into, of, start, wholeWords(of.bytes));
        return { start, bytes: of.bytes };
      });
      return new Promise((resolve, reject) => {
        batch.requests.push({ parts, resolve, reject });
      });
    },
    async close() {
      if (open) finish(open);
      // A thread that ends while a map is under way takes the whole process with it.
      while (underWay.size > 0) await Promise.allSettled(underWay);
      for (const buffer of spare) buffer.destroy();
    },
  };
}

/** Bytes of whole numbers of 4 bytes that hold so many. */
function wholeWords(bytes: number): number {
  return 4 * Math.ceil(bytes / 4);
}
