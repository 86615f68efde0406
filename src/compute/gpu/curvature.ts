import type { Figures, Image } from '../image.ts';
import { gaussian } from './filter-passes.ts';
import { figuresIn, memoryOf, squareSide } from './gpu-image.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { reduced, reduction } from './reduction.ts';

const ENERGIES = reduction({
  name: 'curvature',
  values: { size: 'u32', lag: 'u32' },
  reads: { samples: 'f32', look: 'f32' },
  numbers: ['sum', 'sum', 'sum', 'sum'],
  functions: `
fn energy(i: u32, apart: u32) -> f32 {
  if (i < apart || i + apart >= v.items) { return 0.0; }
  if (look[i - apart] != 1.0 || look[i + apart] != 1.0) { return 0.0; }
  let d = 2.0 * samples[i] - samples[i - apart] - samples[i + apart];
  return d * d;
}
`,
  each: `
  if (look[i] != 1.0) { return; }
  let down = v.lag * v.size;
  found[0] = energy(i, v.lag);
  found[1] = energy(i, down);
  found[2] = energy(i, down + v.lag);
  found[3] = energy(i, down - v.lag);
`,
});

/** See `WindowOperations.curvature`. */
export function curvature(
  queue: GpuQueue,
  { luma, look }: { readonly luma: Image; readonly look: Image },
  { sigma, lag }: { readonly sigma: number; readonly lag: number },
): Figures<readonly number[]> {
  const size = squareSide(luma);
  using soft = gaussian(queue, luma, sigma);
  const energies = reduced(queue, ENERGIES, {
    values: { size, lag },
    buffers: { samples: memoryOf(soft), look: memoryOf(look) },
    items: size * size,
  });
  return figuresIn(energies, (numbers) => [...new Float32Array(numbers)]);
}
