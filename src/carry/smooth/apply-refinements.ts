import type { Landmarks } from '../../face/landmarks.ts';
import { mix, smoothstep } from '../../film/interpolate.ts';
import { movedBy, type Offset, offsetOf } from '../track/offset.ts';
import { smoothInTime } from './zero-phase.ts';

/** Standard deviation of the filter over the heavy network's offsets on still parts, counted in runs, not frames. */
const RUNS_SIGMA = 0.7;

/**
 * Smoothed landmarks moved by the offsets of a heavy network. Between two of its runs the offset passes from one to the other;
 * before the first and after the last it stays. On still parts the offsets of neighbouring runs are averaged, since a network's
 * answer depends on its crop. On lips, lids and brows each run's own offset counts.
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
  const used = refinements.filter(({ index }) => smoothed[index] !== undefined);
  if (used.length === 0) return smoothed;
  const raw = used.map(({ index, landmarks }) => offsetOf(smoothed[index] as Landmarks, landmarks));
  const averaged = smoothInTime(raw, RUNS_SIGMA);
  const offsets = raw.map((offset, k) =>
    offset.map((v, i) => {
      const mean = (averaged[k] as Offset)[i] as number;
      return mean + (expressive[Math.floor(i / 3)] as number) * (v - mean);
    }),
  );
  let next = 0;
  return smoothed.map((landmarks, k) => {
    while (next < used.length && (used[next]?.index as number) < k) next += 1;
    const after = offsets[next] ?? (offsets.at(-1) as Offset);
    const before = offsets[next - 1] ?? after;
    const from = used[next - 1]?.index ?? k;
    const to = used[next]?.index ?? k;
    // The face's path has no kink at a run.
    const share = to > from ? smoothstep(from, to, k) : 1;
    return movedBy(
      landmarks,
      after.map((v, i) => mix(before[i] as number, v, share)),
    );
  });
}
