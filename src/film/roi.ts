/** A rectangle of whole pixels; `x`, `y` is its first pixel, `width` and `height` are counts. */
export interface Roi {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of `a` inside `b`; of width or height 0 where they do not meet. */
export function intersect(a: Roi, b: Roi): Roi {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

export function isEmpty(roi: Roi): boolean {
  return roi.width <= 0 || roi.height <= 0;
}

export interface RoiAroundOptions {
  /** Pixels by which it is grown; default 0. */
  readonly margin?: number;
  /** It begins and ends on multiples of this, pixels, so that it holds whole chroma sites; default 1. */
  readonly step?: number;
}

/** The smallest rectangle around the points (x0, y0, x1, y1, …; plate coordinates) that lies inside a picture; at its edge no multiple of `step` is asked for. */
export function roiAround(
  points: ArrayLike<number>,
  { width, height }: { readonly width: number; readonly height: number },
  { margin = 0, step = 1 }: RoiAroundOptions = {},
): Roi {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i + 1 < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]);
    bottom = Math.max(bottom, points[i + 1]);
  }
  const down = (v: number) => Math.floor((v - margin) / step) * step;
  const up = (v: number) => Math.ceil((v + margin) / step) * step;
  const x = down(left);
  const y = down(top);
  return intersect({ x, y, width: up(right) - x, height: up(bottom) - y }, { x: 0, y: 0, width, height });
}
