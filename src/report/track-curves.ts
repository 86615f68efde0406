import type { Audit, FrameDecision } from '../carry/track/frame-decision.ts';
import type { RestorerWords } from '../restore/restorer-definition.ts';
import type { FaceFigures } from './face-figures.ts';
import type { FaceFrame, FaceFrames } from './face-frames.ts';
import { rangeWords } from './frame-ranges.ts';
import type { Html } from './html.ts';
import { type ChartSeries, type LineChart, lineChart } from './line-chart.ts';
import { runStrip } from './run-strip.ts';
import type { TracksFile } from './tracks-file.ts';

type Track = TracksFile['tracks'][number];
type Points = ChartSeries['points'];

/** Evidence for a track's curves that `tracks.json` does not hold; frames count from 0. */
export interface TrackEvidence {
  /** Cosine to the nearest still of the person at each identity sample; null where there was nobody to find. */
  readonly identitySamples: readonly { readonly frame: number; readonly similarity: number | null }[];
  /** Cosine from which the track counted as that person. */
  readonly threshold: number;
  /** How it was followed: one a frame, as the observations are. */
  readonly decisions: readonly FrameDecision[];
  readonly audits: readonly Audit[];
  /** What was done to the face; absent where nothing was. */
  readonly faces?: FaceFrames;
  /** The words of the restorer that did it. */
  readonly reasons?: RestorerWords['reasons'];
}

