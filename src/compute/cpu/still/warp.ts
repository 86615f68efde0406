import type { DenseMap } from '../../../face/dense-map.ts';
import { type Similarity, scaleOf } from '../../../face/similarity.ts';
import { median } from '../../../motion/quantile.ts';
import { halvedPicture, type PlanarPicture } from '../filter/planar.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { TAPS_SCRATCH } from '../loops/cubic.ts';
import { localScale } from '../loops/map-scale.ts';
import { type AffinePositions, positions, sampleAffine } from '../plate/affine-positions.ts';

/** Below this stretch the kernel is as wide as at 1: a map of 1 : 1 in 32-bit coordinates comes out at 1 ± 1e-4. */
export const SHARP = 1.001;

/** A picture and its halvings, each made when it is first needed. Closing them leaves the picture, which stays the caller's. */
export interface Halvings extends Disposable {
  /** The picture halved `times` times, 0 = itself; see `halvedPicture`. */
  halved(times: number): PlanarPicture;
}

export function openHalvings(picture: PlanarPicture, pool: FloatPool = FRESH): Halvings {
  const levels = [picture];
  return {
    halved(times) {
      for (let last = levels.length - 1; last < times; last++) levels.push(halvedPicture(levels[last], pool));
      return levels[times];
    },
    [Symbol.dispose]() {
      for (const { rgb } of levels.splice(1)) pool.giveBack(rgb);
    },
  };
}

/**
 * The source as the map shows it: `Float32Array` of 3·size², planar RGB. Bicubic; where the map makes the source smaller the
 * kernel widens with it, pixel by pixel, so that nothing aliases and nothing jumps. Beyond the source's edge its outermost pixels
 * are repeated.
 *
 * With `where` (size²) only pixels at which it is above 0 are sampled; the others are 0. The pool lends the answer.
 */
export function warp(
  source: Halvings,
  map: DenseMap,
  where: Float32Array | null,
  pool: FloatPool = FRESH,
): Float32Array {
  const { size, xy } = map;
  const { picture, shrink } = shrunkSource(source, typicalScale(map));
  const rgb = pool.lend(3 * size * size);
  const scratch = pool.lend(TAPS_SCRATCH);
  const looked = where ?? pool.lend(size * size).fill(1);
  pool.loops.warpedByMap(picture.rgb, picture.width, picture.height, xy, size, looked, shrink, SHARP, scratch, rgb);
  pool.giveBack(scratch, ...(where ? [] : [looked]));
  return rgb;
}

/** The source carried by a similarity from patch pixels to source pixels; see `warp`. */
export function warpBySimilarity(
  source: PlanarPicture,
  toSource: Similarity,
  size: number,
  pool: FloatPool = FRESH,
): Float32Array {
  using halvings = openHalvings(source, pool);
  const scale = scaleOf(toSource);
  const { picture, shrink } = shrunkSource(halvings, scale);
  const at = similarityPositions(toSource, size, shrink);
  const rgb = pool.lend(3 * size * size);
  const stretch = scale * shrink;
  sampleAffine(picture.rgb, picture, { at, stretchX: stretch, stretchY: stretch }, rgb, pool);
  return rgb;
}

/** Where the pixels of a patch lie in a source that is `shrink` times its size. */
export function similarityPositions({ a, b, tx, ty }: Similarity, size: number, shrink: number): AffinePositions {
  return {
    columnX: positions(size, (i) => shrink * a * (i + 0.5)),
    columnY: positions(size, (i) => shrink * b * (i + 0.5)),
    rowX: positions(size, (j) => shrink * (tx - b * (j + 0.5)) - 0.5),
    rowY: positions(size, (j) => shrink * (ty + a * (j + 0.5)) - 0.5),
  };
}

/**
 * How often a source is halved, of which `scale` pixels lie in a patch pixel: until it is one to two of its pixels, which is the cheap part
 * of the low-pass; the kernel does the rest.
 */
export function halvingsAt(scale: number): number {
  return Math.max(0, Math.floor(Math.log2(scale)));
}

function shrunkSource(source: Halvings, scale: number): { readonly picture: PlanarPicture; readonly shrink: number } {
  const times = halvingsAt(scale);
  return { picture: source.halved(times), shrink: 1 / 2 ** times };
}

/** The median of the local scale over a lattice of the patch: only the entries of `scaleEntries` are looked at. */
export function typicalScale(map: DenseMap): number {
  const lattice = scaleLattice(map.size);
  const scales = lattice.flatMap((j) => lattice.map((i) => localScale(map, i, j)));
  return scales.length > 0 ? median(scales) : 1;
}

/** Columns, and rows, of the lattice. */
function scaleLattice(size: number): readonly number[] {
  const step = Math.max(1, size >> 4);
  const lattice: number[] = [];
  for (let i = step >> 1; i < size; i += step) lattice.push(i);
  return lattice;
}

/** The pixels of a map that say its `typicalScale`. */
export function scaleEntries(size: number): readonly (readonly [x: number, y: number])[] {
  const lattice = scaleLattice(size);
  const before = (i: number) => Math.max(0, i - 1);
  const behind = (i: number) => Math.min(size - 1, i + 1);
  return lattice.flatMap((j) =>
    lattice.flatMap(
      (i) =>
        [
          [before(i), j],
          [behind(i), j],
          [i, before(j)],
          [i, behind(j)],
        ] as const,
    ),
  );
}
