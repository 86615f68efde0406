import type { Landmarks } from '../face/landmarks.ts';
import type { Similarity } from '../face/similarity.ts';

/** Where a mean over several crops puts a face that a single steady crop put elsewhere, both in the track's still frame. */
export interface CropOffset {
  /** Index among the track's frames. */
  readonly index: number;
  readonly settled: Landmarks;
  readonly mean: Landmarks;
}

/** Standard deviation with which an offset reaches over the frames around it: one anchor's mean is itself uncertain. */
const REACH = 72;

/**
 * For every frame the similarity that takes out what a landmark network makes of its crop: the offsets at the anchors, applied
 * slowly. Null without any.
 *
 * @param similarityOf the similarity from one face to another by their rigid parts
 */
export function cropCorrections(
  offsets: readonly CropOffset[],
  length: number,
  similarityOf: (from: Landmarks, to: Landmarks) => Similarity,
): Similarity[] | null {
  if (offsets.length === 0) return null;
  const moves = offsets.map(({ index, settled, mean }) => ({ index, ...similarityOf(settled, mean) }));
  return Array.from({ length }, (_, k) => {
    const nearest = Math.min(...moves.map(({ index }) => Math.abs(index - k)));
    let total = 0;
    const sum = { a: 0, b: 0, tx: 0, ty: 0 };
    for (const { index, a, b, tx, ty } of moves) {
      // Less the nearest one's, so that frames far from all anchors have weights left.
      const w = Math.exp(-((index - k) ** 2 - nearest ** 2) / (2 * REACH * REACH));
      total += w;
      sum.a += w * a;
      sum.b += w * b;
      sum.tx += w * tx;
      sum.ty += w * ty;
    }
    return { a: sum.a / total, b: sum.b / total, tx: sum.tx / total, ty: sum.ty / total };
  });
}
