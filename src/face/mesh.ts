import { CANONICAL_TRIANGLES, RIGID_POINTS, RIGID_WEIGHTS } from './canonical-face.ts';
import { smoothCreases } from './creases.ts';
import { type DenseMap, mapOfSimilarity } from './dense-map.ts';
import { fivePoints, interOcular, LANDMARK_COUNT, type Landmarks } from './landmarks.ts';
import { FACE_OVAL } from './regions.ts';
import { applyX, applyY, fitSimilarity, type Similarity } from './similarity.ts';

export interface MeshWarpOptions {
  /** How far out, in distances of the oval from the face's middle, the warp has faded to a similarity. */
  readonly ring?: number;
  /** Standard deviation by which the creases between triangles are smoothed, in inter-ocular distances; 0 = not at all. */
  readonly smoothing?: number;
  /** Memory to write the map into, `Float32Array` of 2·size·size; default new. */
  readonly into?: Float32Array;
}

/** Default of `MeshWarpOptions.ring`. */
const RING = 1.3;
/** Default of `MeshWarpOptions.smoothing`: 1.2 pixels at an inter-ocular distance of 177. */
const SMOOTHING = 0.007;

/** The similarity between two faces by their rigid points, so that an open mouth does not move the head. */
export function rigidSimilarity(from: Landmarks, to: Landmarks): Similarity {
  return fitSimilarity(rigidPoints(from), rigidPoints(to), RIGID_WEIGHTS);
}

function rigidPoints(landmarks: Landmarks): number[] {
  return RIGID_POINTS.flatMap((i) => [landmarks[3 * i], landmarks[3 * i + 1]]);
}

/**
 * Where each pixel of a patch is found in a source picture, so that the face with `source` landmarks takes the shape of `target`.
 *
 * Both faces share the canonical triangulation; within a triangle the map is affine. Around the oval a ring of triangles leads to
 * the similarity between the faces, which holds everywhere outside. Triangles that the target turns away from the camera are left
 * out; where several cover a pixel the nearest counts.
 *
 * `target` in patch pixels, `source` in source pixels.
 */
export function meshWarp(
  target: Landmarks,
  source: Landmarks,
  size: number,
  { into, ...options }: MeshWarpOptions = {},
): DenseMap {
  const mesh = meshBetween(target, source, options);
  const map = mapOfSimilarity(mesh.toSource, size, into);
  drawMesh(mesh, map);
  if (mesh.sigma > 0) smoothCreases(map, mesh);
  return map;
}

/** Two faces as one mesh. */
export interface FaceMesh {
  /** From the target to the source. */
  readonly toSource: Similarity;
  /** x, y, z of the target's landmarks, and of the ring's points behind them: `Float64Array` of 3 a point. */
  readonly points: Float64Array;
  /** Where each is found in the source: 2 a point. */
  readonly places: Float64Array;
  /** Standard deviation by which creases are smoothed, pixels of the target. */
  readonly sigma: number;
}

export function meshBetween(
  target: Landmarks,
  source: Landmarks,
  { ring = RING, smoothing = SMOOTHING }: Omit<MeshWarpOptions, 'into'> = {},
): FaceMesh {
  const toSource = rigidSimilarity(target, source);
  const points = withRing(target, ring);
  const count = points.length / 3;
  const places = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const isRing = i >= LANDMARK_COUNT;
    const [x, y] = [points[3 * i], points[3 * i + 1]];
    places[2 * i] = isRing ? applyX(toSource, x, y) : source[3 * i];
    places[2 * i + 1] = isRing ? applyY(toSource, x, y) : source[3 * i + 1];
  }
  return { toSource, points, places, sigma: smoothing * interOcular(fivePoints(target)) };
}

/** Corners of the canonical triangles, and of two for each side of the oval that join it to its ring: three points a triangle. */
export const MESH: Uint16Array = Uint16Array.from([
  ...CANONICAL_TRIANGLES,
  ...FACE_OVAL.flatMap((a, k) => {
    const next = (k + 1) % FACE_OVAL.length;
    const b = FACE_OVAL[next];
    return [a, b, LANDMARK_COUNT + k, b, LANDMARK_COUNT + next, LANDMARK_COUNT + k];
  }),
]);

function withRing(landmarks: Landmarks, ring: number): Float64Array {
  const xyz = new Float64Array(3 * (LANDMARK_COUNT + FACE_OVAL.length));
  xyz.set(landmarks.subarray(0, 3 * LANDMARK_COUNT));
  const centre = [0, 1].map((c) => FACE_OVAL.reduce((sum, i) => sum + landmarks[3 * i + c], 0) / FACE_OVAL.length) as [
    number,
    number,
  ];
  let far = -Infinity;
  for (let k = 2; k < landmarks.length; k += 3) if (landmarks[k] > far) far = landmarks[k];
  FACE_OVAL.forEach((i, k) => {
    const o = 3 * (LANDMARK_COUNT + k);
    xyz[o] = centre[0] + ring * (landmarks[3 * i] - centre[0]);
    xyz[o + 1] = centre[1] + ring * (landmarks[3 * i + 1] - centre[1]);
    // Behind the face: in a turned head the ring may lie under the cheek, and must not cover it.
    xyz[o + 2] = far + 1;
  });
  return xyz;
}

