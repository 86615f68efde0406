import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openFloatPool } from '../../../src/compute/cpu/float-pool.ts';
import { threadHeap, type WasmHeap } from '../../../src/compute/cpu/wasm-heap.ts';
import { mulberry32 } from '../../motion/texture.ts';

describe('memory that loops in WebAssembly reach', () => {
  it('stays as long as it is while 300 faces of different sizes come and go', () => {
    const heap = threadHeap() as WasmHeap;
    const pool = openFloatPool(heap);
    const random = mulberry32(1);
    const side = () => 60 + Math.floor(340 * random());
    const lengths: number[] = [];
    for (let face = 0; face < 300; face++) {
      const [width, height] = [side(), side()];
      const area = width * height;
      const lent = [3 * area, area, 4 * (width + height), 3 * 256 ** 2, 256 ** 2, area >> 2, area >> 1].map(pool.lend);
      lent.sort(() => random() - 0.5);
      pool.giveBack(...lent);
      lengths.push(endOf(heap));
    }
    // The largest of the first hundred are nearly as large as any.
    expect(lengths.at(-1)).toBeLessThanOrEqual(1.25 * (lengths[100] as number));
    expect(lengths.at(-1)).toBeLessThan(2.5 * 4 * (4.75 * 400 ** 2 + 4 * 256 ** 2));
  });

  it('lends no place twice, and joins what is freed', () => {
    const heap = threadHeap() as WasmHeap;
    const large = 2 ** 20;
    heap.free(heap.lend(large) as Float32Array);
    const end = endOf(heap);
    const random = mulberry32(2);
    const lent = new Map<Float32Array, number>();
    for (let turn = 0; turn < 3000; turn++) {
      const [first] = lent.keys();
      if (first && random() < 0.5) {
        const mark = lent.get(first) as number;
        expect(first[0] === mark && first.at(-1) === mark).toBe(true);
        // What is freed already stays so.
        for (let k = 0; k < 2; k++) heap.free(first);
        lent.delete(first);
      } else {
        const array = heap.lend(1 + Math.floor(5000 * random())) as Float32Array;
        lent.set(array.fill(turn), turn);
      }
    }
    for (const array of lent.keys()) heap.free(array);
    heap.free(heap.lend(large) as Float32Array);
    expect(endOf(heap)).toBe(end);
  });
});

describe('a processor without such memory', () => {
  const BUILT = new URL('../../../dist/src/compute/cpu/float-pool.js', import.meta.url).href;
  const PROGRAM = `
    const { openFloatPool } = await import(${JSON.stringify(BUILT)});
    const pool = openFloatPool();
    const [a, out] = [pool.copied([2, 3]), pool.lend(2)];
    pool.loops.product(a, a, out, 2);
    process.stdout.write(JSON.stringify([...out, a.buffer instanceof SharedArrayBuffer]));`;
  const told = (file: string, args: readonly string[]) =>
    JSON.parse(execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));

  it('computes in TypeScript where the engine has no WebAssembly', () => {
    const program = ['--input-type=module', '--eval', PROGRAM];
    expect(told(process.execPath, program)).toEqual([4, 9, true]);
    expect(told(process.execPath, ['--jitless', ...program])).toEqual([4, 9, false]);
  });

  it.runIf(process.platform === 'linux')('computes in TypeScript where addresses are bounded', () => {
    const bounded = `ulimit -v 8000000; exec "$0" --input-type=module --eval "$1"`;
    expect(told('sh', ['-c', bounded, process.execPath, PROGRAM])).toEqual([4, 9, false]);
  });
});

/** Bytes of the memory as it is now. */
function endOf(heap: WasmHeap): number {
  const probe = heap.lend(1) as Float32Array;
  heap.free(probe);
  return probe.buffer.byteLength;
}
