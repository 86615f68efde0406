import type { DenseMap } from './dense-map.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import { rigidSimilarity } from './mesh.ts';
import { FACE_OVAL, LEFT_BROW, LEFT_EYE, LIPS_INNER, LIPS_OUTER, RIGHT_BROW, RIGHT_EYE } from './regions.ts';
import { applyX, applyY } from './similarity.ts';

/** A smooth map of the plane that carries control points to given places (Bookstein 1989). */
export interface ThinPlate {
  /** Control points x0, y0 … in units of `scale`, from the origin. */
  readonly points: Float64Array;
  /** Bending weights of x and y, two a control point. */
  readonly weights: Float64Array;
  /** x' = a[0] + a[1]·x + a[2]·y, y' = a[3] + a[4]·x + a[5]·y, of coordinates in units of `scale`. */
  readonly affine: Float64Array;
  /** Pixels a unit. */
  readonly scale: number;
}

/** Regularisation in the units of the kernel: enough to ignore landmark noise of half a per cent, little against expression. */
const STIFFNESS = 1e-3;

/**
 * Distance between the points at which the dense map is evaluated exactly; between them it is bilinear. On patches of 256 and 512
 * every fourth pixel keeps the root mean square error below 0.035 pixels (every eighth: 0.11), inside an opening mouth 0.9 at most.
 */
function stepFor(size: number): number {
  return Math.max(4, size / 128);
}

/**
 * Fits a thin plate that carries the points `from` to `to` (x0, y0 …; at least three, not on a line).
 *
 * The kernel is U(r) = r² log r². `stiffness` λ ≥ 0 is added to its diagonal: 0 passes through every point, more bends less, and
 * without bound what remains is the least-squares affine map. `scale` is the pixels in which lengths are counted (the inter-ocular
 * distance of `from`), so that λ means the same at every size. Fit the target's points to the source's and the map is backward.
 *
 * @throws RangeError when the points do not span the plane.
 */
export function fitThinPlate(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  scale: number,
  stiffness = STIFFNESS,
): ThinPlate {
  const count = from.length >> 1;
  const size = count + 3;
  const points = Float64Array.from({ length: 2 * count }, (_, i) => from[i] / scale);
  // Rows of [K + λI, P; Pᵀ, 0 | values of x, values of y].
  const rows = Array.from({ length: size }, () => new Float64Array(size + 2));
  for (let i = 0; i < count; i++) {
    const row = rows[i] as Float64Array;
    const x = points[2 * i];
    const y = points[2 * i + 1];
    for (let j = 0; j < count; j++) row[j] = kernel(x - points[2 * j], y - points[2 * j + 1]);
    row[i] = stiffness;
    [1, x, y].forEach((v, k) => {
      row[count + k] = v;
      (rows[count + k] as Float64Array)[i] = v;
    });
    row[size] = to[2 * i];
    row[size + 1] = to[2 * i + 1];
  }
  solve(rows);
  const weights = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    weights[2 * i] = (rows[i] as Float64Array)[size] as number;
    weights[2 * i + 1] = (rows[i] as Float64Array)[size + 1] as number;
  }
  const affine = Float64Array.from({ length: 6 }, (_, k) => {
    return (rows[count + (k % 3)] as Float64Array)[size + (k < 3 ? 0 : 1)] as number;
  });
  return { points, weights, affine, scale };
}

/** Writes where (x, y) goes to `out[o]` and `out[o + 1]`. */
export function applyThinPlate(plate: ThinPlate, x: number, y: number, out: Float32Array | Float64Array, o = 0): void {
  const { points, weights, affine, scale } = plate;
  const u = x / scale;
  const v = y / scale;
  let sumX = affine[0] + affine[1] * u + affine[2] * v;
  let sumY = affine[3] + affine[4] * u + affine[5] * v;
  for (let i = 0; i < points.length; i += 2) {
    const bend = kernel(u - points[i], v - points[i + 1]);
    sumX += bend * weights[i];
    sumY += bend * weights[i + 1];
  }
  out[o] = sumX;
  out[o + 1] = sumY;
}

/** A plate over a patch: exact at points some pixels apart, bilinear between. */
export interface PlateGrid {
  readonly size: number;
  /** Pixels between two points, the first of which is the first pixel's centre; and how many there are across and down. */
  readonly step: number;
  readonly cells: number;
  /** Writes where a point of the grid goes to `out[o]` and `out[o + 1]`. */
  point(i: number, j: number, out: Float32Array | Float64Array, o: number): void;
  /** The same of a pixel. */
  pixel(x: number, y: number, out: Float32Array, o: number): void;
}

