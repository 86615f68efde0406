import { describe, expect, it } from 'vitest';
import { openFloatPool } from '../../../src/compute/cpu/float-pool.ts';
import { type Loops, PLAIN_LOOPS } from '../../../src/compute/cpu/loops/loops.ts';
import { openWasmLoops } from '../../../src/compute/cpu/loops/wasm-loops.ts';
import { threadHeap } from '../../../src/compute/cpu/wasm-heap.ts';
import { LOOP_CASES, type LoopArgument } from './loop-cases.ts';

const opened = openWasmLoops();
opened?.grow(7);

describe('a loop in WebAssembly', () => {
  it('was built', () => {
    expect(threadHeap(), 'Run `npm run build`, which compiles them.').not.toBeNull();
  });

  it.each(LOOP_CASES)('gives the bits of its twin: $loop, $input', ({ loop, drawn, answers }) => {
    const [before, plain, fast] = [drawn(), drawn(), drawn().map(inPool)];
    run(PLAIN_LOOPS, loop, plain);
    run(openFloatPool().loops, loop, fast);
    for (const k of answers) {
      expect(bitsOf(fast[k] as Float32Array)).toEqual(bitsOf(plain[k] as Float32Array));
      expect(plain[k]).not.toEqual(before[k]);
    }
  });

  it.each(LOOP_CASES)('reads 15 floats beyond an array at most: $loop, $input', ({ loop, drawn }) => {
    const { loops, buffer } = opened as NonNullable<typeof opened>;
    const args = drawn();
    for (const last of args) if (typeof last !== 'number') run(loops, loop, args.map(atEnd(buffer(), last)));
  });

  it('has a case for each', () => {
    const asked = new Set<string>(LOOP_CASES.map(({ loop }) => loop));
    expect(Object.keys(PLAIN_LOOPS).filter((name) => !asked.has(name))).toEqual([]);
  });

  it('takes arrays that its pool has not lent too', () => {
    const [a, out] = [Float32Array.of(2, 3), new Float32Array(2)];
    openFloatPool().loops.product(a, a, out, 2);
    expect([...out]).toEqual([4, 9]);
  });
});

function run(loops: Loops, loop: keyof Loops, args: readonly LoopArgument[]): void {
  (loops[loop] as (...of: LoopArgument[]) => void)(...args);
}

function inPool(of: LoopArgument): LoopArgument {
  if (typeof of === 'number') return of;
  const lent = openFloatPool().lend(of.length);
  const view = of instanceof Int32Array ? new Int32Array(lent.buffer, lent.byteOffset, lent.length) : lent;
  view.set(of);
  return view;
}

/** Places arrays in memory so that only 15 floats follow the one that is to be the last. */
function atEnd(all: ArrayBufferLike, last: LoopArgument): (of: LoopArgument) => LoopArgument {
  let at = 1024;
  return (of) => {
    if (typeof of === 'number') return of;
    const place = of === last ? all.byteLength - 4 * (of.length + 15) : at;
    if (of !== last) at += 4 * (of.length + 16);
    const view =
      of instanceof Int32Array ? new Int32Array(all, place, of.length) : new Float32Array(all, place, of.length);
    view.set(of);
    return view;
  };
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): readonly number[] {
  return [...new Int32Array(buffer, byteOffset, length)];
}
