import { squareSide } from '../image-handles.ts';
import type { TileMagnitudes, TileOperations, TileSums } from '../tiles.ts';
import { figures, samplesOf } from './cpu-image.ts';
import { valueAtShare } from './filter/selection.ts';
import type { FloatPool } from './float-pool.ts';

export function cpuTiles(pool: FloatPool): TileOperations {
  return {
    tileSums: (image, where, tiles) => figures(sumsOf(samplesOf(image), samplesOf(where), squareSide(image), tiles)),
    tileMagnitudes: (image, tiles, counting) =>
      figures(magnitudesOf(samplesOf(image), squareSide(image), { tiles, counting }, pool)),
  };
}

/** For each of `size` pixels along a side the tile that it lies in. */
export function tileAlong(size: number, tiles: number): Uint16Array {
  const along = new Uint16Array(size);
  for (let tile = 0; tile < tiles; tile++) along.fill(tile, Math.floor((tile * size) / tiles));
  return along;
}

function sumsOf(plane: Float32Array, where: Float32Array, size: number, tiles: number): TileSums {
  const along = tileAlong(size, tiles);
  const sums = new Float64Array(tiles * tiles);
  const counts = new Float64Array(tiles * tiles);
  for (let y = 0, i = 0; y < size; y++) {
    const row = tiles * along[y];
    for (let x = 0; x < size; x++, i++) {
      if (!(where[i] > 0)) continue;
      sums[row + along[x]] += plane[i];
      counts[row + along[x]] += 1;
    }
  }
  return { sums, counts };
}

function magnitudesOf(
  plane: Float32Array,
  size: number,
  { tiles, counting }: { readonly tiles: number; readonly counting: Uint8Array },
  pool: FloatPool,
): TileMagnitudes {
  const along = tileAlong(size, tiles);
  const squares = new Float64Array(tiles * tiles);
  const most = new Float64Array(tiles * tiles);
  const counts = new Float64Array(tiles * tiles);
  const seen = pool.lend(size * size);
  let count = 0;
  for (let y = 0, i = 0; y < size; y++) {
    const row = tiles * along[y];
    for (let x = 0; x < size; x++, i++) {
      const t = row + along[x];
      const v = plane[i];
      const magnitude = Math.abs(v);
      squares[t] += v * v;
      if (magnitude > most[t]) most[t] = magnitude;
      counts[t] += 1;
      if (counting[t] === 1) seen[count++] = magnitude;
    }
  }
  const typical = valueAtShare(seen.subarray(0, count), 0.5);
  pool.giveBack(seen);
  return { rms: squares.map((sum, t) => Math.sqrt(sum / counts[t])), most, typical };
}
