import { enlarged } from '../../compute/cpu/enlarge.ts';

/** Tiles along a patch: one is a quarter of the distance between the eyes wide. */
export const TILES = 16;

/** For each of `size` pixels along a side the tile that it lies in. */
export function tileAlong(size: number): Uint8Array {
  const along = new Uint8Array(size);
  for (let tile = 0; tile < TILES; tile++) along.fill(tile, Math.floor((tile * size) / TILES));
  return along;
}

/** The tiles (`Uint8Array` of TILES²) that hold any pixel above 0 of a square plane: 1, else 0. */
export function tilesHolding(where: Float32Array, size: number): Uint8Array {
  const along = tileAlong(size);
  const tiles = new Uint8Array(TILES * TILES);
  for (let y = 0, i = 0; y < size; y++) {
    const row = TILES * (along[y] as number);
    for (let x = 0; x < size; x++, i++) if ((where[i] as number) > 0) tiles[row + (along[x] as number)] = 1;
  }
  return tiles;
}

/** Tile values as a map of the patch's pixels that is as low as the lowest tile near: what changed in a tile is changed in all of it. */
export function tileMap(values: Float32Array, tiles: Uint8Array, size: number): Float32Array {
  const lowest = values.map((_, t) => {
    let least = 1;
    for (let y = -1; y <= 1; y++) {
      for (let x = -1; x <= 1; x++) {
        const column = (t % TILES) + x;
        const row = Math.floor(t / TILES) + y;
        if (column < 0 || row < 0 || column >= TILES || row >= TILES || tiles[row * TILES + column] === 0) continue;
        least = Math.min(least, values[row * TILES + column] as number);
      }
    }
    return least;
  });
  return enlarged(lowest, TILES, size);
}
