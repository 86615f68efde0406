import { boxOfLandmarks } from '../../face/box.ts';
import type { RgbPicture } from '../../face/networks.ts';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import { toNumber } from '../../film/rational.ts';
import type { Shot, Take } from '../../film/shot.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { CLIP_ENCODER } from '../../media/write/clip.ts';
import type { PreviewPair } from '../../report/preview-page.ts';
import { type CastTrack, tracksIn } from '../render/cast-track.ts';
import type { RunOptions } from '../run-options.ts';
import { openPreviewClips, SIDE_BY_SIDE, WIPE, type WipeSpan } from './clips.ts';
import type { FrameRenderer } from './frame-renderer.ts';
import { frameViewer, shownSize } from './frame-viewer.ts';
import type { PreviewFolder } from './preview-folder.ts';
import type { PreviewFrames } from './preview-frames.ts';
import { AFTER, type GrowingPage, type PairToWrite, writeFramePair } from './preview-pages.ts';
import type { PlannedVersion } from './preview-version.ts';
import { shownFaces } from './shown-faces.ts';

/** Frames that are shown whole beside the first one, those of different shots that were changed most. */
const PAIRS = 6;

/** Where a preview is made, and by what. */
export interface PreviewMaking extends RunOptions {
  readonly folder: PreviewFolder;
  readonly page: GrowingPage;
  readonly render: FrameRenderer;
  readonly ffmpeg: Ffmpeg;
}

/** How many frames were shown, in how many of them a face was restored, and what a person should know. */
export interface ShownCount {
  readonly frames: number;
  readonly restored: number;
  readonly notes: readonly string[];
}

/** Shows one way of restoring: one frame first, then all of them, in motion where they follow one another. */
export async function showVersion(
  version: PlannedVersion,
  { takes, first, inMotion }: PreviewFrames,
  { folder, page, render, ffmpeg, signal, onProgress }: PreviewMaking,
): Promise<ShownCount> {
  const { tracks, analysis } = version;
  const { reel, tracked } = analysis;
  const viewer = frameViewer(reel);
  const total = takes.reduce((sum, take) => sum + lengthOf(take), 0);
  const range = { in: takes[0]?.in ?? 0, out: takes.at(-1)?.out ?? 0 };
  onProgress({ stage: 'rendering', done: 0, total, unit: 'frames' });

  let opening: PreviewPair | null = null;
  await render(version, singleTake(takes, first), async (_, frame, restored) => {
    if (!restored) return;
    const { before, after } = viewer.view(restored);
    opening = await writeFramePair(folder, reel, viewer, { frame, before, after: [{ name: AFTER, picture: after }] });
    await page.show({ pairs: [opening] });
  });

  const faces = shownFaces({ folder, reel, tracks, range, viewer });
  const worst = worstFrames(PAIRS);
  const counts = { frames: 0, restored: 0 };
  const hasClips = inMotion && (await ffmpeg.hasEncoder(CLIP_ENCODER));
  await using clips = hasClips
    ? openPreviewClips({
        folder: folder.path,
        reel,
        viewer,
        frames: total,
        span: wipeSpan(tracks, range, reel.width),
        ffmpeg,
        signal,
      })
    : null;
  await render(version, takes, async (take, frame, restored) => {
    const view = restored && viewer.view(restored);
    if (restored && view) {
      await faces.add(tracked.shots[take.shot] as Shot, restored, view);
      const change = Math.max(...restored.faces.map(({ comped }) => comped.face.change));
      if (frame !== first) worst.add(take.shot, { frame, change, ...view });
      if (restored.faces.length > 0) counts.restored += 1;
    }
    await clips?.draw(frame, view);
    counts.frames += 1;
    onProgress({ stage: 'rendering', done: counts.frames, total, unit: 'frames', faces: restored?.faces.length ?? 0 });
  });

  onProgress({ stage: 'report', done: 0, total: 0, unit: 'frames' });
  await clips?.finish();
  const written = await faces.finish();
  const pairs = await Promise.all(worst.pairs().map((pair) => writeFramePair(folder, reel, viewer, pair)));
  const { width, height } = shownSize(viewer, viewer.pixelAspect, 960);
  const notes = notesOn(counts.restored, hasClips || !inMotion, ffmpeg);
  await page.show({
    running: false,
    notes,
    pairs: [...(opening ? [opening] : []), ...pairs],
    clips: clips && { wipe: WIPE, sideBySide: SIDE_BY_SIDE, width, height, rate: toNumber(reel.rate) },
    ...written,
  });
  return { ...counts, notes };
}

/** What a person should know of frames that are shown. */
export function notesOn(restored: number, clips: boolean, { version }: Ffmpeg): string[] {
  const lacking = `There are no clips: ffmpeg ${version} lacks the encoder ${CLIP_ENCODER}. Use one built with it (--ffmpeg).`;
  return [...(restored === 0 ? ['No face is restored in these frames.'] : []), ...(clips ? [] : [lacking])];
}

/** The take of one frame. */
export function singleTake(takes: readonly Take[], frame: number): Take[] {
  const take = takes.find((one) => contains(one, frame));
  return take ? [{ ...take, in: frame, out: frame + 1 }] : [];
}

/** Room beside the faces that the line of a wipe crosses, a share of the picture's width. */
const ROOM = 0.04;

/** From left of the faces to right of them; all of the picture where there are none. */
function wipeSpan(tracks: readonly CastTrack[], range: FrameRange, width: number): WipeSpan {
  const boxes = tracksIn(tracks, range).flatMap(({ track }) =>
    track.observations.filter(({ frame }) => contains(range, frame)).map(({ landmarks }) => boxOfLandmarks(landmarks)),
  );
  if (boxes.length === 0) return { from: 0, to: 1 };
  const left = boxes.reduce((least, [x]) => Math.min(least, x), width);
  const right = boxes.reduce((most, [x, , w]) => Math.max(most, x + w), 0);
  return { from: Math.max(0, left / width - ROOM), to: Math.min(1, right / width + ROOM) };
}

/** Keeps the frames that were changed most, of each shot one. */
function worstFrames(most: number) {
  const kept = new Map<
    number,
    { readonly frame: number; readonly change: number; before: RgbPicture; after: RgbPicture }
  >();
  const copied = (picture: RgbPicture) => ({ ...picture, rgb: picture.rgb.slice() });
  const byChange = () => [...kept].sort(([, a], [, b]) => b.change - a.change);
  return {
    add(
      shot: number,
      { frame, change, before, after }: { frame: number; change: number; before: RgbPicture; after: RgbPicture },
    ): void {
      const known = kept.get(shot);
      const least = byChange().at(-1);
      const floor = known ?? (kept.size === most ? least?.[1] : undefined);
      if (change < 0 || (floor && change <= floor.change)) return;
      if (!known && kept.size === most && least) kept.delete(least[0]);
      kept.set(shot, { frame, change, before: copied(before), after: copied(after) });
    },
    pairs: (): PairToWrite[] =>
      byChange().map(([, { frame, before, after }]) => ({ frame, before, after: [{ name: AFTER, picture: after }] })),
  };
}
