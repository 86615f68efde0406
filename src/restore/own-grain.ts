import { doubled, halved } from './half-size.ts';
import { softMean } from './soft-mean.ts';

/** Standard deviation of the Gaussian whose difference to the residual is grain, plate pixels: coarser unrest is flicker. */
const COARSEST = 4;

/** Grain that stands in is cut here, in deviations of the grain's luma. */
const MOST = 3;

/**
 * The restored picture with the film's own grain: what the same frame's plate holds beyond its repaired self, without what is
 * coarser than grain. Planar RGB, `Float32Array` of 3·size²; new memory.
 *
 * The residual is grain in full: put back at `ratio` 1 grain has the plate's strength and spectrum at every brightness, because it
 * is the plate's. Where the centre held dirt (`own` below 1, size²) the nearest neighbour's grain (`substitute`, 3·size²) stands in.
 */
export function withOwnGrain(
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
  const out = Float32Array.from(restored);
  for (let c = 0; c < 3; c++) {
    const residual = new Float32Array(area);
    for (let i = 0; i < area; i++) {
      if (!((where[i] as number) > 0)) continue;
      const o = c * area + i;
      const w = own[i] as number;
      // A neighbour that shows something else (a mouth that has moved) differs by more than grain.
      const other = substitute
        ? Math.min(most, Math.max(-most, (substitute[o] as number) - (repaired[o] as number)))
        : 0;
      residual[i] = w * ((plate[o] as number) - (repaired[o] as number)) + (1 - w) * other;
    }
    const coarse = doubled(softMean(halved(residual, size), size >> 1, (COARSEST * pixel) / 2), size >> 1);
    for (let i = 0; i < area; i++) {
      if (!((where[i] as number) > 0)) continue;
      const o = c * area + i;
      out[o] = (out[o] as number) + ratio * ((residual[i] as number) - (coarse[i] as number));
    }
  }
  return out;
}
