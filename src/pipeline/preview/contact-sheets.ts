import type { RgbPicture } from '../../face/networks.ts';
import type { Reel } from '../../film/reel.ts';
import { isEmpty } from '../../film/roi.ts';
import type { Shot } from '../../film/shot.ts';
import { drawSheet } from '../../render/picture-sheet.ts';
import { cropped } from '../../render/rgb-pictures.ts';
import type { PreviewSheet } from '../../report/preview-page.ts';
import type { CastTrack } from '../render/cast-track.ts';
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

/** Gathers the faces that a preview shows, shot by shot, and draws those that were changed most. */
export interface ContactSheets {
  add(shot: number, frame: RestoredFrame, view: FrameView): void;
  /** A sheet for every shot with a face, the faces that were changed most first. */
  write(folder: PreviewFolder): Promise<PreviewSheet[]>;
}

export function contactSheets(
  reel: Reel,
  shots: readonly Shot[],
  tracks: readonly CastTrack[],
  viewer: FrameViewer,
): ContactSheets {
  const byShot = new Map<number, { cells: Cell[]; seen: number }>();
  const picture = { x: 0, y: 0, width: viewer.width, height: viewer.height };
  const plate = { x: 0, y: 0, width: reel.width, height: reel.height };
  return {
    add(shot, { plate: { frame }, faces }, { before, after }) {
      const known = byShot.get(shot) ?? { cells: [], seen: 0 };
      byShot.set(shot, known);
      for (const { track: id, comped } of faces) {
        const track = tracks.find((one) => one.id === id);
        const landmarks = track?.track.observations[frame - track.in]?.landmarks;
        if (!landmarks) continue;
        known.seen += 1;
        const { change } = comped.face;
        const last = known.cells.at(-1);
        if (known.cells.length === CELLS && change <= (last?.change ?? 0)) continue;
        const part = shrunkPart(facePart(landmarks, plate), viewer.shrink, picture);
        if (isEmpty(part)) continue;
        const cell = {
          frame,
          change,
          gate: comped.facts?.gate ?? null,
          before: cropped(before, part),
          after: cropped(after, part),
        };
        known.cells.push(cell);
        known.cells.sort((a, b) => b.change - a.change);
        known.cells.length = Math.min(CELLS, known.cells.length);
      }
    },
    async write(folder) {
      const sheets: PreviewSheet[] = [];
      for (const [shot, { cells, seen }] of [...byShot].sort(([a], [b]) => a - b)) {
        const range = shots[shot];
        if (!range || cells.length === 0) continue;
        const title = `Shot ${shot + 1}, frames ${reel.first + range.in}-${reel.first + range.out - 1}: before, after. Most changed first`;
        const drawn = await Promise.all(cells.map((cell) => drawnCell(reel, cell, viewer.pixelAspect)));
        const sheet = drawSheet(drawn, { title, columns: COLUMNS, scale: 2 });
        const name = `sheet-shot-${shot + 1}.jpg`;
        await folder.write(name, await jpegOf(sheet));
        const { width, height } = sheet;
        sheets.push({ shot: shot + 1, name, width, height, shown: cells.length, of: seen });
      }
      return sheets;
    },
  };
}

async function drawnCell(reel: Reel, { frame, change, gate, before, after }: Cell, pixelAspect: number) {
  const size = { width: Math.round(HEIGHT * pixelAspect), height: HEIGHT };
  const pictures = await Promise.all([before, after].map((one) => scaledPicture(one, size)));
  const accepted = gate === null ? '' : `  gate ${Math.round(100 * gate)}%`;
  return { pictures, caption: `${frameLabel(reel, frame)}  ${change.toFixed(1)}${accepted}` };
}
