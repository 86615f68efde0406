import type { AffinePositions } from '../cpu/plate/affine-positions.ts';
import { MAX_STRETCH } from '../cpu/plate/cubic.ts';
import { cubicSampling, stretchedSampling } from './cubic.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

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
  functions: cubicSampling('samples') + stretchedSampling('samples'),
  main: `
  if (at.x >= v.columns || at.y >= v.rows) { return; }
  // Columns first, then rows: x and y of each.
  let row = 2u * v.columns + 2u * at.y;
  var place = vec2i(whole[2u * at.x] + whole[row], whole[2u * at.x + 1u] + whole[row + 1u]);
  var part = vec2f(fractions[2u * at.x] + fractions[row], fractions[2u * at.x + 1u] + fractions[row + 1u]);
  if (part.x >= 1.0) { place.x += 1; part.x -= 1.0; }
  if (part.y >= 1.0) { place.y += 1; part.y -= 1.0; }
  let size = vec2i(v.width, v.height);
  let first = (v.from_plane + at.z) * u32(v.width * v.height);
  let o = ((v.to_plane + at.z) * v.rows + at.y) * v.columns + at.x;
  if (v.across == 1.0 && v.down == 1.0) {
    out[o] = cubic(first, size, place, part);
  } else {
    out[o] = stretched(first, size, place, part, vec2f(v.across, v.down));
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
    buffers: {
      samples,
      whole: Int32Array.of(...paired(at.columnX.whole, at.columnY.whole), ...paired(at.rowX.whole, at.rowY.whole)),
      fractions: Float32Array.of(
        ...paired(at.columnX.fraction, at.columnY.fraction),
        ...paired(at.rowX.fraction, at.rowY.fraction),
      ),
      out,
    },
    threads: [columns, rows, planes],
  });
}

function paired(x: ArrayLike<number>, y: ArrayLike<number>): number[] {
  return Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x[i >> 1] : y[i >> 1]));
}
