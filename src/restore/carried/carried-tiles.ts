/** Tiles along a patch: one is a quarter of the distance between the eyes wide. */
export const TILES = 16;

/** Tile values, TILES² each, as low as the lowest tile near that holds any of the face: what changed in a tile is changed in all of it. */
export function lowestNear(values: Float32Array, tiles: Uint8Array): Float32Array {
  return values.map((_, t) => {
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
}
