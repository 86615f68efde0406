import type { Figures, Image } from './image.ts';

/** What of a plane lies in each tile where it is looked at. */
export interface TileSums {
  /** `Float64Array` of tiles², row by row. */
  readonly sums: Float64Array;
  /** Pixels that are looked at, the same. */
  readonly counts: Float64Array;
}

/** How large the samples of a plane are, whatever their sign. */
export interface TileMagnitudes {
  /** Root mean square and largest magnitude of each tile: `Float64Array` of tiles², row by row. */
  readonly rms: Float64Array;
  readonly most: Float64Array;
  /** The median magnitude over the tiles that count; NaN where none does. */
  readonly typical: number;
}

/** Figures of the tiles of a square: `tiles` along each side, tile `t` from pixel ⌊t · side / tiles⌋ on. */
export interface TileOperations {
  /** Sums of one plane over the pixels whose mask is above 0. */
  tileSums(image: Image, where: Image, tiles: number): Figures<TileSums>;
  /** @param counting 1 for each tile that counts, else 0: `Uint8Array` of tiles² */
  tileMagnitudes(image: Image, tiles: number, counting: Uint8Array): Figures<TileMagnitudes>;
}
