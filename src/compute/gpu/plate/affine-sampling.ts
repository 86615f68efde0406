import { MAX_STRETCH } from '../../cpu/loops/cubic.ts';
import type { AffinePositions } from '../../cpu/plate/affine-positions.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { cubicSampling, stretchedSampling } from './cubic.ts';

/** WGSL: where a pixel of a grid of `columns` lies, by `placesOf` as `whole` and `fractions`. */
export const AFFINE_PLACE = `
struct Place { whole: vec2i, fraction: vec2f }
fn affine_place(x: u32, y: u32, columns: u32) -> Place {
  // Columns first, then rows: x and y of each.
  let row = 2u * columns + 2u * y;
  var at = vec2i(whole[2u * x] + whole[row], whole[2u * x + 1u] + whole[row + 1u]);
  var part = vec2f(fractions[2u * x] + fractions[row], fractions[2u * x + 1u] + fractions[row + 1u]);
  if (part.x >= 1.0) { at.x += 1; part.x -= 1.0; }
  if (part.y >= 1.0) { at.y += 1; part.y -= 1.0; }
  return Place(at, part);
}
`;

const SAMPLE_AFFINE = kernel({
  name: 'sample affine',
  values: {
    width: 'i32',
    height: 'i32',
    from_plane: 'u32',
    to_plane: 'u32',
    columns: 'u32',
    rows: 'u32',
    across: 'f32',
    down: 'f32',
  },
  reads: { samples: 'f32', whole: 'i32', fractions: 'f32' },
  writes: { out: 'f32' },
  functions: AFFINE_PLACE + cubicSampling('samples') + stretchedSampling('samples'),
  main: `
  if (at.x >= v.columns || at.y >= v.rows) { return; }
  let place = affine_place(at.x, at.y, v.columns);
  let size = vec2i(v.width, v.height);
  let first = (v.from_plane + at.z) * u32(v.width * v.height);
  let o = ((v.to_plane + at.z) * v.rows + at.y) * v.columns + at.x;
  if (v.across == 1.0 && v.down == 1.0) {
    out[o] = cubic(first, size, place.whole, place.fraction);
  } else {
    out[o] = stretched(first, size, place.whole, place.fraction, vec2f(v.across, v.down));
  }
`,
});

export interface AffineSource {
  /** Planes of `width` · `height` float32 samples, one after another. */
  readonly samples: GpuMemory;
  readonly width: number;
  readonly height: number;
  /** The first that is sampled, and how many. */
  readonly plane?: number;
  readonly planes: number;
}

export interface AffineTarget {
  /** Planes of the grid's size, the first of them to be written. */
  readonly out: GpuMemory;
  readonly plane?: number;
  readonly at: AffinePositions;
  /** See `AffineSampling`. */
  readonly stretchX: number;
  readonly stretchY: number;
}

/** Samples planes at every pixel of a grid, bicubic: see `sampleAffine` of the processor. */
export function sampleAffine(queue: GpuQueue, source: AffineSource, target: AffineTarget): void {
  const { samples, width, height, plane = 0, planes } = source;
  const { out, at, stretchX, stretchY } = target;
  const columns = at.columnX.whole.length;
  const rows = at.rowX.whole.length;
  const stretch = (by: number) => Math.min(MAX_STRETCH, Math.max(1, by));
  queue.run(SAMPLE_AFFINE, {
    values: {
      width,
      height,
      from_plane: plane,
      to_plane: target.plane ?? 0,
      columns,
      rows,
      across: stretch(stretchX),
      down: stretch(stretchY),
    },
    buffers: { samples, ...placesOf(at), out },
    threads: [columns, rows, planes],
  });
}

/** The arrays that `AFFINE_PLACE` reads. */
export function placesOf({ columnX, columnY, rowX, rowY }: AffinePositions) {
  const columns = columnX.whole.length;
  const whole = new Int32Array(2 * (columns + rowX.whole.length));
  const fractions = new Float32Array(whole.length);
  const parts = [columnX, columnY, rowX, rowY];
  parts.forEach((part, k) => {
    const first = (k < 2 ? 0 : 2 * columns) + (k % 2);
    for (let i = 0; i < part.whole.length; i++) {
      whole[first + 2 * i] = part.whole[i];
      fractions[first + 2 * i] = part.fraction[i];
    }
  });
  return { whole, fractions };
}
