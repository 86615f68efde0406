import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RgbPicture } from '../../face/networks.ts';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Roi } from '../../film/roi.ts';
import type { Take } from '../../film/shot.ts';
import { CLIP_ENCODER, type Clip, openClip } from '../../media/write/clip.ts';
import { joinClips } from '../../media/write/clip-grid.ts';
import { drawLabel, labelSize, letterScale } from '../../render/lettering.ts';
import { drawSheet } from '../../render/picture-sheet.ts';
import { cropped } from '../../render/rgb-pictures.ts';
import type { CastTrack } from '../render/cast-track.ts';
import { frameLabel } from './clips.ts';
import { facePart, shrunkPart, unionOf } from './face-part.ts';
import { type FrameViewer, frameViewer, shownSize, WIDEST } from './frame-viewer.ts';
import { jpegOf, scaledPicture } from './picture-files.ts';
import type { PreviewFrames } from './preview-frames.ts';
import { writeFramePair } from './preview-pages.ts';
import type { PlannedVersion } from './preview-version.ts';
import { notesOn, type PreviewMaking, type ShownCount, singleTake } from './shown-version.ts';

const GRID = 'grid.mp4';
const SHEET = 'sheet-versions.jpg';
/** Frames on the sheet. */
const SHEET_FRAMES = 4;
/** Height of its pictures at most, pixels. */
const SHEET_HEIGHT = 400;

/** Shows the same frames in several versions beside each other: one frame first, then all of them, where they follow one another. */
export async function compareVersions(
  versions: readonly PlannedVersion[],
  { takes, first, inMotion }: PreviewFrames,
  making: PreviewMaking,
): Promise<ShownCount> {
  const { folder, page, render, ffmpeg, onProgress } = making;
  const [{ analysis, tracks }] = versions as [PlannedVersion];
  const { reel } = analysis;
  const viewer = frameViewer(reel);
  const length = takes.reduce((sum, take) => sum + lengthOf(take), 0);
  const total = versions.length * length;
  const progress = (done: number) => onProgress({ stage: 'rendering', done, total, unit: 'frames' });
  progress(0);

  const opening: { name: string; picture: RgbPicture }[] = [];
  for (const version of versions) {
    await render(version, singleTake(takes, first), async (_, frame, restored) => {
      if (!restored) return;
      const { before, after } = viewer.view(restored);
      opening.push({ name: version.name, picture: { ...after, rgb: after.rgb.slice() } });
      // Those between come with the last one: every picture is written anew each time.
      if (opening.length > 1 && opening.length < versions.length) return;
      await page.show({ pairs: [await writeFramePair(folder, reel, viewer, { frame, before, after: opening })] });
    });
  }

  const part = partCompared(reel, viewer, tracks, takes);
  const sheet = versionSheet(reel, takes, viewer, ['before', ...versions.map(({ name }) => name)]);
  const hasClips = inMotion && (await ffmpeg.hasEncoder(CLIP_ENCODER));
  await using tiles = hasClips
    ? versionTiles(
        versions.map(({ name }) => name),
        reel,
        viewer,
        part,
        making,
      )
    : null;
  let done = 0;
  let restoredFrames = 0;
  for (const [k, version] of versions.entries()) {
    await render(version, takes, async (_, frame, restored) => {
      const view = restored && viewer.view(restored);
      const after = view && cropped(view.after, part);
      if (k === 0) {
        const before = view && cropped(view.before, part);
        await sheet.add(frame, 0, before);
        await tiles?.draw(0, before);
        if (restored && restored.faces.length > 0) restoredFrames += 1;
      }
      await sheet.add(frame, k + 1, after);
      await tiles?.draw(k + 1, after);
      done += 1;
      progress(done);
    });
    await tiles?.finish(k);
  }
  onProgress({ stage: 'report', done: 0, total: 0, unit: 'frames' });
  await folder.write(SHEET, await jpegOf(sheet.drawn()));
  await tiles?.join();
  const notes = notesOn(restoredFrames, hasClips || !inMotion, ffmpeg);
  await page.show({ running: false, notes, grid: { clip: tiles ? GRID : null, sheet: SHEET } });
  return { frames: length, restored: restoredFrames, notes };
}

/** The part of the pictures in which all faces lie that are restored in the frames; all of it where there are none. */
function partCompared(reel: Reel, viewer: FrameViewer, tracks: readonly CastTrack[], takes: readonly Take[]): Roi {
  const plate = { x: 0, y: 0, width: reel.width, height: reel.height };
  const picture = { x: 0, y: 0, width: viewer.width, height: viewer.height };
  const isShown = (frame: number) => takes.some((take) => contains(take, frame));
  const parts = tracks.flatMap(({ track }) =>
    track.observations.filter(({ frame }) => isShown(frame)).map(({ landmarks }) => facePart(landmarks, plate)),
  );
  const whole = parts.reduce<Roi | null>((all, one) => (one.width > 0 ? unionOf(all, one) : all), null);
  return whole ? shrunkPart(whole, viewer.shrink, picture) : picture;
}

