import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Shot } from '../../film/shot.ts';
import type { PreviewFace, PreviewSheet } from '../../report/preview-page.ts';
import type { CastTrack } from '../render/cast-track.ts';
import { type ContactSheet, contactSheet } from './contact-sheet.ts';
import { type FaceRecord, faceRecord, writeFace } from './face-files.ts';
import type { FrameView, FrameViewer } from './frame-viewer.ts';
import type { PreviewFolder } from './preview-folder.ts';
import type { RestoredFrame } from './render-frames.ts';

/**
 * Gathers the faces of frames as pictures of their own and as sheets. Those of a shot are written as soon as the next shot begins: a sample
 * of a whole reel has more of them than memory holds.
 */
export interface ShownFaces {
  /** Takes frames in order. */
  add(shot: Shot, frame: RestoredFrame, view: FrameView): Promise<void>;
  /** Writes those of the last shot. What was written: track by track, and shot by shot. */
  finish(): Promise<{ readonly faces: readonly PreviewFace[]; readonly sheets: readonly PreviewSheet[] }>;
}

export interface FacesToShow {
  readonly folder: PreviewFolder;
  readonly reel: Reel;
  readonly tracks: readonly CastTrack[];
  /** From the first frame that is shown to the last. */
  readonly range: FrameRange;
  readonly viewer: FrameViewer;
}

export function shownFaces({ folder, reel, tracks, range, viewer }: FacesToShow): ShownFaces {
  const faces: PreviewFace[] = [];
  const sheets: PreviewSheet[] = [];
  let open: { readonly shot: Shot; readonly record: FaceRecord; readonly sheet: ContactSheet } | null = null;
  const begun = (shot: Shot) => {
    const own = tracks.filter(({ track }) => track.shot === shot.index);
    return { shot, record: faceRecord(own, range), sheet: contactSheet(reel, shot, own, viewer) };
  };
  const close = async () => {
    for (const face of open?.record.faces() ?? []) {
      const written = await writeFace(folder, reel, face);
      if (written) faces.push(written);
    }
    const sheet = await open?.sheet.write(folder);
    if (sheet) sheets.push(sheet);
    open = null;
  };
  return {
    async add(shot, frame, view) {
      if (open?.shot.index !== shot.index) await close();
      open ??= begun(shot);
      open.record.add(frame);
      open.sheet.add(frame, view);
    },
    async finish() {
      await close();
      return { faces, sheets };
    },
  };
}
