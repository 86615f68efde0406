import { type Loops, PLAIN_LOOPS } from './loops/loops.ts';
import { threadHeap, type WasmHeap } from './wasm-heap.ts';

/** Where kernels take memory from, and where it comes back to: what is computed every frame need not be allocated every frame. */
export interface FloatPool {
  /** Loops over samples; over those that this pool has lent they are several times as fast. */
  readonly loops: Loops;
  /** `Float32Array` of `length`, its content what it was. */
  lend(length: number): Float32Array;
  /** The same, all 0. */
  zeroed(length: number): Float32Array;
  /** A copy that the pool lends. */
  copied(samples: ArrayLike<number>): Float32Array;
  /** To be called when nobody looks at it any more. */
  giveBack(...lent: Float32Array[]): void;
}

/** New memory each time, and back to the engine: for what is computed once. */
export const FRESH: FloatPool = {
  loops: PLAIN_LOOPS,
  lend: (length) => new Float32Array(length),
  zeroed: (length) => new Float32Array(length),
  copied: (samples) => Float32Array.from(samples),
  giveBack() {},
};

/**
 * How much a pool holds, of what was lent at once. With nothing to spare, a length that is wanted once a frame drives out others that are wanted
 * in the next: half more takes a sixth off the time of a face with stills.
 */
const HELD = 1.5;

/**
 * A pool for one thread. Where another length is wanted than those it holds, and it holds enough, what lies unused longest goes.
 *
 * @param heap where its memory comes from; null: from the engine, and loops are those in TypeScript
 */
export function openFloatPool(heap: WasmHeap | null = threadHeap()): FloatPool {
  const spare: Float32Array[] = [];
  let lent = 0;
  let unused = 0;
  let most = 0;
  const count = (length: number) => {
    lent += length;
    most = Math.max(most, lent);
    while (unused > 0 && lent + unused > HELD * most) {
      const [oldest] = spare.splice(0, 1);
      unused -= oldest.length;
      heap?.free(oldest);
    }
  };
  const lend = (length: number): Float32Array => {
    for (let k = spare.length - 1; k >= 0; k--) {
      const buffer = spare[k];
      if (buffer.length !== length) continue;
      spare.splice(k, 1);
      unused -= length;
      count(length);
      return buffer;
    }
    count(length);
    return heap?.lend(length) ?? new Float32Array(length);
  };
  return {
    loops: heap?.loops ?? PLAIN_LOOPS,
    lend,
    zeroed: (length) => lend(length).fill(0),
    copied(samples) {
      const copy = lend(samples.length);
      copy.set(samples);
      return copy;
    },
    giveBack(...samples) {
      for (const buffer of samples) {
        lent -= buffer.length;
        unused += buffer.length;
        spare.push(buffer);
      }
    },
  };
}
