import { boxOfLandmarks } from '../../face/box.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import { intersect, isEmpty, type Roi } from '../../film/roi.ts';

/** What is shown of a face, over the longer side of its landmarks: the chin, the forehead and some of what is around. */
const AROUND = 1.5;

/** A square part of a picture that shows a face, in its middle where that lies far enough within. Empty where the face lies outside. */
export function facePart(landmarks: Landmarks, within: Roi): Roi {
  const [x, y, width, height] = boxOfLandmarks(landmarks);
  const side = Math.min(within.width, within.height, Math.round(AROUND * Math.max(width, height)));
  const square = {
    x: Math.round(x + (width - side) / 2),
    y: Math.round(y + (height - side) / 2),
    width: side,
    height: side,
  };
  if (isEmpty(intersect(square, within))) return { ...square, width: 0, height: 0 };
  const inside = (at: number, from: number, length: number) => Math.min(from + length - side, Math.max(from, at));
  return { ...square, x: inside(square.x, within.x, within.width), y: inside(square.y, within.y, within.height) };
}

/** The same part of a picture each of whose pixels stands for `shrink` × `shrink`. */
export function shrunkPart({ x, y, width, height }: Roi, shrink: number, picture: Roi): Roi {
  const [left, top] = [Math.floor(x / shrink), Math.floor(y / shrink)];
  const [right, bottom] = [Math.ceil((x + width) / shrink), Math.ceil((y + height) / shrink)];
  return intersect({ x: left, y: top, width: right - left, height: bottom - top }, picture);
}

/** The smallest rectangle that holds both. */
export function unionOf(a: Roi | null, b: Roi): Roi {
  if (!a) return b;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
