import { fivePoints, interOcular } from '../../face/landmarks.ts';
import { contains, type FrameRange, lengthOf, overlap } from '../../film/range.ts';
import { frameTimecode, type Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { Take } from '../../film/shot.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { framesAsked } from '../analysis/frame-range.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { PreviewJob } from '../job.ts';
import { type CastTrack, tracksIn } from '../render/cast-track.ts';

/** Which frames a preview shows. */
export interface PreviewFrames {
  /** In order, each in one shot; `touched` where a face may be restored in them. */
  readonly takes: readonly Take[];
  /** True where they follow one another, and so can be shown in motion. */
  readonly inMotion: boolean;
  /** The frame that is shown first. */
  readonly first: number;
  /** As a sentence. */
  readonly said: string;
}

/** Frames that are shown where nothing says which. */
const CHOSEN_FRAMES = 48;

type Analysed = Pick<ReelAnalysis, 'reel' | 'tracked'>;

/**
 * The frames that were asked for; where nothing was asked for, the middle of the shot with the largest face.
 *
 * @param tracks those that are restored
 * @throws UsageError for a shot that the reel does not have; ReelError for frames that it does not have, or where no sampled frame shows a face
 */
export function previewFrames(job: PreviewJob, analysis: Analysed, tracks: readonly CastTrack[]): PreviewFrames {
  const { reel } = analysis;
  if (job.every !== undefined) return sampled(job.every, analysis, tracks);
  const [range, said] = rangeShown(job, analysis, tracks);
  const takes = analysis.tracked.shots
    .map((shot) => ({ ...overlap(shot, range), shot: shot.index }))
    .filter((part) => lengthOf(part) > 0)
    .map((part) => ({ ...part, touched: tracksIn(tracks, part).length > 0 }));
  return { takes, inMotion: true, first: middleOf(range, tracks), said: `${said}: ${framesSaid(range, reel)}.` };
}

function rangeShown(
  { range, shot }: PreviewJob,
  { reel, tracked }: Analysed,
  tracks: readonly CastTrack[],
): readonly [FrameRange, said: string] {
  if (range) return [framesAsked(reel, range), 'The frames that were asked for'];
  if (shot !== undefined) {
    const found = tracked.shots[shot - 1];
    if (found) return [found, `Shot ${shot}`];
    const { length } = tracked.shots;
    throw new UsageError(
      `--shot ${shot}: "${reel.path}" has ${length === 1 ? 'one shot' : `shots 1 to ${length}`}. Give one of them; "reelmend inspect" lists them.`,
    );
  }
  const largest = largestOf(tracks);
  if (!largest) return [middle({ in: 0, out: reel.frames }), 'No face is restored in this reel; its middle'];
  return [middle(largest), `The middle of shot ${largest.track.shot + 1}, which has the largest face`];
}

/** Every frame of the reel whose index divides by `every` and which shows a face. */
function sampled(every: number, { reel, tracked }: Analysed, tracks: readonly CastTrack[]): PreviewFrames {
  const takes = tracked.shots.flatMap((shot): Take[] => {
    const frames: Take[] = [];
    for (let frame = Math.ceil(shot.in / every) * every; frame < shot.out; frame += every) {
      const take = { in: frame, out: frame + 1, shot: shot.index, touched: true };
      if (tracksIn(tracks, take).length > 0) frames.push(take);
    }
    return frames;
  });
  const looked = Math.ceil(reel.frames / every);
  const first = takes[Math.floor(takes.length / 2)];
  if (!first) {
    throw new ReelError(
      `--every ${every}: none of the ${looked} frames of "${reel.path}" that were looked at shows a face to restore. Give a smaller number, or --shot or --range.`,
    );
  }
  const said = `Every ${every === 1 ? '' : `${ordinal(every)} `}frame of the reel, those with a face: ${takes.length} of ${looked}.`;
  return { takes, inMotion: false, first: first.in, said };
}

function ordinal(n: number): string {
  const ending = n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}

/** The middle of the part of the range in which a face is largest, or its own where none is. */
function middleOf(range: FrameRange, tracks: readonly CastTrack[]): number {
  const largest = largestOf(tracksIn(tracks, range), range);
  const part = largest ? overlap(largest, range) : range;
  return Math.floor((part.in + part.out) / 2);
}

/** The track with the largest face in a range. */
function largestOf(tracks: readonly CastTrack[], range?: FrameRange): CastTrack | undefined {
  const sizeOf = (part: CastTrack) =>
    part.track.observations
      .filter(({ frame }) => contains(part, frame) && (!range || contains(range, frame)))
      .reduce((most, { landmarks }) => Math.max(most, interOcular(fivePoints(landmarks))), 0);
  const sizes = tracks.map(sizeOf);
  return tracks[sizes.indexOf(Math.max(...sizes))];
}

function middle(range: FrameRange): FrameRange {
  const length = Math.min(CHOSEN_FRAMES, lengthOf(range));
  const from = range.in + Math.floor((lengthOf(range) - length) / 2);
  return { in: from, out: from + length };
}

/** `frames 1041–1088, 01:00:01:16 – 01:00:03:15`. */
function framesSaid({ in: from, out }: FrameRange, reel: Reel): string {
  const [begin, end] = [frameTimecode(reel, from), frameTimecode(reel, out - 1)];
  const numbers =
    out - from === 1 ? `frame ${reel.first + from}` : `frames ${reel.first + from}–${reel.first + out - 1}`;
  return begin === null || end === null ? numbers : `${numbers}, ${out - from === 1 ? begin : `${begin} – ${end}`}`;
}
