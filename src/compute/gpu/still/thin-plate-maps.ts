import { applyX, applyY, type Similarity } from '../../../face/similarity.ts';
import type { PlateGrid } from '../../../face/thin-plate.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';

const SPREAD_PLATES = kernel({
  name: 'spread thin plates',
  values: { size: 'u32', cells: 'u32', step: 'f32' },
  reads: { grid: 'f32' },
  writes: { out: 'f32' },
  functions: `
fn node(n: u32) -> vec2f { return vec2f(grid[2u * n], grid[2u * n + 1u]); }
`,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let place = vec2f(at.xy) / v.step;
  let cell = min(vec2u(place), vec2u(v.cells - 2u));
  let f = place - vec2f(cell);
  let n = (at.z * v.cells + cell.y) * v.cells + cell.x;
  let above = node(n) + f.x * (node(n + 1u) - node(n));
  let below = node(n + v.cells) + f.x * (node(n + v.cells + 1u) - node(n + v.cells));
  let found = above + f.y * (below - above);
  let o = 2u * ((at.z * v.size + at.y) * v.size + at.x);
  out[o] = found.x;
  out[o + 1u] = found.y;
`,
});

/** A plate, and the similarity that holds far from it. */
interface PinnedPlate {
  readonly grid: PlateGrid;
  readonly toSource: Similarity;
}

/**
 * The maps that `thinPlateMap` makes, each beyond its similarity: 2 · size² numbers a map. Where the grid's points go is found here:
 * control points beside each other pull against each other, and sums of 32-bit numbers would be wrong by a fiftieth of a pixel.
 */
export function platesSpread(queue: GpuQueue, plates: readonly PinnedPlate[], size: number): GpuMemory {
  const [{ grid: shape }] = plates;
  const { step, cells } = shape;
  const beyond = new Float32Array(2 * cells * cells * plates.length);
  const place = new Float64Array(2);
  plates.forEach(({ grid, toSource }, m) => {
    for (let j = 0, o = 2 * m * cells * cells; j < cells; j++) {
      for (let i = 0; i < cells; i++, o += 2) {
        const [x, y] = [i * step + 0.5, j * step + 0.5];
        grid.point(i, j, place, 0);
        beyond[o] = place[0] - applyX(toSource, x, y);
        beyond[o + 1] = place[1] - applyY(toSource, x, y);
      }
    }
  });
  const out = queue.lend(2 * plates.length * size * size);
  queue.run(SPREAD_PLATES, {
    values: { size, cells, step },
    buffers: { grid: beyond, out },
    threads: [size, size, plates.length],
  });
  return out;
}
