import { join } from 'node:path';
import type { RgbPicture } from '../../face/networks.ts';
import { frameTimecode, type Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { openClip } from '../../media/write/clip.ts';
import { drawLabel, labelSize, letterScale } from '../../render/lettering.ts';
import { blankPicture, drawEdge, halvePicture, paste } from '../../render/rgb-pictures.ts';
import { type FrameView, type FrameViewer, shownSize, WIDEST } from './frame-viewer.ts';

/** The frames of a preview in motion. */
export interface PreviewClips extends AsyncDisposable {
  /** Draws the next frame; null for one that cannot be read, in whose place the last one stays. */
  draw(frame: number, view: FrameView | null): Promise<void>;
  finish(): Promise<void>;
}

export const WIPE = 'wipe.mp4';
export const SIDE_BY_SIDE = 'side-by-side.mp4';

/** Where the wipe's line goes to and fro, shares of the picture's width. */
export interface WipeSpan {
  readonly from: number;
  readonly to: number;
}

/** Seconds that the line takes there and back; a shorter clip takes its own length, so that it can be played again and again. */
const THERE_AND_BACK = 4;

export interface ClipsToMake {
  readonly folder: string;
  readonly reel: Reel;
  readonly viewer: FrameViewer;
  readonly frames: number;
  readonly span: WipeSpan;
  readonly ffmpeg: Ffmpeg;
  readonly signal: AbortSignal;
}

/** Opens both clips: before left of a line that moves and after right of it; and both beside each other. */
export function openPreviewClips({ folder, reel, viewer, frames, span, ffmpeg, signal }: ClipsToMake): PreviewClips {
  const { width, height, pixelAspect } = viewer;
  const { rate } = reel;
  const half = { width: width >> 1, height: height >> 1 };
  // Beside each other both are half as wide as the wipe, where that leaves enough of them.
  const isHalved = shownSize(viewer, pixelAspect).width > WIDEST / 2;
  const beside = isHalved ? half : { width, height };
  const pair = { width: 2 * beside.width, height: beside.height };
  const wipe = openClip(
    join(folder, WIPE),
    { picture: viewer, shown: shownSize(viewer, pixelAspect), rate },
    ffmpeg,
    signal,
  );
  const both = openClip(
    join(folder, SIDE_BY_SIDE),
    { picture: pair, shown: shownSize(pair, pixelAspect), rate },
    ffmpeg,
    signal,
  );

  const wiped = blankPicture(width, height);
  const joined = blankPicture(pair.width, pair.height);
  const small = { before: blankPicture(beside.width, beside.height), after: blankPicture(beside.width, beside.height) };
  const cycle = Math.max(1, Math.min(frames, Math.round((THERE_AND_BACK * rate.num) / rate.den)));
  let drawn = 0;

  const drawWipe = ({ before, after }: FrameView, frame: number) => {
    // Slow at the turns: half a cosine there, half a cosine back.
    const way = (1 - Math.cos((2 * Math.PI * drawn) / cycle)) / 2;
    const edge = Math.round(width * (span.from + way * (span.to - span.from)));
    wiped.rgb.set(after.rgb);
    paste(before, wiped, { x: 0, y: 0 }, { x: 0, y: 0, width: edge, height });
    drawEdge(wiped, edge, Math.max(1, Math.round(width / 640)));
    label(wiped, { left: 'before', right: 'after', below: frameLabel(reel, frame) });
  };
  const drawBoth = ({ before, after, changed }: FrameView, frame: number) => {
    if (isHalved) {
      halvePicture(before, small.before);
      small.after.rgb.set(small.before.rgb);
      if (changed) halvePicture(after, small.after, changed);
    }
    paste(isHalved ? small.before : before, joined, { x: 0, y: 0 });
    paste(isHalved ? small.after : after, joined, { x: beside.width, y: 0 });
    label(joined, { left: 'before', right: 'after', below: frameLabel(reel, frame) });
  };

  return {
    async draw(frame, view) {
      if (view) {
        drawWipe(view, frame);
        drawBoth(view, frame);
      }
      drawn += 1;
      await Promise.all([wipe.write(wiped.rgb), both.write(joined.rgb)]);
    },
    async finish() {
      await Promise.all([wipe.finish(), both.finish()]);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([wipe[Symbol.asyncDispose](), both[Symbol.asyncDispose]()]);
    },
  };
}

/** `1043  01:00:01:18`. */
export function frameLabel(reel: Reel, frame: number): string {
  const timecode = frameTimecode(reel, frame);
  return `${reel.first + frame}${timecode === null ? '' : `  ${timecode}`}`;
}

/** Labels in the corners of a picture. */
function label(
  picture: RgbPicture,
  { left, right, below }: { readonly left: string; readonly right: string; readonly below: string },
): void {
  const scale = letterScale(picture.height);
  const gap = 3 * scale;
  const bottom = picture.height - gap - labelSize(below, scale).height;
  drawLabel(picture, left, { x: gap, y: gap, scale });
  drawLabel(picture, right, { x: picture.width - gap - labelSize(right, scale).width, y: gap, scale });
  drawLabel(picture, below, { x: gap, y: bottom, scale });
}