/** Why parts of the restoring curves are shaded, in the reel's own numbers; empty where none are. */
export function shadedWords(
  figures: FaceFigures | undefined,
  first: number,
  reasons?: RestorerWords['reasons'],
): string {
  const bands = bandsOf(figures, first, reasons);
  const more = bands.length - SHADED_NAMED;
  const words = bands.slice(0, SHADED_NAMED).map(({ name }) => name);
  return words.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/** Shaded parts that are named before the rest is only counted. */
const SHADED_NAMED = 6;

/** Curves of restoring: detail, steadiness, likeness, light. `first` is what people call frame 0. */
export function restoringCurves(
  track: Track,
  { faces, identitySamples, threshold, reasons }: TrackEvidence,
  figures: FaceFigures | undefined,
  first: number,
): Html[] {
  const chart = chartOf(track, first, bandsOf(figures, first, reasons));
  const restored = faces?.restored ?? [];
  const points = (of: (face: FaceFrame) => number | null) => pointsOf(restored, of, first);
  const pair = (of: (face: FaceFrame, side: 0 | 1) => number | null): ChartSeries[] => [
    { name: 'output', points: points((face) => of(face, 1)), style: 'line' },
    { name: 'plate', points: points((face) => of(face, 0)), style: 'line' },
  ];
  const charts: Html[] = [];
  if (restored.some(({ gate }) => gate !== undefined)) {
    charts.push(
      chart({
        title: 'Gate',
        unit: '% of the stills’ detail that was accepted',
        least: [0, 100],
        series: [
          { name: 'gate', points: points(({ gate }) => (gate === undefined ? null : 100 * gate)), style: 'line' },
        ],
      }),
    );
  }
  if (restored.length > 0) {
    charts.push(
      chart({
        title: 'Sharpness',
        unit: '% of brightness, detail as fine as lashes',
        least: [0, 1],
        series: pair(({ sharpness }, side) => sharpness[side]),
      }),
      chart({
        title: 'Flicker',
        unit: 'levels of 255, without grain',
        least: [0, 1],
        series: pair(({ flicker }, side) => flicker?.[side] ?? null),
      }),
    );
  }
  const known = identitySamples.filter(({ similarity }) => similarity !== null);
  if (known.length > 0) {
    const samples = faces?.likeness ?? [];
    const sampled = (name: string, side: 'before' | 'after'): ChartSeries => ({
      name,
      points: samples.map((sample) => [sample.frame + first, sample[side]]),
      style: 'dots',
    });
    charts.push(
      chart({
        title: 'Likeness to the stills',
        unit: 'cosine',
        least: [threshold, 1],
        mark: { value: threshold, name: 'threshold' },
        series: [
          ...(samples.length > 0 ? [sampled('output', 'after'), sampled('plate', 'before')] : []),
          {
            name: 'identity samples',
            points: known.map(({ frame, similarity }) => [frame + first, similarity]),
            style: samples.length > 0 ? 'line' : 'stem',
          },
        ],
      }),
    );
  }
  if (restored.length > 0) {
    charts.push(
      chart({
        title: 'Brightness of the face',
        unit: 'mean luma',
        series: pair(({ luma }, side) => luma[side]),
      }),
    );
    if (restored.some(({ dirt }) => dirt !== undefined)) {
      charts.push(
        chart({
          title: 'Dirt and scratches',
          unit: '% of the face that was filled',
          least: [0, 5],
          series: [
            { name: 'dirt', points: points(({ dirt }) => (dirt === undefined ? null : 100 * dirt)), style: 'line' },
          ],
        }),
      );
    }
  }
  return charts;
}

/** Curves of tracking: when networks ran, motion, openings of mouth and eyes, and the error of carrying. */
export function carryingCurves(
  track: Track,
  { decisions, identitySamples, audits }: TrackEvidence,
  first: number,
): Html[] {
  const { observations } = track;
  const chart = chartOf(track, first, []);
  const curve = (name: string, of: (observation: Track['observations'][number]) => number): ChartSeries => ({
    name,
    points: observations.map((observation) => [observation.frame + first, of(observation)]),
    style: 'line',
  });
  const apart = decisions.flatMap(({ disagreement }, k): Points[number][] =>
    disagreement === null ? [] : [[track.in + k + first, 100 * disagreement]],
  );
  const audited = audits.map(({ frame, rigid, lips, lids }): Points[number] => [
    frame + first,
    100 * Math.sqrt((rigid ** 2 + lips ** 2 + lids ** 2) / 3),
  ]);
  return [
    ...(decisions.length > 0
      ? [
          runStrip({
            in: track.in,
            first,
            decisions,
            identitySamples: identitySamples.map(({ frame }) => frame),
            audits: audits.map(({ frame }) => frame),
          }),
        ]
      : []),
    chart({
      title: 'Motion',
      unit: '% of the distance between the eyes, a frame',
      least: [0, 1],
      series: [{ name: 'motion', points: motionOf(observations, first), style: 'line' }],
    }),
    ...(apart.length > 0 || audited.length > 0
      ? [
          chart({
            title: 'Error of carrying',
            unit: '% of the distance between the eyes',
            least: [0, 2],
            series: [
              { name: 'at each run', points: apart, style: 'dots' },
              ...(audited.length > 0 ? [{ name: 'audits', points: audited, style: 'dots' } as const] : []),
            ],
          }),
        ]
      : []),
    chart({
      title: 'Mouth and eyes',
      unit: 'opening over the distance between the eyes',
      least: [0, 0.2],
      series: [curve('mouth', ({ mouth }) => mouth), curve('eyes', ({ eyes }) => (eyes[0] + eyes[1]) / 2)],
    }),
  ];
}

function chartOf(track: Track, first: number, bands: NonNullable<LineChart['bands']>) {
  const frames = [track.in + first, track.out - 1 + first] as const;
  return (chart: Omit<LineChart, 'frames' | 'bands'>) => lineChart({ ...chart, frames, bands });
}

function bandsOf(
  figures: FaceFigures | undefined,
  first: number,
  reasons: RestorerWords['reasons'] = {},
): NonNullable<LineChart['bands']> {
  const named = (limits: FaceFigures['leftAlone'], what: string) =>
    limits.map((limit) => ({
      frames: [limit.in + first, limit.out - 1 + first] as const,
      name: `${rangeWords([limit], first)} ${what}, ${reasons[limit.reason]?.brief ?? limit.reason}`,
    }));
  return [...named(figures?.leftAlone ?? [], 'left alone'), ...named(figures?.inPart ?? [], 'in part')];
}

/** Values of frames in a row, with a gap where a frame was not restored. */
function pointsOf(faces: readonly FaceFrame[], of: (face: FaceFrame) => number | null, first: number): Points {
  return faces.flatMap((face, k) => {
    const last = faces[k - 1];
    const point = [face.frame + first, of(face)] as const;
    return last && last.frame + 1 < face.frame ? [[last.frame + 1 + first, null] as const, point] : [point];
  });
}

/** Mean motion of the five points since the frame before. */
function motionOf(observations: Track['observations'], first: number): Points {
  return observations.slice(1).map((observation, k) => {
    const before = observations[k]?.five ?? observation.five;
    let sum = 0;
    for (let i = 0; i < 10; i += 2)
      sum += Math.hypot(at(observation.five, i) - at(before, i), at(observation.five, i + 1) - at(before, i + 1));
    const scale = Math.hypot(
      at(observation.five, 2) - at(observation.five, 0),
      at(observation.five, 3) - at(observation.five, 1),
    );
    return [observation.frame + first, scale > 0 ? (100 * sum) / 5 / scale : 0] as const;
  });
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? 0;
}
