import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuQueue } from '../../../src/compute/gpu/device/gpu-queue.ts';
import { kernel } from '../../../src/compute/gpu/device/kernel.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestQueue } from './test-gpu.ts';

/** Writes where it stands: one thread a workgroup, so that a grid has as many workgroups as threads. */
const STAND = kernel({
  name: 'stand',
  values: { across: 'u32', down: 'u32', added: 'f32' },
  writes: { out: 'f32' },
  group: [1],
  main: 'out[(at.z * v.down + at.y) * v.across + at.x] = f32(at.x + 100000u * at.y + 1000000u * group.z) + v.added;',
});

/** Adds what lies in several arrays of the host. */
const ADD = kernel({
  name: 'add',
  values: { count: 'u32' },
  reads: { a: 'f32', b: 'f32', c: 'f32', d: 'f32', e: 'f32', f: 'f32' },
  writes: { out: 'f32' },
  group: [64],
  main: `
  if (at.x >= v.count) { return; }
  out[at.x] = a[at.x] + b[at.x] + c[at.x] + d[at.x] + e[at.x] + f[at.x];
`,
});

describe.skipIf(!gpuIsWanted)(`the queue${GPU_SKIPPED}`, () => {
  let queue: GpuQueue;
  beforeAll(async () => {
    queue = await openTestQueue();
  });
  afterAll(() => queue.close());

  const numbersIn = async (memory: Parameters<GpuQueue['read']>[0][number]) =>
    new Float32Array((await queue.read([memory]))[0] as ArrayBuffer);

  it.each([
    ['that a device takes as it is', 300, 2, 3],
    ['with more workgroups in a direction than a device takes', 70_001, 2, 3],
  ])('reaches every thread of a grid %s', async (_, across, down, deep) => {
    using out = queue.lend(across * down * deep);
    queue.run(STAND, { values: { across, down, added: 0.5 }, buffers: { out }, threads: [across, down, deep] });
    const found = await numbersIn(out);
    const wrong = found.findIndex((value, i) => {
      const [x, y, z] = [i % across, Math.floor(i / across) % down, Math.floor(i / (across * down))];
      return value !== Math.fround(x + 100_000 * y + 1_000_000 * z + 0.5);
    });
    expect(wrong).toBe(-1);
  });

  it('binds more arrays of the host than may move, large ones too, whatever was bound before', async () => {
    for (const count of [3, 100, 20_000, 3]) {
      const arrays = [1, 2, 3, 4, 5, 6].map((k) => new Float32Array(count).fill(k + count));
      const [a, b, c, d, e, f] = arrays as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      using out = queue.lend(count);
      const buffers = { a, b, c, d, e, f, out };
      queue.run(ADD, { values: { count }, buffers, threads: [count] });
      expect(new Set(await numbersIn(out))).toEqual(new Set([21 + 6 * count]));
    }
  });

  it('answers each of several reads of one moment by itself, however large', async () => {
    const sizes = [1, 1_500_000, 7, 1_200_000, 3];
    const memories = sizes.map((size, k) => queue.filled(new Float32Array(size).fill(k)));
    const found = await Promise.all(memories.map(numbersIn));
    for (const memory of memories) memory[Symbol.dispose]();
    expect(found.map(({ length }) => length)).toEqual(sizes);
    expect(found.map((numbers) => [...new Set(numbers)])).toEqual(sizes.map((_, k) => [k]));
  });

  it('keeps what was recorded from what is uploaded after it into memory that was given back', async () => {
    const results = [];
    for (let k = 0; k < 4; k++) {
      using out = queue.lend(64);
      using given = queue.filled(new Float32Array(64).fill(k));
      const rest = new Float32Array(64);
      queue.run(ADD, {
        values: { count: 64 },
        buffers: { a: given, b: rest, c: rest, d: rest, e: rest, f: rest, out },
        threads: [64],
      });
      results.push(numbersIn(out));
    }
    expect((await Promise.all(results)).map((numbers) => [...new Set(numbers)])).toEqual([[0], [1], [2], [3]]);
  });
});
