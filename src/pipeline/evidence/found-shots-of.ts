import type { FoundFace, FoundShot, FoundShots, ShotMarker } from '../../editorial/found-shots.ts';
import { contains, type FrameRange, lengthOf, overlap } from '../../film/range.ts';
import type { FaceFrames } from '../../report/face-frames.ts';
import { rangesOf } from '../../report/frame-ranges.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { CastTrack } from '../render/cast-track.ts';

/** What became of the faces of a run. */
export interface RestoredFaces {
  readonly tracks: readonly CastTrack[];
  /** By the id of the track. */
  readonly faces: ReadonlyMap<string, FaceFrames>;
}

const NOTHING: RestoredFaces = { tracks: [], faces: new Map() };

/**
 * The shots of an analysed reel for an editor's list: those that were chosen, else those that were detected.
 *
 * @param restored what a run made of them; absent where nothing was restored
 */
export function foundShotsOf(analysis: ReelAnalysis, restored: RestoredFaces = NOTHING): FoundShots {
  const { reel, chosen, tracked } = analysis;
  const shots =
    chosen ?? tracked.shots.map((shot) => ({ ...shot, name: `shot ${String(shot.index + 1).padStart(3, '0')}` }));
  return { reel, shots: shots.map((shot) => foundShot(shot, analysis, restored)) };
}

function foundShot(
  { name, in: from, out }: FrameRange & { readonly name: string },
  { reel, tracked, castings }: ReelAnalysis,
  { tracks, faces }: RestoredFaces,
): FoundShot {
  const shot = { in: from, out };
  const found: FoundFace[] = [];
  const markers: ShotMarker[] = [];
  for (const track of tracked.tracks) {
    const own = overlap(track, shot);
    if (lengthOf(own) === 0) continue;
    const frames = framesIn(faces.get(track.id), shot);
    const part = tracks.find(({ id, ...range }) => id === track.id && lengthOf(overlap(range, shot)) > 0);
    const restorer = part && frames.restored.length > 0 ? part.brief.restorer.name : null;
    const person = castings.find((casting) => casting.track === track.id)?.person ?? null;
    found.push({ ...own, track: track.id, person, restorer, restored: frames.restored.length });
    if (part) markers.push(...markersOf(person ?? track.id, frames, part));
  }
  const damaged = [...reel.damaged].filter(([frame]) => contains(shot, frame));
  for (const reason of new Set(damaged.map(([, why]) => why))) {
    const bad = damaged.filter(([, why]) => why === reason).map(([frame]) => frame);
    for (const range of rangesOf(bad.sort((a, b) => a - b))) markers.push({ ...range, kind: 'damaged', text: reason });
  }
  return { name, ...shot, faces: found, markers: markers.sort((a, b) => a.in - b.in) };
}

function framesIn(face: FaceFrames | undefined, shot: FrameRange): Omit<FaceFrames, 'track'> {
  const isIn = ({ frame }: { readonly frame: number }) => contains(shot, frame);
  const { restored = [], refused = [], likeness = [] } = face ?? {};
  return { restored: restored.filter(isIn), refused: refused.filter(isIn), likeness: likeness.filter(isIn) };
}

/** The frames in which a face was changed most, is least like its person and flickers most, and those in which it was left alone. */
function markersOf(
  who: string,
  { restored, refused, likeness }: Omit<FaceFrames, 'track'>,
  { id: track, brief }: CastTrack,
): ShotMarker[] {
  const { reasons } = restorerNamed(RESTORERS, brief.restorer.name).words;
  const markers: ShotMarker[] = [];
  const mark = (kind: ShotMarker['kind'], frame: number, value: number, text: string) =>
    markers.push({ in: frame, out: frame + 1, kind, track, value: rounded(value), text: `${who} ${text}` });
  const changed = most(restored, ({ change }) => change);
  if (changed) mark('changed', changed.frame, changed.change, `changed most, by ${changed.change.toFixed(1)} levels`);
  const like = most(likeness, ({ after }) => -after);
  if (like) mark('likeness', like.frame, like.after, `least like, ${like.after.toFixed(2)}`);
  const flickering = most(restored, ({ flicker }) => flicker?.[1] ?? -1);
  if (flickering?.flicker) {
    mark(
      'flicker',
      flickering.frame,
      flickering.flicker[1],
      `flickers most, ${flickering.flicker[1].toFixed(2)} levels`,
    );
  }
  for (const reason of new Set(refused.map((one) => one.reason))) {
    const text = `${who} left as it was: ${reasons[reason]?.leftAlone ?? reason}`;
    const frames = refused.filter((one) => one.reason === reason).map(({ frame }) => frame);
    for (const range of rangesOf(frames)) markers.push({ ...range, kind: 'refused', track, text });
  }
  return markers;
}

function most<T>(frames: readonly T[], of: (one: T) => number): T | null {
  return frames.reduce<T | null>((best, one) => (best && of(best) >= of(one) ? best : one), null);
}

function rounded(value: number): number {
  return Math.round(1e4 * value) / 1e4;
}
