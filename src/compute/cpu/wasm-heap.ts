import type { Loops } from './loops/loops.ts';
import { openWasmLoops } from './loops/wasm-loops.ts';

/**
 * Memory that loops in WebAssembly reach; one serves a thread, whose pools all take from it. It is shared memory, which other threads must not
 * be handed: posting an array of it copies nothing.
 */
export interface WasmHeap {
  readonly loops: Loops;
  /**
   * `Float32Array` of `length`, its content what it was; null where no memory is left. What nobody frees comes back when it is collected: a part
   * of it (`subarray`) does not keep it.
   */
  lend(length: number): Float32Array | null;
  free(lent: Float32Array): void;
}

/** A block of bytes. */
interface Block {
  at: number;
  bytes: number;
}

const PAGE = 65_536;
/** Vectors read beyond the end of what they are given, by up to 15 floats. */
const BEHIND = 64;
const ALIGNED = 16;
/** Where the loops' own constants end. */
const FIRST = 1024;
/** The least that memory grows by: a plane of 512² is 1 MB. */
const LEAST_GROWTH = 4 * 1024 * 1024;

let heap: WasmHeap | null | undefined;

/** This thread's; null where loops in WebAssembly cannot be had. */
export function threadHeap(): WasmHeap | null {
  if (heap === undefined) heap = openHeap();
  return heap;
}

function openHeap(): WasmHeap | null {
  const opened = openWasmLoops();
  if (!opened) return null;
  const { loops, buffer, grow } = opened;
  /** What is free, by address; no two of them touch. */
  const free: Block[] = [{ at: FIRST, bytes: buffer().byteLength - FIRST }];
  const lent = new WeakMap<Float32Array, Block>();
  const collected = new FinalizationRegistry<Block>(release);

  function release({ at, bytes }: Block): void {
    let k = free.findIndex((block) => block.at > at);
    if (k < 0) k = free.length;
    const [before, after] = [free[k - 1], free[k]];
    const touchesAfter = after !== undefined && at + bytes === after.at;
    const whole = { at, bytes: touchesAfter ? bytes + after.bytes : bytes };
    free.splice(k, touchesAfter ? 1 : 0, whole);
    if (before === undefined || before.at + before.bytes !== at) return;
    before.bytes += whole.bytes;
    free.splice(k, 1);
  }

  /** The first block that is large enough, cut to size. */
  function take(bytes: number): number | null {
    const k = free.findIndex((block) => block.bytes >= bytes);
    const block = free[k];
    if (!block) return null;
    const { at } = block;
    if (block.bytes === bytes) free.splice(k, 1);
    else {
      block.at += bytes;
      block.bytes -= bytes;
    }
    return at;
  }

  /** Grows by what a block at the end lacks of `bytes`. */
  function enlarge(bytes: number): boolean {
    const end = buffer().byteLength;
    const last = free.at(-1);
    const there = last && last.at + last.bytes === end ? last.bytes : 0;
    try {
      grow(Math.ceil(Math.max(bytes - there, LEAST_GROWTH) / PAGE));
    } catch {
      return false;
    }
    release({ at: end, bytes: buffer().byteLength - end });
    return true;
  }

  return {
    loops,
    lend(length) {
      const bytes = Math.ceil((4 * length + BEHIND) / ALIGNED) * ALIGNED;
      const at = take(bytes) ?? (enlarge(bytes) ? take(bytes) : null);
      if (at === null) return null;
      const array = new Float32Array(buffer(), at, length);
      lent.set(array, { at, bytes });
      collected.register(array, { at, bytes }, array);
      return array;
    },
    free(array) {
      const block = lent.get(array);
      if (!block) return;
      lent.delete(array);
      collected.unregister(array);
      release(block);
    },
  };
}
