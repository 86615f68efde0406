import type { Figures, Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { gaussian } from '../filter/filter-passes.ts';
import { reduced, reduction } from '../filter/reduction.ts';
import { figuresIn, memoryOf } from '../gpu-image.ts';

const ENERGIES = reduction({
  name: 'curvature',
  values: { size: 'u32', lag: 'u32' },
  reads: { samples: 'f32', look: 'f32' },
  numbers: ['sum', 'sum', 'sum', 'sum'],
  functions: `
fn energy(first: u32, i: u32, apart: u32) -> f32 {
  if (i < apart || i + apart >= v.items) { return 0.0; }
  if (look[i - apart] != 1.0 || look[i + apart] != 1.0) { return 0.0; }
  let o = first + i;
  let d = 2.0 * samples[o] - samples[o - apart] - samples[o + apart];
  return d * d;
}
`,
  each: `
  if (look[i] != 1.0) { return; }
  let down = v.lag * v.size;
  let first = row * v.items;
  found[0] = energy(first, i, v.lag);
  found[1] = energy(first, i, down);
  found[2] = energy(first, i, down + v.lag);
  found[3] = energy(first, i, down - v.lag);
`,
});

/** See `WindowOperations.curvature`. */
export function curvature(
  queue: GpuQueue,
  { lumas, look }: { readonly lumas: Image; readonly look: Image },
  { sigma, lag }: { readonly sigma: number; readonly lag: number },
): Figures<readonly (readonly number[])[]> {
  const size = squareSide(lumas);
  const { planes } = lumas;
  using soft = gaussian(queue, lumas, sigma);
  const energies = reduced(queue, ENERGIES, {
    values: { size, lag },
    buffers: { samples: memoryOf(soft), look: memoryOf(look) },
    items: size * size,
    rows: planes,
  });
  return figuresIn(energies, (numbers) =>
    Array.from({ length: planes }, (_, k) => [...new Float32Array(numbers, 16 * k, 4)]),
  );
}
