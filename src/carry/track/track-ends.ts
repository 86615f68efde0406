import type { Landmarks } from '../../face/landmarks.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { FrameRange } from '../../film/range.ts';
import type { RawTrack } from './raw-track.ts';

/** Width and height of what landmarks are pixels of. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Where a track begins or ends within its shot while its face lies wholly in the picture; see `FaceTrack.appears`. */
export function trackEnds(
  { in: from, observations }: Pick<RawTrack, 'in' | 'observations'>,
  shot: FrameRange,
  picture: PictureSize,
): Pick<FaceTrack, 'appears' | 'vanishes'> {
  const out = from + observations.length;
  const [first, last] = [observations[0], observations.at(-1)];
  return {
    ...(first && from > shot.in && liesIn(first.landmarks, picture) ? { appears: from } : {}),
    ...(last && out < shot.out && liesIn(last.landmarks, picture) ? { vanishes: out } : {}),
  };
}

function liesIn(landmarks: Landmarks, { width, height }: PictureSize): boolean {
  return landmarks.every((v, i) => i % 3 === 2 || (v >= 0 && v <= (i % 3 === 0 ? width : height)));
}
