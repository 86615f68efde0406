import type { FaceLimit } from '../report/face-figures.ts';
import type { FaceFrame } from '../report/face-frames.ts';
import { RESTORERS } from '../restore/restorers.ts';
import type { Curve, TrackCurves } from './api.ts';
import type { ReadReport } from './report-folder.ts';

type Observation = ReadReport['tracks']['tracks'][number]['observations'][number];
type Values = readonly (number | null)[];

/** What was measured of a track, frame by frame; null for a track that there is not. */
export function trackCurves({ tracks, faces, report }: ReadReport, id: string): TrackCurves | null {
  const track = tracks.tracks.find((one) => one.id === id);
  if (!track) return null;
  const length = track.out - track.in;
  const byFrame = <T>(items: readonly T[], frameOf: (item: T) => number, of: (item: T) => number | null): Values => {
    const values: (number | null)[] = new Array(length).fill(null);
    for (const item of items) {
      const k = frameOf(item) - track.in;
      if (k >= 0 && k < length) values[k] = of(item);
    }
    return values;
  };
  const own = faces.get(id);
  const restored = (of: (face: FaceFrame) => number | null) => byFrame(own?.restored ?? [], ({ frame }) => frame, of);
  const pair = (name: Curve['name'], unit: string, of: (side: 0 | 1) => Values): Curve => ({
    name,
    unit,
    lines: [
      { of: 'plate', values: of(0) },
      { of: 'output', values: of(1) },
    ],
  });
  const one = (name: Curve['name'], unit: string, values: Values): Curve => ({
    name,
    unit,
    lines: [{ of: 'both', values }],
  });
  const observed = (of: (observation: Observation) => number) => byFrame(track.observations, ({ frame }) => frame, of);
  const likeness = own?.likeness ?? [];
  const curves: readonly Curve[] = [
    pair('flicker', 'levels of 255, without grain', (side) => restored(({ flicker }) => flicker?.[side] ?? null)),
    pair('likeness', 'cosine to the stills', (side) =>
      byFrame(
        likeness,
        ({ frame }) => frame,
        ({ before, after }) => (side === 0 ? before : after),
      ),
    ),
    one(
      'gate',
      'share of the stills’ detail that was accepted',
      restored(({ gate }) => gate ?? null),
    ),
    pair('sharpness', '% of brightness, detail as fine as lashes', (side) =>
      restored(({ sharpness }) => sharpness[side]),
    ),
    one(
      'change',
      'levels of 255, beyond grain',
      restored(({ change }) => change),
    ),
    one(
      'strength',
      'share, 0 to 1',
      restored(({ strength }) => strength ?? null),
    ),
    one(
      'mouth',
      'opening over the distance between the eyes',
      observed(({ mouth }) => mouth),
    ),
    one(
      'eyes',
      'opening over the distance between the eyes',
      observed(({ eyes }) => (eyes[0] + eyes[1]) / 2),
    ),
    one(
      'score',
      'of the detector, 0 to 1',
      observed(({ score }) => score),
    ),
  ];
  const figures = report.faces[id];
  return {
    track: id,
    in: track.in,
    out: track.out,
    curves: curves.filter(({ lines }) => lines.some(({ values }) => values.some((value) => value !== null))),
    bands: [
      ...bandsOf(figures?.leftAlone ?? [], 'left alone', report.restorer),
      ...bandsOf(figures?.inPart ?? [], 'restored in part', report.restorer),
    ],
  };
}

/** Ranges with what was done there and why, in the words of the restorer. */
function bandsOf(limits: readonly FaceLimit[], what: string, restorer: string): TrackCurves['bands'] {
  const reasons = RESTORERS.find(({ name }) => name === restorer)?.words.reasons ?? {};
  return limits.map(({ in: from, out, reason }) => ({
    ...{ in: from, out, reason: `${what}: ${reasons[reason]?.brief ?? reason}` },
  }));
}
