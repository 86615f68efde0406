import { clamp, smoothstep } from '../film/interpolate.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import { faceOutline, type OutlineOptions } from './outline.ts';
import { polygonBounds } from './polygon-bounds.ts';

export interface MatteOptions extends OutlineOptions {
  /** Width of the soft edge, inwards from the outline, in inter-ocular distances. */
  readonly softness?: number;
}

/** Default of `MatteOptions.softness`. */
const SOFTNESS = 0.16;

/** Cells along a patch in which the distance to the outline is computed; between them it is a cubic B-spline. */
export const CELLS = 64;

/** Where the distance to a face's outline is sampled on a patch, and which of its pixels it says. */
export interface MatteGrid {
  /** See `faceOutline`. */
  readonly outline: Float32Array;
  /** Width of the soft edge, pixels. */
  readonly soft: number;
  /** Pixels of the patch: columns `left` up to `right`, rows `top` up to `bottom`. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The first cell of `CELLS` a side; knot 0 lies one cell before its top-left corner. */
  readonly firstX: number;
  readonly firstY: number;
  /** Knots across and down, a cell apart. */
  readonly columns: number;
  readonly rows: number;
}

/** Where a face's outline can lie in a patch; null where it lies outside. */
export function matteGrid(landmarks: Landmarks, size: number, options: MatteOptions): MatteGrid | null {
  const soft = (options.softness ?? SOFTNESS) * interOcular(fivePoints(landmarks));
  return outlineGrid(faceOutline(landmarks, options), size, soft);
}

function outlineGrid(outline: Float32Array, size: number, soft: number): MatteGrid | null {
  const cell = size / CELLS;
  const box = polygonBounds(outline);
  const firstX = Math.max(0, Math.floor(box.left / cell));
  const firstY = Math.max(0, Math.floor(box.top / cell));
  const lastX = Math.min(CELLS, Math.ceil(box.right / cell));
  const lastY = Math.min(CELLS, Math.ceil(box.bottom / cell));
  if (lastX <= firstX || lastY <= firstY) return null;
  const [left, right] = [Math.round(firstX * cell), Math.round(lastX * cell)];
  const [top, bottom] = [Math.round(firstY * cell), Math.round(lastY * cell)];
  // A B-spline reaches one knot before and two after its cell.
  const columns = lastX - firstX + 3;
  const rows = lastY - firstY + 3;
  return { outline, soft, left, right, top, bottom, firstX, firstY, columns, rows };
}

/**
 * The face's matte on a patch: `Float32Array` of size·size, 1 = face, 0 from the outline outwards and along the patch's edge.
 *
 * Alpha is a smoothstep of the distance to the outline, and the distance a cubic B-spline on a coarse grid. Both are smooth in
 * place and landmarks, so that the matte follows a face that moves by a hundredth of a pixel.
 *
 * @param matte memory to draw into, all 0; default new
 */
export function faceMatte(
  landmarks: Landmarks,
  size: number,
  options: MatteOptions = {},
  matte: Float32Array = new Float32Array(size * size),
): Float32Array {
  return drawn(matteGrid(landmarks, size, options), size, matte);
}

/**
 * The matte of any closed outline, drawn as a face's is.
 *
 * @param outline x, y of each corner, pixels of a square of side `size`
 * @param soft width of the soft edge, inwards from the outline, pixels
 */
export function outlineMatte(outline: Float32Array, size: number, soft: number): Float32Array {
  return drawn(outlineGrid(outline, size, soft), size, new Float32Array(size * size));
}

function drawn(lies: MatteGrid | null, size: number, matte: Float32Array): Float32Array {
  if (!lies) return matte;
  const { outline, soft, left, right, top, bottom, firstX, firstY, columns, rows } = lies;
  const cell = size / CELLS;
  const grid = new Float32Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      grid[j * columns + i] = insideDistance(outline, (firstX + i - 1) * cell, (firstY + j - 1) * cell);
    }
  }
  const across = splineTaps(left, right, cell, firstX);
  const down = splineTaps(top, bottom, cell, firstY);
  const line = new Float32Array(columns);
  for (let y = top, r = 0; y < bottom; y++, r++) {
    const start = down.knot[r];
    let most = -Infinity;
    for (let i = 0; i < columns; i++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) {
        sum += down.weight[4 * r + k] * grid[(start + k) * columns + i];
      }
      line[i] = sum;
      if (sum > most) most = sum;
    }
    if (most <= 0) continue;
    const edgeY = edgeFade(y, size);
    for (let x = left, c = 0; x < right; x++, c++) {
      const k = across.knot[c];
      const distance =
        across.weight[4 * c] * line[k] +
        across.weight[4 * c + 1] * line[k + 1] +
        across.weight[4 * c + 2] * line[k + 2] +
        across.weight[4 * c + 3] * line[k + 3];
      if (distance > 0) matte[y * size + x] = smoothstep(0, soft, distance) * edgeY * edgeFade(x, size);
    }
  }
  return matte;
}

/** For each pixel along a patch the first of its four knots, and their weights. */
interface SplineTaps {
  readonly knot: Int32Array;
  readonly weight: Float32Array;
}

/** Cubic B-spline weights of four knots for each pixel centre of a row or column. */
function splineTaps(from: number, to: number, cell: number, firstCell: number): SplineTaps {
  const count = to - from;
  const knot = new Int32Array(count);
  const weight = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const at = (from + i + 0.5) / cell - firstCell;
    const k = Math.floor(at);
    const t = at - k;
    knot[i] = k;
    weight[4 * i] = (1 - t) ** 3 / 6;
    weight[4 * i + 1] = (3 * t ** 3 - 6 * t ** 2 + 4) / 6;
    weight[4 * i + 2] = (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6;
    weight[4 * i + 3] = t ** 3 / 6;
  }
  return { knot, weight };
}

/** Distance to a closed polygon, positive inside (by winding number, so that a folded outline has no holes), pixels. */
export function insideDistance(polygon: Float32Array, x: number, y: number): number {
  let nearest = Infinity;
  let winding = 0;
  let ax = polygon[polygon.length - 2] - x;
  let ay = polygon[polygon.length - 1] - y;
  for (let o = 0; o < polygon.length; o += 2) {
    const bx = polygon[o] - x;
    const by = polygon[o + 1] - y;
    const ex = bx - ax;
    const ey = by - ay;
    const square = ex * ex + ey * ey;
    const t = square > 0 ? clamp(-(ax * ex + ay * ey) / square, 0, 1) : 0;
    const dx = ax + t * ex;
    const dy = ay + t * ey;
    const distance = dx * dx + dy * dy;
    if (distance < nearest) nearest = distance;
    if (ay <= 0 !== by <= 0) {
      const side = ex * ay - ax * ey;
      if (ay <= 0 && side < 0) winding++;
      else if (by <= 0 && side > 0) winding--;
    }
    ax = bx;
    ay = by;
  }
  return winding !== 0 ? Math.sqrt(nearest) : -Math.sqrt(nearest);
}

/** A patch's side over the width along its edge in which a matte fades. */
export const EDGES = 50;

/** 0 on the patch's outermost pixel, 1 from a fiftieth of the patch inwards. */
function edgeFade(i: number, size: number): number {
  return smoothstep(0, size / EDGES, Math.min(i, size - 1 - i));
}
