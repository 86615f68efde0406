import type { Roi } from '../../film/roi.ts';
import type { Image } from '../image.ts';
import { imageIn, memoryOf, samplesIn } from './gpu-image.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

// Pictures of one plane as planes of one image, by which one dispatch treats them all.

/** Pictures that a dispatch takes in or gives out at most: with the stack itself as many arrays as every device has room for. */
const MOST = 7;
const NAMES = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6'] as const;
type Name = (typeof NAMES)[number];

/** A value for each picture of a dispatch. */
function named<T>(value: (k: number) => T): Record<Name, T> {
  return Object.fromEntries(NAMES.map((name, k) => [name, value(k)])) as Record<Name, T>;
}

const byPicture = (line: (name: Name) => string): string =>
  `switch (at.z) {\n${NAMES.map((name, k) => `${k === MOST - 1 ? 'default' : `case ${k}u`}: { ${line(name)} }`).join('\n')}\n}`;

const STACK = kernel({
  name: 'stack',
  values: { width: 'u32', x: 'u32', y: 'u32', across: 'u32', down: 'u32', first: 'u32' },
  reads: named(() => 'f32' as const),
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.across || at.y >= v.down) { return; }
  let i = (v.y + at.y) * v.width + v.x + at.x;
  let o = ((v.first + at.z) * v.down + at.y) * v.across + at.x;
  ${byPicture((name) => `out[o] = ${name}[i];`)}
`,
});

/** Pictures of one plane and one shape as one image, in their order; of each the part, or the whole. */
export function stacked(queue: GpuQueue, pictures: readonly Image[], part?: Roi): Image {
  const [{ width, height }] = pictures;
  const { x, y, width: across, height: down } = part ?? { x: 0, y: 0, width, height };
  const shape = { width: across, height: down, planes: pictures.length };
  const out = queue.lend(samplesIn(shape));
  for (let first = 0; first < pictures.length; first += MOST) {
    const some = pictures.slice(first, first + MOST).map(memoryOf);
    queue.run(STACK, {
      values: { width, x, y, across, down, first },
      buffers: { ...named((k) => some[k] ?? some[0]), out },
      threads: [across, down, some.length],
    });
  }
  return imageIn(out, shape);
}
