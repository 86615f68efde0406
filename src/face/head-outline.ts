import { CANONICAL_POINTS } from './canonical-face.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import { faceOutline, push } from './outline.ts';
import { type HeadPlacement, headPlacement } from './posed-face.ts';

/**
 * An ellipsoid about the canonical head: its middle and half axes, thousandths of a canonical centimetre. Across it holds the ears (the
 * rim of the mesh is at 7.7 cm), upwards the hair line (by the rule of thirds 2.8 cm above the mesh), in depth the nose's root and
 * what lies behind the ears, so that in profile the ear is within.
 */
const MIDDLE = [0, -600, 1000] as const;
const HALF = [9300, 11000, 9000] as const;
/** Corners of the outline. */
const CORNERS = 120;
const CANONICAL_INTER_OCULAR = interOcular(fivePoints(CANONICAL_POINTS));

/**
 * The outline of what shows a person's face: jaw, hair line and ears, by the landmarks and by an ellipsoid about the head as it is
 * turned. A closed polygon (x0, y0 …), clockwise on the screen, pixels; it moves as smoothly as the landmarks.
 *
 * @param grow how far beyond that it lies, inter-ocular distances as the head has them when seen from the front
 */
export function headOutline(landmarks: Landmarks, grow: number): Float32Array {
  const placement = headPlacement(landmarks);
  const oval = faceOutline(landmarks);
  const { x, y, radius } = ellipse(placement);
  const out = new Float32Array(2 * CORNERS);
  for (let k = 0; k < CORNERS; k++) {
    const angle = (2 * Math.PI * k) / CORNERS;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const reach = Math.max(radius(dx, dy), farthest(oval, x, y, dx, dy));
    out[2 * k] = x + reach * dx;
    out[2 * k + 1] = y + reach * dy;
  }
  push(out, grow * frontalInterOcular(placement));
  return out;
}

/** Distance between the eyes of a head of that size, were it seen from the front, pixels. */
export function frontalInterOcular({ m }: HeadPlacement): number {
  return CANONICAL_INTER_OCULAR * Math.hypot(m[0], m[3], m[6]);
}

/** The ellipsoid as it is seen: its middle, and how far its rim is from there in a direction (of length 1). */
function ellipse({ m, t }: HeadPlacement) {
  const at = (row: number) =>
    m[3 * row] * MIDDLE[0] + m[3 * row + 1] * MIDDLE[1] + m[3 * row + 2] * MIDDLE[2] + (t[row] as number);
  // Of an ellipsoid with the matrix A of its half axes, seen along z, the rim is that of the ellipse with the upper left of A · Aᵀ.
  const product = (a: number, b: number) =>
    [0, 1, 2].reduce((sum, c) => sum + m[3 * a + c] * m[3 * b + c] * (HALF[c] as number) ** 2, 0);
  const [xx, xy, yy] = [product(0, 0), product(0, 1), product(1, 1)];
  const determinant = xx * yy - xy * xy;
  return {
    x: at(0),
    y: at(1),
    radius: (dx: number, dy: number) => Math.sqrt(determinant / (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy)),
  };
}

/** Distance along a ray to the polygon's farthest side; 0 where it meets none. */
function farthest(polygon: Float32Array, x: number, y: number, dx: number, dy: number): number {
  let most = 0;
  let ax = polygon[polygon.length - 2] - x;
  let ay = polygon[polygon.length - 1] - y;
  for (let o = 0; o < polygon.length; o += 2) {
    const bx = polygon[o] - x;
    const by = polygon[o + 1] - y;
    const [ex, ey] = [bx - ax, by - ay];
    const across = dx * ey - dy * ex;
    if (across !== 0) {
      const along = (ax * ey - ay * ex) / across;
      const share = (ax * dy - ay * dx) / across;
      if (along > most && share >= 0 && share <= 1) most = along;
    }
    ax = bx;
    ay = by;
  }
  return most;
}
