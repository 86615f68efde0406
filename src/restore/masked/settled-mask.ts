import { clamp, smoothstep } from '../../film/interpolate.ts';

/** Answers that differ by less say the same of a place but for their unrest, which is a pixel or two of the edge; from the second on they do not. */
const ALIKE: readonly [full: number, none: number] = [0.16, 0.4];
/**
 * Times v · (1 − v), the share of both that holds where a mask is v: all of it along the edge, and next to nothing where it says the same
 * for certain, or the soft edge of a hand that passes elsewhere would be left there as a line.
 */
const CERTAINTY = 8;
const LEAST_SHARE = 0.05;

/** The mask of a frame some frames away. */
export interface MaskBeside {
  readonly mask: Float32Array;
  /** Frames; both ways. */
  readonly distance: number;
}

/**
 * A softened mask, settled in time by the masks around it: a mean in which each place counts those that say about the same of it
 * (bilateral, Tomasi and Manduchi 1998, in time). Zero-phase, so that an edge stays in its place; where a hand passes before and after
 * are other values, and count nothing.
 *
 * @param reach frames on each side that there may be
 */
export function settledMask(mask: Float32Array, beside: readonly MaskBeside[], reach: number): Float32Array {
  const [full, none] = ALIKE;
  const weights = beside.map(({ distance }) => Math.exp(-2 * (distance / (reach + 1)) ** 2));
  return mask.map((own, i) => {
    let total = 1;
    let sum = own;
    const share = clamp(CERTAINTY * own * (1 - own), LEAST_SHARE, 1);
    for (let k = 0; k < beside.length; k++) {
      const other = (beside[k] as MaskBeside).mask[i] as number;
      const weight = (weights[k] as number) * (1 - smoothstep(share * full, share * none, Math.abs(other - own)));
      total += weight;
      sum += weight * other;
    }
    return sum / total;
  });
}
