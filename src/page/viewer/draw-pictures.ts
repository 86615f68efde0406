import type { Extent, Placement } from './placement.ts';
import type { ShownPictures } from './view-state.ts';

/** How pictures are drawn on the stage, device pixels. */
export interface Drawing {
  readonly shown: ShownPictures;
  /** The plate's size in its own pixels: pictures of playback are drawn as large. */
  readonly plate: Extent;
  readonly placement: Placement;
  readonly stage: Extent;
  readonly panes: readonly (Extent & { readonly left: number })[];
  readonly wipeLine: number;
}

/** Draws what is seen. Pixels that are shown one to one, or larger, keep their edges. */
export function drawPictures(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { shown, plate, placement, stage, panes, wipeLine } = drawing;
  context.clearRect(0, 0, stage.width, stage.height);
  context.imageSmoothingEnabled = shown.isPlayed || !Number.isInteger(placement.scaleX);
  context.imageSmoothingQuality = 'medium';
  const draw = (picture: ImageBitmap | undefined, left: number, from: number, to: number): void => {
    if (!picture || to <= from) return;
    context.save();
    context.beginPath();
    context.rect(from, 0, to - from, stage.height);
    context.clip();
    context.drawImage(
      picture,
      left + placement.left,
      placement.top,
      plate.width * placement.scaleX,
      plate.height * placement.scaleY,
    );
    context.restore();
  };
  const [first, second] = shown.pictures;
  if (shown.layout === 'wipe') {
    draw(first, 0, 0, wipeLine);
    draw(second, 0, wipeLine, stage.width);
    return;
  }
  panes.forEach(({ left, width }, k) => {
    draw(shown.pictures[k], left, left, left + width);
  });
}
