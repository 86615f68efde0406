import { CANONICAL_POINTS, CANONICAL_TRIANGLES } from '../../../face/canonical-face.ts';
import type { Landmarks } from '../../../face/landmarks.ts';
import { headPlacement, posedFace } from '../../../face/posed-face.ts';
import {
  FACE_OVAL,
  LEFT_BROW,
  LEFT_EYE,
  LIPS_INNER,
  LIPS_OUTER,
  RIGHT_BROW,
  RIGHT_EYE,
} from '../../../face/regions.ts';
import { clamp, smoothstep } from '../../../film/interpolate.ts';

/** Where the lamp stands, seen from the face: a little to the left, above, before it; of length 1. */
const LAMP = unit([-0.35, -0.55, -0.76]);
/** How much brighter or darker than the mean the lamp makes the skin, and the shade of what faces it just as the skin does on average. */
const CONTRAST = 0.4;
const TYPICAL = 0.6;
/** How dark nobody's brows, lips and eyes are beside the skin. */
const BROW = 0.8;
const LIPS = 0.85;
const EYES = 0.82;
/** How far within the rim of the mesh its shade goes over into the flat skin's, thousandths of a canonical centimetre. */
const RIM = 2500;

/** What each of the canonical landmarks is multiplied by, features by features that nobody has. */
const TINTS = tints();
/** How much of its own shade a landmark has: 0 on the mesh's rim, 1 from `RIM` within. */
const OWN_SHADE = ownShades();

/**
 * A face that is nobody's, in a head's pose: the canonical mesh, shaded by a lamp that stands still, in one colour; all of the patch
 * beyond the mesh is that colour too. Of the person it shows nothing but the pose and the skin's mean colour.
 *
 * @param colour red, green, blue, 0 … 1
 * @returns 3 planes of `size` · `size`
 */
export function neutralFace(landmarks: Landmarks, size: number, colour: readonly number[]): Float32Array {
  const shades = shadesOf(posedFace(headPlacement(landmarks)), size);
  const out = new Float32Array(3 * size * size);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < size * size; i++) out[c * size * size + i] = colour[c] * shades[i];
  }
  return out;
}

/** What the skin's colour is multiplied by, a pixel. */
function shadesOf(points: Landmarks, size: number): Float32Array {
  const shades = new Float32Array(size * size).fill(1);
  const depth = new Float32Array(size * size).fill(Infinity);
  const lit = litPoints(points);
  for (let k = 0; k < CANONICAL_TRIANGLES.length; k += 3) {
    const corners = [0, 1, 2].map((c) => CANONICAL_TRIANGLES[k + c]) as [number, number, number];
    drawTriangle(
      points,
      corners,
      (i, z, shares) => {
        if (z >= depth[i]) return;
        depth[i] = z;
        shades[i] = shares.reduce((sum, share, c) => sum + share * lit[corners[c] as number], 0);
      },
      size,
    );
  }
  return shades;
}

/** Calls `paint` for each pixel whose middle a triangle that faces the camera holds, with its depth and the corners' shares. */
function drawTriangle(
  points: Landmarks,
  [a, b, c]: readonly [number, number, number],
  paint: (pixel: number, z: number, shares: readonly [number, number, number]) => void,
  size: number,
): void {
  const [ax, ay, bx, by, cx, cy] = [a, b, c].flatMap((n) => [points[3 * n], points[3 * n + 1]]) as unknown as Six;
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  // Those that face the camera turn against the clock.
  if (area >= 0) return;
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
  const bottom = Math.min(size - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
  const right = Math.min(size - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const [px, py] = [x + 0.5, y + 0.5];
      const u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
      const v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
      const w = 1 - u - v;
      if (u < 0 || v < 0 || w < 0) continue;
      paint(y * size + x, u * points[3 * a + 2] + v * points[3 * b + 2] + w * points[3 * c + 2], [u, v, w]);
    }
  }
}

type Six = readonly [number, number, number, number, number, number];

/** The product of two sides of a triangle: along its outward normal, as long as twice its area. z grows away from the camera. */
function normalOf(points: ArrayLike<number>, k: number): readonly number[] {
  const [a, b, c] = [0, 1, 2].map((corner) => 3 * CANONICAL_TRIANGLES[k + corner]) as [number, number, number];
  const side = (to: number) => [0, 1, 2].map((i) => points[to + i] - points[a + i]) as [number, number, number];
  const [u, v] = [side(b), side(c)];
  return [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
}

/** How brightly the lamp lights each landmark, times its tint. */
function litPoints(points: Landmarks): Float32Array {
  const normals = new Float64Array(points.length);
  for (let k = 0; k < CANONICAL_TRIANGLES.length; k += 3) {
    const normal = normalOf(points, k);
    for (let corner = 0; corner < 3; corner++) {
      const o = 3 * CANONICAL_TRIANGLES[k + corner];
      for (let c = 0; c < 3; c++) normals[o + c] = normals[o + c] + normal[c];
    }
  }
  return Float32Array.from(TINTS, (tint, n) => {
    const outwards = unit([0, 1, 2].map((c) => normals[3 * n + c]));
    const facing = outwards.reduce((sum, v, c) => sum + v * LAMP[c], 0);
    const shade = 1 + CONTRAST * (clamp(facing, 0, 1) - TYPICAL);
    return 1 + OWN_SHADE[n] * (tint * shade - 1);
  });
}

function tints(): Float32Array {
  const out = new Float32Array(CANONICAL_POINTS.length / 3).fill(1);
  for (const n of [...LEFT_BROW, ...RIGHT_BROW]) out[n] = BROW;
  for (const n of [...LIPS_OUTER, ...LIPS_INNER]) out[n] = LIPS;
  for (const n of [...LEFT_EYE, ...RIGHT_EYE]) out[n] = EYES;
  return out;
}

function ownShades(): Float32Array {
  return Float32Array.from({ length: CANONICAL_POINTS.length / 3 }, (_, n) => {
    const nearest = FACE_OVAL.reduce((least, rim) => {
      const distance = Math.hypot(...[0, 1, 2].map((c) => CANONICAL_POINTS[3 * n + c] - CANONICAL_POINTS[3 * rim + c]));
      return Math.min(least, distance);
    }, Infinity);
    return smoothstep(0, RIM, nearest);
  });
}

function unit(v: readonly number[]): readonly number[] {
  const length = Math.hypot(...v) || 1;
  return v.map((x) => x / length);
}