/** Frames spread over those that show a face, each a row of the sheet. */
function framesOnSheet(takes: readonly Take[]): number[] {
  const touched = takes.filter((take) => take.touched);
  const frames = (touched.length > 0 ? touched : takes).flatMap((take: FrameRange) =>
    Array.from({ length: lengthOf(take) }, (_, k) => take.in + k),
  );
  const count = Math.min(SHEET_FRAMES, frames.length);
  return Array.from({ length: count }, (_, k) => frames[Math.floor(((k + 0.5) * frames.length) / count)] as number);
}

/** Gathers a few frames in every version; the first column is the plate. */
function versionSheet(reel: Reel, takes: readonly Take[], viewer: FrameViewer, names: readonly string[]) {
  const frames = framesOnSheet(takes);
  const cells = new Map<string, RgbPicture>();
  return {
    async add(frame: number, column: number, picture: RgbPicture | null): Promise<void> {
      if (!picture || !frames.includes(frame)) return;
      const height = Math.min(SHEET_HEIGHT, picture.height);
      const width = Math.round((picture.width * viewer.pixelAspect * height) / picture.height);
      cells.set(`${frame} ${column}`, await scaledPicture(picture, { width, height }));
    },
    drawn: () =>
      drawSheet(
        frames.flatMap((frame) =>
          names.flatMap((name, column) => {
            const picture = cells.get(`${frame} ${column}`);
            return picture
              ? [{ pictures: [picture], caption: column === 0 ? `${frameLabel(reel, frame)}  ${name}` : name }]
              : [];
          }),
        ),
        { title: 'The same frames in every version', columns: names.length, scale: 2 },
      ),
  };
}

/** A clip of every version's faces, and of the plate's, that are joined at last. */
interface VersionTiles extends AsyncDisposable {
  /** Draws the next frame of a version, 0 being the plate; null for one that cannot be read, in whose place the last one stays. */
  draw(tile: number, picture: RgbPicture | null): Promise<void>;
  /** A version's last frame is drawn. */
  finish(version: number): Promise<void>;
  join(): Promise<void>;
}

function versionTiles(
  names: readonly string[],
  reel: Reel,
  viewer: FrameViewer,
  part: Roi,
  { folder, ffmpeg, signal }: PreviewMaking,
): VersionTiles {
  const labels = ['before', ...names];
  const columns = labels.length <= 4 ? labels.length : Math.ceil(Math.sqrt(1.6 * labels.length));
  const shown = shownSize(part, viewer.pixelAspect, Math.min(WIDEST / columns, part.width * viewer.pixelAspect));
  const pathOf = (tile: number) => join(folder.path, `version-${tile}.mp4`);
  const open = new Map<number, Clip>();
  const last = new Map<number, RgbPicture>();
  const clipOf = (tile: number): Clip => {
    const clip = open.get(tile) ?? openClip(pathOf(tile), { picture: part, shown, rate: reel.rate }, ffmpeg, signal);
    open.set(tile, clip);
    return clip;
  };
  const end = async (tile: number) => {
    await open.get(tile)?.finish();
    open.delete(tile);
  };
  return {
    async draw(tile, picture) {
      const shownNow = picture ?? last.get(tile) ?? { ...part, rgb: new Uint8Array(3 * part.width * part.height) };
      if (picture) label(picture, labels[tile] as string, part.height / shown.height);
      last.set(tile, shownNow);
      await clipOf(tile).write(shownNow.rgb);
    },
    async finish(version) {
      if (version === 0) await end(0);
      await end(version + 1);
    },
    async join() {
      await joinClips(
        labels.map((_, tile) => pathOf(tile)),
        join(folder.path, GRID),
        { tile: shown, columns },
        { ffmpeg, signal },
      );
      for (const tile of labels.keys()) await rm(pathOf(tile), { force: true });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...open.values()].map((clip) => clip[Symbol.asyncDispose]()));
      for (const tile of labels.keys()) await rm(pathOf(tile), { force: true });
    },
  };
}

/** Writes a name into a picture's corner, as large as can be read when it is shrunk by `shrink`, and fits. */
function label(picture: RgbPicture, name: string, shrink: number): void {
  const readable = Math.max(1, Math.ceil(letterScale(picture.height / shrink) * shrink));
  const fitting = Math.floor(picture.width / labelSize(name, 1).width);
  const scale = Math.max(1, Math.min(readable, fitting));
  drawLabel(picture, name, { x: 2 * scale, y: 2 * scale, scale });
}
