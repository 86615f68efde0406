import type { RgbPicture } from '../../face/networks.ts';
import type { Reel } from '../../film/reel.ts';
import { isEmpty } from '../../film/roi.ts';
import type { Shot } from '../../film/shot.ts';
import { drawSheet } from '../../render/picture-sheet.ts';
import { cropped } from '../../render/rgb-pictures.ts';
import type { PreviewSheet } from '../../report/preview-page.ts';
import { type CastTrack, landmarksIn } from '../render/cast-track.ts';
import { frameLabel } from './clips.ts';
import { facePart, shrunkPart } from './face-part.ts';
import type { FrameView, FrameViewer } from './frame-viewer.ts';
import { jpegOf, scaledPicture } from './picture-files.ts';
import type { PreviewFolder } from './preview-folder.ts';
import type { RestoredFrame } from './render-frames.ts';

/** Faces on a sheet, cells in a row of it, and the height of their pictures in pixels. */
const CELLS = 24;
const COLUMNS = 4;
const HEIGHT = 200;

interface Cell {
  readonly frame: number;
  readonly change: number;
  readonly gate: number | null;
  readonly before: RgbPicture;
  readonly after: RgbPicture;
}

/** Gathers the faces of a shot that a preview shows, and draws those that were changed most. */
export interface ContactSheet {
  add(frame: RestoredFrame, view: FrameView): void;
  /** Writes the sheet, the faces that were changed most first. Null where no face was seen. */
  write(folder: PreviewFolder): Promise<PreviewSheet | null>;
}

export function contactSheet(reel: Reel, shot: Shot, tracks: readonly CastTrack[], viewer: FrameViewer): ContactSheet {
  const cells: Cell[] = [];
  let seen = 0;
  const picture = { x: 0, y: 0, width: viewer.width, height: viewer.height };
  const plate = { x: 0, y: 0, width: reel.width, height: reel.height };
  return {
    add({ plate: { frame }, faces }, { before, after }) {
      for (const { track: id, comped } of faces) {
        const track = tracks.find((one) => one.id === id);
        const landmarks = track && landmarksIn(track, frame);
        if (!landmarks) continue;
        seen += 1;
        const { change } = comped.face;
        if (cells.length === CELLS && change <= (cells.at(-1)?.change ?? 0)) continue;
        const part = shrunkPart(facePart(landmarks, plate), viewer.shrink, picture);
        if (isEmpty(part)) continue;
        const gate = comped.facts?.gate ?? null;
        cells.push({ frame, change, gate, before: cropped(before, part), after: cropped(after, part) });
        cells.sort((a, b) => b.change - a.change);
        cells.length = Math.min(CELLS, cells.length);
      }
    },
    async write(folder) {
      if (cells.length === 0) return null;
      const number = shot.index + 1;
      const title = `Shot ${number}, frames ${reel.first + shot.in}-${reel.first + shot.out - 1}: before, after. Most changed first`;
      const drawn = await Promise.all(cells.map((cell) => drawnCell(reel, cell, viewer.pixelAspect)));
      const sheet = drawSheet(drawn, { title, columns: COLUMNS, scale: 2 });
      const name = `sheet-shot-${number}.jpg`;
      await folder.write(name, await jpegOf(sheet));
      const { width, height } = sheet;
      return { shot: number, name, width, height, shown: cells.length, of: seen };
    },
  };
}

async function drawnCell(reel: Reel, { frame, change, gate, before, after }: Cell, pixelAspect: number) {
  const size = { width: Math.round(HEIGHT * pixelAspect), height: HEIGHT };
  const pictures = await Promise.all([before, after].map((one) => scaledPicture(one, size)));
  const accepted = gate === null ? '' : `  gate ${Math.round(100 * gate)}%`;
  return { pictures, caption: `${frameLabel(reel, frame)}  ${change.toFixed(1)}${accepted}` };
}
