import type { FaceMeasure } from '../workers/render-service.ts';
import type { TakeMeasures } from './render-take.ts';
import type { TakeRecord } from './take-record.ts';

export type FlickerSums = TakeRecord['flicker'][number];

/** White noise of standard deviation σ has a second difference of √6·σ: dividing by it reads σ. */
const SECOND_DIFFERENCE = Math.sqrt(6);

/** How each track's face flickered in a take, before and after. */
export function takeFlicker(measures: TakeMeasures): FlickerSums[] {
  return [...measures].map(([track, list]) => {
    const faces = list.map((entry) => entry.face);
    return {
      track,
      frames: list.map((entry) => entry.frame),
      before: faces.map((face) => face.before),
      after: faces.map((face) => face.after),
      lowPassBefore: lowPassed(list, (face) => face.beforeGrid),
      lowPassAfter: lowPassed(list, (face) => face.afterGrid),
    };
  });
}

/** HF2-LP over every three frames in a row, 8-bit levels. */
function lowPassed(
  list: readonly { readonly frame: number; readonly face: FaceMeasure }[],
  gridOf: (face: FaceMeasure) => Float32Array,
): number {
  let sum = 0;
  let count = 0;
  for (let k = 1; k + 1 < list.length; k++) {
    const [a, b, c] = [list[k - 1], list[k], list[k + 1]];
    if (!a || !b || !c || c.frame - a.frame !== 2) continue;
    const [before, now, after] = [gridOf(a.face), gridOf(b.face), gridOf(c.face)];
    for (let i = 0; i < now.length; i++) {
      sum += ((after[i] as number) - 2 * (now[i] as number) + (before[i] as number)) ** 2;
      count += 1;
    }
  }
  return count > 0 ? (255 * Math.sqrt(sum / count)) / SECOND_DIFFERENCE : 0;
}

/** A track's flicker over all its takes, for the report: root mean square by frames. */
export interface TrackFlicker {
  readonly track: string;
  /** HF2-LP in 8-bit levels: low-passed second difference in face space. */
  readonly lowPass: { readonly before: number; readonly after: number; readonly ratio: number };
  /** Standard deviation of the frame-to-frame change of the face's mean luma over that mean, per cent. */
  readonly meanLuma: { readonly before: number; readonly after: number };
}

export function trackFlicker(takes: readonly (readonly FlickerSums[])[]): TrackFlicker[] {
  const byTrack = new Map<string, FlickerSums[]>();
  for (const sums of takes.flat()) byTrack.set(sums.track, [...(byTrack.get(sums.track) ?? []), sums]);
  return [...byTrack].map(([track, list]) => {
    const lowPass = (of: (s: FlickerSums) => number) => {
      const frames = list.reduce((sum, s) => sum + s.frames.length, 0);
      return Math.sqrt(list.reduce((sum, s) => sum + s.frames.length * of(s) ** 2, 0) / Math.max(1, frames));
    };
    const before = lowPass((s) => s.lowPassBefore);
    const after = lowPass((s) => s.lowPassAfter);
    return {
      track,
      lowPass: { before, after, ratio: before > 0 ? after / before : 1 },
      meanLuma: {
        before: lumaFlicker(list.map((s) => s.before)),
        after: lumaFlicker(list.map((s) => s.after)),
      },
    };
  });
}

/** The temporal flicker index: std of the change over the mean, per cent. Changes over a take's seam do not count. */
function lumaFlicker(takes: readonly (readonly number[])[]): number {
  const changes = takes.flatMap((luma) => luma.slice(1).map((v, k) => v - (luma[k] as number)));
  const all = takes.flat();
  if (changes.length === 0) return 0;
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  const drift = changes.reduce((sum, v) => sum + v, 0) / changes.length;
  const variance = changes.reduce((sum, v) => sum + (v - drift) ** 2, 0) / changes.length;
  return mean > 0 ? (100 * Math.sqrt(variance)) / mean : 0;
}
