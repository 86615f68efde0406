import type { FaceTruth, ReelTruth, ShotTruth } from '../../samples/reel-truth.ts';
import { type Following, following } from '../../src/metrics/following.ts';
import { pointError } from '../../src/metrics/jitter.ts';
import type { TracksFile } from '../../src/report/tracks-file.ts';

type FaceObservation = TracksFile['tracks'][number]['observations'][number];

/** How well the tracks of one shot agree with its truth. */
export interface TrackScore {
  /** Frames that show a face of which most can be seen, and those of them in which it was found. */
  readonly visible: number;
  readonly found: number;
  /** Sightings that are on no face. */
  readonly stray: number;
  /** Root mean square distance of the five points to the truth, % of the unturned inter-ocular distance. */
  readonly rms: number;
  /** The same when each point's mean offset, seen from the face, is forgiven: a network places a point by its own habit. */
  readonly rmsLessOffset: number;
  readonly mouth: Following;
  /** Of both eyes' mean. */
  readonly eyes: Following;
}

interface Match {
  readonly truth: FaceTruth;
  readonly found: FaceObservation;
}

/** A face of whose landmarks more than this share is covered need not be found. */
export const HIDDEN = 0.5;
/** Openings that deviate by less than this from their mean, inter-ocular distances, do not move: there is nothing to follow. */
const STILL = 0.01;
/** An observation belongs to the face when its middle is nearer than this, inter-ocular distances. */
const NEAR = 0.6;

export function trackScore(truth: ReelTruth, shot: ShotTruth, tracks: TracksFile): TrackScore {
  const matches: Match[] = [];
  let visible = 0;
  let found = 0;
  let stray = 0;
  for (let frame = shot.in; frame < shot.out; frame++) {
    const face = truth.frame(frame).face;
    const seen = tracks.tracks.flatMap((track) =>
      track.observations.filter((observation) => observation.frame === frame),
    );
    const isVisible = face !== null && face.hidden < HIDDEN;
    if (isVisible) visible += 1;
    const own = face && seen.find(({ five }) => distance(middle(five), middle(face.five)) < NEAR * face.frontalIod);
    stray += seen.length - (own ? 1 : 0);
    if (!face || !own || !isVisible) continue;
    found += 1;
    matches.push({ truth: face, found: own });
  }
  const eyes = (pair: readonly [number, number]) => (pair[0] + pair[1]) / 2;
  return {
    visible,
    found,
    stray,
    rms: pointError(
      matches.map(({ found }) => found.five),
      matches.map(({ truth }) => truth.five),
      matches.map(({ truth }) => truth.frontalIod),
    ).rms,
    rmsLessOffset: rmsLessOffset(matches),
    mouth: followed(
      matches.map(({ found }) => found.mouth),
      matches.map(({ truth }) => truth.mouth),
    ),
    eyes: followed(
      matches.map(({ found }) => eyes(found.eyes)),
      matches.map(({ truth }) => eyes(truth.eyes)),
    ),
  };
}

function followed(signal: readonly number[], truth: readonly number[]): Following {
  const level = mean(truth);
  const deviation = Math.sqrt(mean(truth.map((value) => (value - level) ** 2)));
  return deviation < STILL ? { kept: Number.NaN, correlation: Number.NaN } : following(signal, truth);
}

function rmsLessOffset(matches: readonly Match[]): number {
  const errors = matches.map(({ truth, found }) => {
    const [x0, y0, x1, y1] = truth.five as readonly [number, number, number, number];
    const eyeLine = Math.hypot(x1 - x0, y1 - y0);
    const [cos, sin] = [(x1 - x0) / eyeLine, (y1 - y0) / eyeLine];
    return [0, 2, 4, 6, 8].flatMap((k) => {
      const dx = ((found.five[k] as number) - (truth.five[k] as number)) / truth.frontalIod;
      const dy = ((found.five[k + 1] as number) - (truth.five[k + 1] as number)) / truth.frontalIod;
      return [cos * dx + sin * dy, cos * dy - sin * dx];
    });
  });
  const offset = Array.from({ length: 10 }, (_, k) => mean(errors.map((error) => error[k] as number)));
  const squares = errors.map((error) => error.reduce((sum, value, k) => sum + (value - (offset[k] as number)) ** 2, 0));
  return 100 * Math.sqrt(mean(squares) / 5);
}

function middle(five: readonly number[]): readonly [number, number] {
  return [mean([0, 2, 4, 6, 8].map((k) => five[k] as number)), mean([1, 3, 5, 7, 9].map((k) => five[k] as number))];
}

function distance(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
