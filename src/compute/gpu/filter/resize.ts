import type { Image } from '../../image.ts';
import { samplesIn } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** What a kernel reads that resizes: `placesAlong`. */
export const PLACES = { first: 'u32', second: 'u32', share: 'f32' } as const;

/** `resized(begin, side, at)`: the square plane of `side` that begins at sample `begin` of `array`, at a pixel of the other size. */
export function resizing(array: string): string {
  return `
fn resized(begin: u32, side: u32, at: vec2u) -> f32 {
  let above = begin + first[at.y] * side;
  let below = begin + second[at.y] * side;
  let t = share[at.y];
  let left = first[at.x];
  let right = second[at.x];
  let a = (1.0 - t) * ${array}[above + left] + t * ${array}[below + left];
  let b = (1.0 - t) * ${array}[above + right] + t * ${array}[below + right];
  return a + share[at.x] * (b - a);
}
`;
}

const RESIZE = kernel({
  name: 'resize',
  values: { side: 'u32', size: 'u32' },
  reads: { samples: 'f32', ...PLACES },
  writes: { out: 'f32' },
  functions: resizing('samples'),
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  out[(at.z * v.size + at.y) * v.size + at.x] = resized(at.z * v.side * v.side, v.side, at.xy);
`,
});

/** A square at another side, bilinear between pixel centres, edges repeated. */
export function resized(queue: GpuQueue, image: Image, side: number): Image {
  const from = image.width;
  const shape = { width: side, height: side, planes: image.planes };
  const out = queue.lend(samplesIn(shape));
  queue.run(RESIZE, {
    values: { side: from, size: side },
    buffers: { samples: memoryOf(image), ...placesAlong(from, side), out },
    threads: [side, side, image.planes],
  });
  return imageIn(out, shape);
}

/** For each of `to` pixels the two of `from` that it lies between, and how near the second is: places need more digits than float32 has. */
export function placesAlong(from: number, to: number) {
  const places = Array.from({ length: to }, (_, i) => Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5)));
  return {
    first: Uint32Array.from(places, Math.floor),
    second: Uint32Array.from(places, (at) => Math.min(from - 1, Math.floor(at) + 1)),
    share: Float32Array.from(places, (at) => at - Math.floor(at)),
  };
}