/** A triangle that faces the camera: its first corner a, the others b and c as seen from there, and what is linear in it. */
export interface MeshTriangle {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly cx: number;
  readonly cy: number;
  /** Twice its area, below 0. */
  readonly area: number;
  /** The place in the source at a; what its x and its y gain a pixel to the right and down. */
  readonly ux: number;
  readonly uy: number;
  readonly x: Slope;
  readonly y: Slope;
  /** The depth at a, and what it gains. */
  readonly depth: number;
  readonly z: Slope;
}

type Slope = readonly [right: number, down: number];

/** The triangle of the corners that begin at `t` in `MESH`; null where it faces away. */
export function meshTriangle({ points, places }: FaceMesh, t: number): MeshTriangle | null {
  const [a, b, c] = [MESH[t], MESH[t + 1], MESH[t + 2]];
  const ax = points[3 * a];
  const ay = points[3 * a + 1];
  const bx = points[3 * b] - ax;
  const by = points[3 * b + 1] - ay;
  const cx = points[3 * c] - ax;
  const cy = points[3 * c + 1] - ay;
  const area = bx * cy - by * cx;
  // The canonical triangles run anticlockwise on the screen; clockwise ones face away.
  if (!(area < 0)) return null;
  const slope = (va: number, vb: number, vc: number): Slope => [
    ((vb - va) * cy - (vc - va) * by) / area,
    ((vc - va) * bx - (vb - va) * cx) / area,
  ];
  const ux = places[2 * a];
  const uy = places[2 * a + 1];
  const x = slope(ux, places[2 * b], places[2 * c]);
  const y = slope(uy, places[2 * b + 1], places[2 * c + 1]);
  const depth = points[3 * a + 2];
  const z = slope(depth, points[3 * b + 2], points[3 * c + 2]);
  return { ax, ay, bx, by, cx, cy, area, ux, uy, x, y, depth, z };
}

/** Pixels of a patch whose centres a triangle can cover, the last included. */
export function boxOf({ ax, ay, bx, by, cx, cy }: MeshTriangle, size: number) {
  return {
    top: Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5)),
    bottom: Math.min(size - 1, Math.floor(ay + Math.max(0, by, cy) - 0.5)),
    left: Math.max(0, Math.ceil(ax + Math.min(0, bx, cx) - 0.5)),
    right: Math.min(size - 1, Math.floor(ax + Math.max(0, bx, cx) - 0.5)),
  };
}

/**
 * Draws the mesh over a map.
 *
 * @param next for a row or column, itself or the next after it that is drawn, as many as the map has and one more; default all
 */
export function drawMesh(mesh: FaceMesh, map: DenseMap, next?: Int32Array): void {
  const { size } = map;
  const lines = next ?? Int32Array.from({ length: size + 1 }, (_, i) => i);
  const depth = new Float32Array(size * size).fill(Infinity);
  for (let t = 0; t < MESH.length; t += 3) {
    const triangle = meshTriangle(mesh, t);
    if (triangle) fillTriangle(map, depth, triangle, lines);
  }
}

/** Writes the affine map of one triangle to the pixels whose centres it covers and where it is nearest. */
function fillTriangle({ size, xy }: DenseMap, depth: Float32Array, triangle: MeshTriangle, next: Int32Array): void {
  const { ax, ay, bx, by, cx, cy, area, ux, uy, depth: az } = triangle;
  const [xRight, xDown] = triangle.x;
  const [yRight, yDown] = triangle.y;
  const [zRight, zDown] = triangle.z;
  const { top, bottom, left, right } = boxOf(triangle, size);
  for (let j = next[Math.min(top, size)]; j <= bottom; j = next[j + 1]) {
    const v = j + 0.5 - ay;
    for (let i = next[Math.min(left, size)]; i <= right; i = next[i + 1]) {
      const u = i + 0.5 - ax;
      const wb = (u * cy - v * cx) / area;
      const wc = (v * bx - u * by) / area;
      if (wb < -1e-9 || wc < -1e-9 || wb + wc > 1 + 1e-9) continue;
      const at = j * size + i;
      const z = az + zRight * u + zDown * v;
      if (z >= depth[at]) continue;
      depth[at] = z;
      xy[2 * at] = ux + xRight * u + xDown * v;
      xy[2 * at + 1] = uy + yRight * u + yDown * v;
    }
  }
}
