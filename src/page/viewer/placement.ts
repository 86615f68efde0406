import type { Zoom } from '../state.ts';

/** Width and height, in whatever pixels the context says. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** A picture as it is placed: a point of the plate lies at `left + x · scaleX`, `top + y · scaleY`, device pixels of its pane. */
export interface Placement {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly left: number;
  readonly top: number;
}

export type Point = readonly [x: number, y: number];

/** A picture: its size in plate pixels, and how much wider than high a pixel is. */
export interface PictureShape extends Extent {
  readonly pixelAspect: number;
}

/**
 * Where a picture lies in its pane. `fit` shows all of it, its pixels as wide as they are meant. A number gives each plate pixel so many
 * device pixels in both directions, on whole ones, with `centre` (plate pixels) in the middle as far as the picture's edges allow.
 */
export function placePicture(picture: PictureShape, pane: Extent, zoom: Zoom, centre: Point): Placement {
  if (zoom === 'fit') {
    const scaleY = Math.min(pane.width / (picture.width * picture.pixelAspect), pane.height / picture.height);
    const scaleX = scaleY * picture.pixelAspect;
    return {
      scaleX,
      scaleY,
      left: (pane.width - picture.width * scaleX) / 2,
      top: (pane.height - picture.height * scaleY) / 2,
    };
  }
  return {
    scaleX: zoom,
    scaleY: zoom,
    left: edge(pane.width, picture.width * zoom, centre[0] * zoom),
    top: edge(pane.height, picture.height * zoom, centre[1] * zoom),
  };
}

/** Where a picture of this length begins in a pane: the wanted point in its middle, and no border where there is picture to fill it. */
function edge(pane: number, length: number, wanted: number): number {
  if (length <= pane) return Math.floor((pane - length) / 2);
  return Math.round(Math.min(0, Math.max(pane - length, pane / 2 - wanted)));
}

/** The point of the plate at a point of the pane. */
export function toPlate({ scaleX, scaleY, left, top }: Placement, [x, y]: Point): Point {
  return [(x - left) / scaleX, (y - top) / scaleY];
}

/** The point of the pane at a point of the plate. */
export function toPane({ scaleX, scaleY, left, top }: Placement, [x, y]: Point): Point {
  return [left + x * scaleX, top + y * scaleY];
}

/** The part of a pane that the picture covers, device pixels. */
export function coveredPart(
  placement: Placement,
  picture: Extent,
  pane: Extent,
): Extent & { left: number; top: number } {
  const left = Math.max(0, placement.left);
  const top = Math.max(0, placement.top);
  const right = Math.min(pane.width, placement.left + picture.width * placement.scaleX);
  const bottom = Math.min(pane.height, placement.top + picture.height * placement.scaleY);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** The middle that keeps a point of the plate where it is in the pane while the zoom changes. */
export function centreAbout(fixed: Point, { at, pane, zoom }: { at: Point; pane: Extent; zoom: number }): Point {
  return [fixed[0] + (pane.width / 2 - at[0]) / zoom, fixed[1] + (pane.height / 2 - at[1]) / zoom];
}

const ZOOMS: readonly Zoom[] = ['fit', 1, 2, 4];

/** The next closer zoom, or the next wider; the last one remains. */
export function zoomBeside(zoom: Zoom, towards: 'closer' | 'wider'): Zoom {
  const at = ZOOMS.indexOf(zoom) + (towards === 'closer' ? 1 : -1);
  return ZOOMS[at] ?? zoom;
}
