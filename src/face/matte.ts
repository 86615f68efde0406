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
const CELLS = 64;

/** The distance to a face's outline as a cubic B-spline on a coarse grid, over the part of a patch that the outline can lie in. */
export interface MatteSpline {
  /** Width of the soft edge, pixels. */
  readonly soft: number;
  /** Pixels of the patch: columns `left` up to `right`, rows `top` up to `bottom`. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Distance at each knot, pixels, positive inside: rows of `columns`. */
  readonly grid: Float32Array;
  readonly columns: number;
  readonly across: SplineTaps;
  readonly down: SplineTaps;
}

/** For each pixel along a patch the first of its four knots, and their weights. */
export interface SplineTaps {
  readonly knot: Int32Array;
  readonly weight: Float32Array;
}

/** What a face's matte is drawn from; null where the outline lies outside the patch. */
export function matteSpline(landmarks: Landmarks, size: number, options: MatteOptions): MatteSpline | null {
  const outline = faceOutline(landmarks, options);
  const soft = (options.softness ?? SOFTNESS) * interOcular(fivePoints(landmarks));
  const cell = size / CELLS;
  const box = polygonBounds(outline);
  const first = { x: Math.max(0, Math.floor(box.left / cell)), y: Math.max(0, Math.floor(box.top / cell)) };
  const last = {
    x: Math.min(CELLS, Math.ceil(box.right / cell)),
    y: Math.min(CELLS, Math.ceil(box.bottom / cell)),
  };
  if (last.x <= first.x || last.y <= first.y) return null;
  // A B-spline reaches one knot before and two after its cell.
  const columns = last.x - first.x + 3;
  const rows = last.y - first.y + 3;
  const grid = new Float32Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      grid[j * columns + i] = insideDistance(outline, (first.x + i - 1) * cell, (first.y + j - 1) * cell);
    }
  }
  const [left, right] = [Math.round(first.x * cell), Math.round(last.x * cell)];
  const [top, bottom] = [Math.round(first.y * cell), Math.round(last.y * cell)];
  const across = splineTaps(left, right, cell, first.x);
  const down = splineTaps(top, bottom, cell, first.y);
  return { soft, left, right, top, bottom, grid, columns, across, down };
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
  const spline = matteSpline(landmarks, size, options);
  if (!spline) return matte;
  const { soft, left, right, top, bottom, grid, columns, across, down } = spline;
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

/** 0 on the patch's outermost pixel, 1 from a fiftieth of the patch inwards. */
export function edgeFade(i: number, size: number): number {
  return smoothstep(0, size / 50, Math.min(i, size - 1 - i));
}
