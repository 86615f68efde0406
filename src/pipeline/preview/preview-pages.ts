import type { RgbPicture } from '../../face/networks.ts';
import type { Reel } from '../../film/reel.ts';
import { type PreviewPage, type PreviewPair, renderPreviewPage } from '../../report/preview-page.ts';
import { frameLabel } from './clips.ts';
import { fileName } from './face-files.ts';
import { type FrameViewer, shownSize } from './frame-viewer.ts';
import { jpegOf } from './picture-files.ts';
import type { PreviewFolder } from './preview-folder.ts';

export const PAGE = 'index.html';
/** What the only version is called. */
export const AFTER = 'after';

/** The page of a preview while it grows. */
export interface GrowingPage {
  /** Adds to what the page shows, notes to those that stand there, and writes it. */
  show(more: Partial<PreviewPage>): Promise<void>;
}

export function growingPage(
  folder: PreviewFolder,
  begun: Pick<PreviewPage, 'title' | 'said' | 'how' | 'ways' | 'notes' | 'version'>,
): GrowingPage {
  let page: PreviewPage = { ...begun, running: true, pairs: [], clips: null, grid: null, faces: [], sheets: [] };
  return {
    async show(more) {
      page = { ...page, ...more, notes: [...page.notes, ...(more.notes ?? [])] };
      await folder.write(PAGE, renderPreviewPage(page));
    },
  };
}

/** A whole frame before, and after by the name of each version. */
export interface PairToWrite {
  readonly frame: number;
  readonly before: RgbPicture;
  readonly after: readonly { readonly name: string; readonly picture: RgbPicture }[];
}

/** Writes a frame before and after, with square pixels. */
export async function writeFramePair(
  folder: PreviewFolder,
  reel: Reel,
  viewer: FrameViewer,
  { frame, before, after }: PairToWrite,
): Promise<PreviewPair> {
  const size = shownSize(viewer, viewer.pixelAspect);
  const write = async (which: string, picture: RgbPicture) => {
    const name = `frame-${reel.first + frame}-${fileName(which)}.jpg`;
    await folder.write(name, await jpegOf(picture, size));
    return name;
  };
  const files = await Promise.all([
    write('before', before),
    ...after.map(({ name, picture }) => write(name === AFTER ? AFTER : `after-${name}`, picture)),
  ]);
  return {
    frame: frameLabel(reel, frame),
    ...size,
    before: files[0] as string,
    after: after.map(({ name }, k) => ({ name, file: files[k + 1] as string })),
  };
}
