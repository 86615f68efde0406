import { MAD_TO_SIGMA, quantile } from '../../motion/quantile.ts';
import { boxBlur } from './box-blur.ts';
import { doubled, halved, halvedLuma } from './half-size.ts';

/** Standard deviation of the Gaussian whose difference to the residual is grain, plate pixels: coarser unrest is flicker. */
const COARSEST = 4;

/** Grain that stands in is cut here, in deviations of the grain's luma. */
const MOST = 3;

/** Standard deviation of the Gaussian under which grain averages out and a speck does not, plate pixels. */
const SPECK = 1.5;
/** What is left of a residual under it, in deviations of what is left of grain, from which it is a speck, and surely one. */
const BEGINS = 4;
const IS = 6;
/** Least deviation, 0 … 1: what a film without grain loses in the mean is no speck below eight levels. */
const LEAST = 2 / 255;
/** How far around its core a speck reaches, standard deviation in plate pixels. */
const AROUND = 1.5;

/**
 * The restored picture with the film's own grain: what the same frame's plate holds beyond its repaired self, without what is
 * coarser than grain. Planar RGB, `Float32Array` of 3·size²; new memory.
 *
 * The residual is grain in full: put back at `ratio` 1 grain has the plate's strength and spectrum at every brightness, because it
 * is the plate's. Where the centre held dirt (`own` below 1, size²), or the residual shows a speck that the mean over neighbours has
 * removed by itself, the nearest neighbour's grain (`substitute`, 3·size²) stands in.
 */
export function regrained(
  restored: Float32Array,
  plate: Float32Array,
  repaired: Float32Array,
  substitute: Float32Array | null,
  own: Float32Array,
  where: Float32Array,
  size: number,
  pixel: number,
  grain: number,
  ratio: number,
): Float32Array {
  const area = size * size;
  const most = MOST * grain;
  const clean = withoutSpecks(plate, repaired, own, where, size, pixel);
  const out = Float32Array.from(restored);
  for (let c = 0; c < 3; c++) {
    const residual = new Float32Array(area);
    for (let i = 0; i < area; i++) {
      if (!((where[i] as number) > 0)) continue;
      const o = c * area + i;
      const w = clean[i] as number;
      // A neighbour that shows something else (a mouth that has moved) differs by more than grain.
      const other = substitute
        ? Math.min(most, Math.max(-most, (substitute[o] as number) - (repaired[o] as number)))
        : 0;
      residual[i] = w * ((plate[o] as number) - (repaired[o] as number)) + (1 - w) * other;
    }
    const coarse = coarserThanGrain(residual, size, pixel);
    for (let i = 0; i < area; i++) {
      if (!((where[i] as number) > 0)) continue;
      const o = c * area + i;
      out[o] = (out[o] as number) + ratio * ((residual[i] as number) - (coarse[i] as number));
    }
  }
  return out;
}

/** What of a residual (size²) is coarser than grain, `pixel` patch pixels being one of the plate: flicker, or shading. */
export function coarserThanGrain(residual: Float32Array, size: number, pixel: number): Float32Array {
  return doubled(boxBlur(halved(residual, size), size >> 1, (COARSEST * pixel) / 2), size >> 1);
}

/** `own`, less where what the plate holds beyond its repaired self lies together as grain does not. */
function withoutSpecks(
  plate: Float32Array,
  repaired: Float32Array,
  own: Float32Array,
  where: Float32Array,
  size: number,
  pixel: number,
): Float32Array {
  const half = size >> 1;
  const before = halvedLuma(repaired, size);
  const residual = halvedLuma(plate, size).map((v, i) => v - (before[i] as number));
  const coarse = boxBlur(residual, half, (COARSEST * pixel) / 2);
  const soft = boxBlur(residual, half, (SPECK * pixel) / 2).map((v, i) => v - (coarse[i] as number));
  const seen: number[] = [];
  for (let y = 0, i = 0; y < half; y++) {
    for (let x = 0; x < half; x++, i++) {
      const at = 2 * y * size + 2 * x;
      if ((where[at] as number) > 0 && own[at] === 1) seen.push(Math.abs(soft[i] as number));
    }
  }
  const spread = seen.length > 0 ? MAD_TO_SIGMA * quantile(Float32Array.from(seen), 0.5) : 0;
  const deviation = Math.max(LEAST, spread);
  const cores = soft.map((v) => Math.min(1, Math.max(0, (Math.abs(v) / deviation - BEGINS) / (IS - BEGINS))));
  if (cores.every((v) => v === 0)) return own;
  const reach = (AROUND * pixel) / 2;
  // A Gaussian of a lone pixel is this high in its middle: what is a core stays one.
  const full = doubled(boxBlur(cores, half, reach), half);
  const height = 1 / (2 * Math.PI * Math.max(1, reach) ** 2);
  return own.map((v, i) => v * (1 - Math.min(1, (full[i] as number) / height)));
}
