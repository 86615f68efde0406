import { IDENTITY, type Similarity } from '../../face/similarity.ts';

/** Moves a face from where a single steady crop put it to where a mean over several crops does, in the track's still frame. */
export interface CropOffset {
  /** Index among the track's frames. */
  readonly index: number;
  readonly move: Similarity;
}

/**
 * Standard deviation of an offset's weight over the frames around it. It is long, since one identity sample's mean is itself
 * uncertain.
 */
const REACH = 72;

/**
 * For every frame, the similarity that takes out the landmark network's dependence on its crop: the offsets at the identity
 * samples, blended slowly.
 */
export function cropCorrections(offsets: readonly CropOffset[]): (frame: number) => Similarity {
  if (offsets.length === 0) return () => IDENTITY;
  return (frame) => {
    const nearest = Math.min(...offsets.map(({ index }) => Math.abs(index - frame)));
    let total = 0;
    const sum = { a: 0, b: 0, tx: 0, ty: 0 };
    for (const { index, move } of offsets) {
      // The nearest one's exponent is subtracted, so that weights do not vanish far from all identity samples.
      const w = Math.exp(-((index - frame) ** 2 - nearest ** 2) / (2 * REACH * REACH));
      total += w;
      sum.a += w * move.a;
      sum.b += w * move.b;
      sum.tx += w * move.tx;
      sum.ty += w * move.ty;
    }
    return { a: sum.a / total, b: sum.b / total, tx: sum.tx / total, ty: sum.ty / total };
  };
}
