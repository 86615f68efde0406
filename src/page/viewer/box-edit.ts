import type { FaceBox } from '../../review/api.ts';
import type { Extent, Point } from './placement.ts';

/** A corner by which a box is held. */
export type Corner = 'nw' | 'ne' | 'sw' | 'se';
export const BOX_CORNERS: readonly Corner[] = ['nw', 'ne', 'sw', 'se'];

/** The box between two points, in whole plate pixels, cut to the picture; at least one pixel. */
export function boxBetween([x0, y0]: Point, [x1, y1]: Point, picture: Extent): FaceBox {
  const [left, right] = span(x0, x1, picture.width);
  const [top, bottom] = span(y0, y1, picture.height);
  return [left, top, right - left, bottom - top];
}

function span(a: number, b: number, length: number): readonly [from: number, to: number] {
  const from = Math.min(length - 1, Math.max(0, Math.floor(Math.min(a, b))));
  return [from, Math.min(length, Math.max(from + 1, Math.ceil(Math.max(a, b))))];
}

/** A box moved by whole pixels, within the picture. */
export function movedBox([x, y, width, height]: FaceBox, [dx, dy]: Point, picture: Extent): FaceBox {
  return [slid(x, width, dx, picture.width), slid(y, height, dy, picture.height), width, height];
}

function slid(from: number, size: number, by: number, length: number): number {
  return Math.min(length - size, Math.max(0, from + Math.round(by)));
}

/** A box one of whose corners was brought to a point: the corner across from it stays. */
export function resizedBox(box: FaceBox, corner: Corner, to: Point, picture: Extent): FaceBox {
  const [x, y, width, height] = box;
  const across: Point = [corner.endsWith('w') ? x + width : x, corner.startsWith('n') ? y + height : y];
  return boxBetween(across, to, picture);
}

/** Where a corner lies. */
export function cornerOf([x, y, width, height]: FaceBox, corner: Corner): Point {
  return [corner.endsWith('w') ? x : x + width, corner.startsWith('n') ? y : y + height];
}

/** Five points of which one was brought to a place within the picture; x, y of each in a row, to a quarter of a pixel. */
export function withPoint(five: readonly number[], index: number, [x, y]: Point, picture: Extent): readonly number[] {
  const placed = [quarters(x, picture.width), quarters(y, picture.height)] as const;
  return five.map((value, k) => (k === 2 * index ? placed[0] : k === 2 * index + 1 ? placed[1] : value));
}

function quarters(value: number, length: number): number {
  return Math.round(4 * Math.min(length, Math.max(0, value))) / 4;
}
