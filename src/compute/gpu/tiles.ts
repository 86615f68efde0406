import { tileAlong } from '../cpu/tiles.ts';
import { squareSide } from '../image-handles.ts';
import type { TileOperations } from '../tiles.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { kernel, SAMPLES } from './device/kernel.ts';
import { reduced, reduction } from './filter/reduction.ts';
import { selected } from './filter/selection.ts';
import { KEYS } from './filter/selection-keys.ts';
import { figuresIn, memoryOf } from './gpu-image.ts';

/** WGSL: pixel `i` of `v.most` · `v.most`, counted from the corner of tile `row`; leaves where the tile has none. */
const PIXEL_OF_TILE = `
  let x = (row % v.tiles) * v.size / v.tiles + i % v.most;
  let y = (row / v.tiles) * v.size / v.tiles + i / v.most;
  if (x >= (row % v.tiles + 1u) * v.size / v.tiles || y >= (row / v.tiles + 1u) * v.size / v.tiles) { return; }
  let pixel = y * v.size + x;
`;

const TILE_SUMS = reduction({
  name: 'tile sums',
  values: { size: 'u32', tiles: 'u32', most: 'u32' },
  reads: { samples: 'f32', mask: 'f32' },
  numbers: ['sum', 'sum'],
  each: `${PIXEL_OF_TILE}
  if (!(mask[pixel] > 0.0)) { return; }
  found = array<f32, 2>(samples[pixel], 1.0);
`,
});

const TILE_MAGNITUDES = reduction({
  name: 'tile magnitudes',
  values: { size: 'u32', tiles: 'u32', most: 'u32' },
  reads: { samples: 'f32' },
  numbers: ['sum', 'sum', 'most'],
  each: `${PIXEL_OF_TILE}
  let x_here = samples[pixel];
  found = array<f32, 3>(x_here * x_here, 1.0, abs(x_here));
`,
});

const MAGNITUDE_KEYS = kernel({
  name: 'magnitude keys',
  values: { size: 'u32', tiles: 'u32', count: 'u32' },
  reads: { samples: 'f32', along: 'u32', counting: 'u32' },
  writes: { keys: 'u32' },
  group: SAMPLES,
  functions: KEYS,
  main: `
  let i = at.x;
  if (i >= v.count) { return; }
  let tile = along[i / v.size] * v.tiles + along[i % v.size];
  keys[i] = select(NO_KEY, key_of(abs(samples[i])), counting[tile] == 1u);
`,
});

export function gpuTiles(queue: GpuQueue): TileOperations {
  return {
    tileSums(image, where, tiles) {
      const size = squareSide(image);
      const found = reduced(queue, TILE_SUMS, {
        values: { size, tiles, most: Math.ceil(size / tiles) },
        buffers: { samples: memoryOf(image), mask: memoryOf(where) },
        items: Math.ceil(size / tiles) ** 2,
        rows: tiles * tiles,
      });
      return figuresIn(found, (numbers) => {
        const [sums, counts] = columnsOf(numbers, 2);
        return { sums, counts };
      });
    },
    tileMagnitudes(image, tiles, counting) {
      const size = squareSide(image);
      const rows = tiles * tiles;
      using found = reduced(queue, TILE_MAGNITUDES, {
        values: { size, tiles, most: Math.ceil(size / tiles) },
        buffers: { samples: memoryOf(image) },
        items: Math.ceil(size / tiles) ** 2,
        rows,
      });
      const count = size * size;
      using keys = queue.lend(count);
      queue.run(MAGNITUDE_KEYS, {
        values: { size, tiles, count },
        buffers: {
          samples: memoryOf(image),
          along: Uint32Array.from(tileAlong(size, tiles)),
          counting: Uint32Array.from(counting),
          keys,
        },
        threads: [count],
      });
      using median = selected(queue, keys, { count, share: 0.5 });
      const both = queue.lend(3 * rows + 2);
      queue.copy(found, both, { from: 0, to: 0, count: 3 * rows });
      queue.copy(median, both, { from: 0, to: 3 * rows, count: 2 });
      return figuresIn(both, (numbers) => {
        const [squares, counts, most] = columnsOf(numbers.slice(0, 12 * rows), 3);
        const [typical, seen] = new Float32Array(numbers, 12 * rows, 2);
        return {
          rms: squares.map((sum, t) => Math.sqrt(sum / counts[t])),
          most: most.map((v) => Math.max(0, v)),
          typical: seen > 0 ? typical : Number.NaN,
        };
      });
    },
  };
}

/** Rows of `width` numbers, column by column. */
function columnsOf(numbers: ArrayBuffer, width: number): readonly Float64Array[] {
  const rows = new Float32Array(numbers);
  return Array.from({ length: width }, (_, k) =>
    Float64Array.from({ length: rows.length / width }, (__, t) => rows[width * t + k]),
  );
}
