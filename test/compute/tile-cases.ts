import { type ConformanceCase, ROUNDING } from './conformance-case.ts';
import { median } from './reference.ts';
import { disc, seededPlane, squareOf } from './seeded-images.ts';

/** No multiple of the tiles along it. */
const SIZE = 48;
const TILES = 7;

export function tileCases(): ConformanceCase[] {
  const plane = seededPlane(SIZE, 61);
  const around = plane.map((v) => v - 0.5);
  const where = disc(SIZE, 17);
  const counting = Uint8Array.from({ length: TILES * TILES }, (_, t) => (t % 3 === 0 ? 1 : 0));
  /** The pixels of each tile that pass. */
  const pixelsOf = (passes: (i: number) => boolean): readonly (readonly number[])[] => {
    const along = (at: number) => Array.from({ length: TILES }, (_, t) => Math.floor((t * SIZE) / TILES) <= at);
    const tileOf = (at: number) => along(at).lastIndexOf(true);
    const found = Array.from({ length: TILES * TILES }, (): number[] => []);
    for (let i = 0; i < plane.length; i++) {
      if (passes(i)) found[TILES * tileOf(Math.floor(i / SIZE)) + tileOf(i % SIZE)]?.push(i);
    }
    return found;
  };
  return [
    {
      operation: 'tileSums',
      input: 'a disc, as means of its pixels',
      tolerance: ROUNDING,
      async found(compute) {
        using image = squareOf(compute, plane);
        using looked = squareOf(compute, where);
        const { tiles } = await compute.statistics({ tiles: compute.tileSums(image, looked, TILES) });
        return [...tiles.sums.map((sum, t) => sum / Math.max(1, tiles.counts[t] as number)), ...tiles.counts];
      },
      expected() {
        const pixels = pixelsOf((i) => (where[i] as number) > 0);
        const means = pixels.map(
          (tile) => tile.reduce((sum, i) => sum + (plane[i] as number), 0) / Math.max(1, tile.length),
        );
        return [...means, ...pixels.map((tile) => tile.length)];
      },
    },
    {
      operation: 'tileMagnitudes',
      input: 'samples of both signs, every third tile counting',
      tolerance: ROUNDING,
      async found(compute) {
        using image = squareOf(compute, around);
        const { tiles } = await compute.statistics({ tiles: compute.tileMagnitudes(image, TILES, counting) });
        return [...tiles.rms, ...tiles.most, tiles.typical];
      },
      expected() {
        const magnitudes = pixelsOf(() => true).map((tile) => tile.map((i) => Math.abs(around[i] as number)));
        const rms = magnitudes.map((tile) => Math.sqrt(tile.reduce((sum, v) => sum + v * v, 0) / tile.length));
        const counted = magnitudes.flatMap((tile, t) => (counting[t] === 1 ? tile : []));
        return [...rms, ...magnitudes.map((tile) => Math.max(...tile)), median(counted)];
      },
    },
  ];
}
