import type { Image } from '../../image.ts';
import { samplesIn } from '../../image-handles.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

// What lies in memory of its own each, one after another in one, so that one dispatch treats all.

/** Arrays that a dispatch takes in at most: with what it writes as many as every device has room for. */
const MOST = 7;
const NAMES = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6'] as const;
type Name = (typeof NAMES)[number];

/** A value for each array of a dispatch. */
function named<T>(value: (k: number) => T): Record<Name, T> {
  return Object.fromEntries(NAMES.map((name, k) => [name, value(k)])) as Record<Name, T>;
}

const STACK = kernel({
  name: 'stack',
  values: { count: 'u32', first: 'u32' },
  reads: named(() => 'f32' as const),
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.count) { return; }
  let i = at.x;
  let o = (v.first + at.y) * v.count + i;
  switch (at.y) {
    ${NAMES.map((name, k) => `${k === MOST - 1 ? 'default' : `case ${k}u`}: { out[o] = ${name}[i]; }`).join('\n    ')}
  }
`,
});

/** Arrays of `count` numbers each, one after another. */
export function stackedArrays(queue: GpuQueue, arrays: readonly GpuMemory[], count: number): GpuMemory {
  const out = queue.lend(arrays.length * count);
  for (let first = 0; first < arrays.length; first += MOST) {
    const some = arrays.slice(first, first + MOST);
    queue.run(STACK, {
      values: { count, first },
      buffers: { ...named((k) => some[k] ?? some[0]), out },
      threads: [count, some.length],
    });
  }
  return out;
}

/** Pictures of one plane and one shape as one image, in their order. */
export function stacked(queue: GpuQueue, pictures: readonly Image[]): Image {
  const [first] = pictures;
  const memory = stackedArrays(queue, pictures.map(memoryOf), samplesIn(first));
  return imageIn(memory, { ...first, planes: pictures.length });
}
