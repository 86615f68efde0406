import type { Landmarks } from '../../face/landmarks.ts';
import { mix, smoothstep } from '../../film/interpolate.ts';
import { movedBy, type Offset, offsetOf } from '../track/offset.ts';
import { smoothInTime } from './zero-phase.ts';

/** Standard deviation over looks, not frames, of the filter over what a heavy network says of the still parts of a face. */
const LOOKS_SIGMA = 0.7;

/**
 * Smoothed landmarks moved to where a heavy network saw the face: its offset from them at each look, led from one look to the next,
 * the same before the first and after the last. On still parts neighbouring looks are averaged, since a network's answer
 * depends on its crop; lips, lids and brows are as each look saw them.
 *
 * @param smoothed one frame after another
 * @param refinements `index` counts those frames, rising
 * @param expressive weight of each landmark, 0 = rigid … 1 = moved by expression
 */
export function applyRefinements(
  smoothed: readonly Landmarks[],
  refinements: readonly { readonly index: number; readonly landmarks: Landmarks }[],
  expressive: Float32Array,
): readonly Landmarks[] {
  const looks = refinements.filter(({ index }) => smoothed[index] !== undefined);
  if (looks.length === 0) return smoothed;
  const raw = looks.map(({ index, landmarks }) => offsetOf(smoothed[index] as Landmarks, landmarks));
  const averaged = smoothInTime(raw, LOOKS_SIGMA);
  const offsets = raw.map((offset, k) =>
    offset.map((v, i) => {
      const mean = (averaged[k] as Offset)[i] as number;
      return mean + (expressive[Math.floor(i / 3)] as number) * (v - mean);
    }),
  );
  let next = 0;
  return smoothed.map((landmarks, k) => {
    while (next < looks.length && (looks[next]?.index as number) < k) next += 1;
    const after = offsets[next] ?? (offsets.at(-1) as Offset);
    const before = offsets[next - 1] ?? after;
    const from = looks[next - 1]?.index ?? k;
    const to = looks[next]?.index ?? k;
    // No look is a kink in the face's path.
    const share = to > from ? smoothstep(from, to, k) : 1;
    return movedBy(
      landmarks,
      after.map((v, i) => mix(before[i] as number, v, share)),
    );
  });
}
