import type { RgbPicture } from '../../face/networks.ts';
import { type PictureSize, swapsSides } from '../../film/orientation.ts';
import { pasteRegion } from '../../film/plate.ts';
import { plateColourOf } from '../../film/plate-colour.ts';
import { toNumber } from '../../film/rational.ts';
import { type Reel, storedAs } from '../../film/reel.ts';
import { isEmpty, type Roi } from '../../film/roi.ts';
import { blankPicture } from '../../render/rgb-pictures.ts';
import { plateShower } from '../../render/shown-plates.ts';
import { shrunkPart, unionOf } from './face-part.ts';
import type { RestoredFrame } from './render-frames.ts';

/** A frame before and after, to be looked at. */
export interface FrameView {
  /** Display-referred, with the plate's own pixels or some of them averaged. Their memory is that of the next view, too. */
  readonly before: RgbPicture;
  readonly after: RgbPicture;
  /** The only part in which they differ, pixels of the pictures; null where they do not. */
  readonly changed: Roi | null;
}

export interface FrameViewer extends PictureSize {
  /** Plate pixels a picture pixel, on each side. */
  readonly shrink: number;
  /** How much wider a pixel is shown than high. */
  readonly pixelAspect: number;
  /** Shows a frame. Its plate is the untouched one afterwards. */
  view(frame: RestoredFrame): FrameView;
}

/** Movies and stills are this wide at most, pixels. */
export const WIDEST = 1920;

export function frameViewer(reel: Reel): FrameViewer {
  const shower = plateShower(reel, plateColourOf(reel), Math.max(1, Math.round(reel.width / WIDEST)));
  const { width, height, shrink } = shower;
  const before = blankPicture(width, height);
  const after = blankPicture(width, height);
  return {
    width,
    height,
    shrink,
    pixelAspect: pixelAspectOf(reel),
    view({ plate, faces }) {
      shower.show(plate, after.rgb);
      before.rgb.set(after.rgb);
      let changed: Roi | null = null;
      // One face may lie over another: the last one is taken off first.
      for (const face of faces.toReversed()) {
        if (face.before) pasteRegion(plate, face.before);
        changed = unionOf(changed, face.comped.region.roi);
      }
      const part = changed && shrunkPart(changed, shrink, { x: 0, y: 0, width, height });
      if (!part || isEmpty(part)) return { before, after, changed: null };
      shower.show(plate, before.rgb, part);
      return { before, after, changed: part };
    },
  };
}

/** The size at which pictures of this size are shown: with square pixels, not wider than `most`, both sides even. */
export function shownSize({ width, height }: PictureSize, pixelAspect: number, most: number = WIDEST): PictureSize {
  const scale = Math.min(1, most / (width * pixelAspect));
  const even = (side: number) => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width * pixelAspect), height: even(height) };
}

/** Of upright plates. */
function pixelAspectOf(reel: Reel): number {
  const stored = reel.pixelAspect ? toNumber(reel.pixelAspect) : 1;
  return swapsSides(storedAs(reel, 0).orientation) ? 1 / stored : stored;
}
