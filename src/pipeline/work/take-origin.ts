import { contains, type FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { RENDER_VERSION } from '../../restore/render-version.ts';
import type { Overrides } from '../../settings/overrides.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import { holdoutsAt } from '../render/holdouts.ts';

/** What all takes of a run depend on, and all faces in them. */
export interface TakeOrigin {
  /** See `reelPrint`. */
  readonly print: string;
  readonly reel: Reel;
  readonly overrides: Overrides;
  /** `RENDER_VERSION` of the program that renders. */
  readonly renderVersion: number;
  /** ffmpeg's version: it decodes, and encodes movies. */
  readonly ffmpeg: string;
  /** Hashes of the restorers' networks, by id. */
  readonly networks: Readonly<Record<string, string>>;
}

export function originOf(
  { print, reel, overrides }: Pick<ReelAnalysis, 'print' | 'reel' | 'overrides'>,
  { version: ffmpeg }: Pick<Ffmpeg, 'version'>,
  networks: TakeOrigin['networks'],
  renderVersion = RENDER_VERSION,
): TakeOrigin {
  return { print, reel, overrides, renderVersion, ffmpeg, networks };
}

/** How samples are stored: their format, how each of the frames is turned (of a movie all as the first), and the layer. */
export function storedFacts(reel: Reel, frames: FrameRange): unknown[] {
  const turns = reel.kind === 'movie' ? reel.stored : reel.stored?.slice(frames.in, frames.out);
  const layer = reel.kind === 'folder' && reel.layer !== undefined ? [reel.layer] : [];
  return [reel.pixelFormat, reel.format.name, ...(reel.stored ? [turns] : []), ...layer];
}

export function damagedIn(reel: Reel, range: FrameRange): number[] {
  return [...reel.damaged.keys()].filter((frame) => contains(range, frame)).sort((a, b) => a - b);
}

/** In a movie the nearest whole frame, wherever it is, may stand in a damaged one's place. */
export function damagedFor(reel: Reel, take: FrameRange): number[] {
  return damagedIn(reel, take).length > 0 ? damagedIn(reel, { in: 0, out: reel.frames }) : [];
}

/** The forbidden rectangles of each of the frames that has any. */
export function holdoutsIn({ overrides, reel }: TakeOrigin, take: FrameRange): unknown[] {
  const held: unknown[] = [];
  for (let frame = take.in; frame < take.out; frame++) {
    const rois = holdoutsAt(overrides, frame, reel);
    if (rois.length > 0) held.push([frame, rois]);
  }
  return held;
}