/** Each point is found when it is first needed. */
export function plateGrid(plate: ThinPlate, size: number): PlateGrid {
  const step = stepFor(size);
  const cells = Math.ceil(size / step) + 1;
  const grid = new Float64Array(2 * cells * cells).fill(Number.NaN);
  const found = (i: number, j: number) => {
    const p = 2 * (j * cells + i);
    if (Number.isNaN(grid[p])) applyThinPlate(plate, i * step + 0.5, j * step + 0.5, grid, p);
    return p;
  };
  return {
    size,
    step,
    cells,
    point(i, j, out, o) {
      const p = found(i, j);
      out[o] = grid[p];
      out[o + 1] = grid[p + 1];
    },
    pixel(x, y, out, o) {
      const i = Math.floor(x / step);
      const j = Math.floor(y / step);
      const fx = x / step - i;
      const fy = y / step - j;
      const p = found(i, j);
      const q = found(i, j + 1);
      found(i + 1, j);
      found(i + 1, j + 1);
      for (let c = 0; c < 2; c++) {
        const above = grid[p + c] + fx * (grid[p + 2 + c] - grid[p + c]);
        const below = grid[q + c] + fx * (grid[q + 2 + c] - grid[q + c]);
        out[o + c] = above + fy * (below - above);
      }
    },
  };
}

/** The map of a whole patch; written into `xy`. */
export function thinPlateMap(
  plate: ThinPlate,
  size: number,
  xy: Float32Array = new Float32Array(2 * size * size),
): DenseMap {
  const { pixel } = plateGrid(plate, size);
  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o += 2) pixel(x, y, xy, o);
  }
  return { size, xy };
}

/** Landmarks that shape a face well enough for a thin plate: every second of the oval and of the outer lips, eyes, brows, nose. */
const CONTROL_POINTS: readonly number[] = [
  ...FACE_OVAL.filter((_, k) => k % 2 === 0),
  ...LIPS_OUTER.filter((_, k) => k % 2 === 0),
  ...LIPS_INNER.filter((_, k) => k % 4 === 3),
  ...[LEFT_EYE, RIGHT_EYE].flatMap((loop) => loop.filter((_, k) => k % 4 === 0 || k % 4 === 2)),
  ...[LEFT_BROW, RIGHT_BROW].flatMap((loop) => [loop[0], loop[2], loop[4]] as number[]),
  ...[168, 5, 1, 2, 98, 327],
];

/** Points far around the face that bound the plate where it has no control points. */
const PINS = 12;
/** Their distance from the face's middle, inter-ocular distances of the target. */
const PIN_DISTANCE = 2.6;

/**
 * The thin plate that looks up a face with `target` landmarks (patch pixels) in a picture of it with `source` landmarks: backward,
 * pinned to the similarity between both far outside the face.
 */
export function faceThinPlate(target: Landmarks, source: Landmarks, stiffness = STIFFNESS): ThinPlate {
  const toSource = rigidSimilarity(target, source);
  const scale = interOcular(fivePoints(target));
  const from = CONTROL_POINTS.flatMap((i) => [target[3 * i], target[3 * i + 1]]);
  const to = CONTROL_POINTS.flatMap((i) => [source[3 * i], source[3 * i + 1]]);
  const middle = [target[3 * 5], target[3 * 5 + 1]] as const;
  for (let k = 0; k < PINS; k++) {
    const angle = (2 * Math.PI * k) / PINS;
    const x = middle[0] + PIN_DISTANCE * scale * Math.cos(angle);
    const y = middle[1] + PIN_DISTANCE * scale * Math.sin(angle);
    from.push(x, y);
    to.push(applyX(toSource, x, y), applyY(toSource, x, y));
  }
  return fitThinPlate(from, to, scale, stiffness);
}

/**
 * The dense map of `faceThinPlate` for a patch: where each of its pixels is found in the source picture.
 *
 * @param xy memory to write it into; default new
 */
export function thinPlateWarp(target: Landmarks, source: Landmarks, size: number, xy?: Float32Array): DenseMap {
  return thinPlateMap(faceThinPlate(target, source), size, xy);
}

/** U(r) = r² log r² (Bookstein 1989, eq. 2). */
function kernel(dx: number, dy: number): number {
  const square = dx * dx + dy * dy;
  return square === 0 ? 0 : square * Math.log(square);
}

/** Gauss–Jordan elimination with partial pivoting, in place: the last two columns become the solutions. */
function solve(rows: Float64Array[]): void {
  const size = rows.length;
  for (let k = 0; k < size; k++) {
    let best = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs((rows[i] as Float64Array)[k] as number) > Math.abs((rows[best] as Float64Array)[k] as number))
        best = i;
    }
    const pivot = rows[best] as Float64Array;
    rows[best] = rows[k] as Float64Array;
    rows[k] = pivot;
    const head = pivot[k];
    if (!(Math.abs(head) > 1e-12))
      throw new RangeError('A thin plate needs three points or more that are not on one line.');
    for (let j = k; j < size + 2; j++) pivot[j] = pivot[j] / head;
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const row = rows[i] as Float64Array;
      const factor = row[k];
      if (factor === 0) continue;
      for (let j = k; j < size + 2; j++) row[j] = row[j] - factor * pivot[j];
    }
  }
}
