import { CANONICAL_TRIANGLES, RIGID_POINTS, RIGID_WEIGHTS } from './canonical-face.ts';
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
  { ring = RING, smoothing = SMOOTHING, into }: MeshWarpOptions = {},
): DenseMap {
  const toSource = rigidSimilarity(target, source);
  const map = mapOfSimilarity(toSource, size, into);
  const from = withRing(target, ring);
  const to = new Float64Array(2 * from.count);
  for (let i = 0; i < from.count; i++) {
    const isRing = i >= LANDMARK_COUNT;
    to[2 * i] = isRing ? applyX(toSource, from.x(i), from.y(i)) : source[3 * i];
    to[2 * i + 1] = isRing ? applyY(toSource, from.x(i), from.y(i)) : source[3 * i + 1];
  }
  const depth = new Float32Array(size * size).fill(Infinity);
  for (let t = 0; t < MESH.length; t += 3) {
    fillTriangle(map, depth, from, to, MESH[t], MESH[t + 1], MESH[t + 2]);
  }
  const sigma = smoothing * interOcular(fivePoints(target));
  if (sigma > 0) smoothWithin(map, from, sigma);
  return map;
}

/** The canonical triangles, and two for each side of the oval that join it to its ring. */
const MESH: Uint16Array = Uint16Array.from([
  ...CANONICAL_TRIANGLES,
  ...FACE_OVAL.flatMap((a, k) => {
    const next = (k + 1) % FACE_OVAL.length;
    const b = FACE_OVAL[next];
    return [a, b, LANDMARK_COUNT + k, b, LANDMARK_COUNT + next, LANDMARK_COUNT + k];
  }),
]);

interface Points {
  readonly count: number;
  x(i: number): number;
  y(i: number): number;
  /** Smaller = nearer. */
  z(i: number): number;
}

function withRing(landmarks: Landmarks, ring: number): Points {
  const count = LANDMARK_COUNT + FACE_OVAL.length;
  const xyz = new Float64Array(3 * count);
  xyz.set(landmarks.subarray(0, 3 * LANDMARK_COUNT));
  const centre = [0, 1].map((c) => FACE_OVAL.reduce((sum, i) => sum + landmarks[3 * i + c], 0) / FACE_OVAL.length) as [
    number,
    number,
  ];
  const far = landmarks.reduce((most, v, k) => (k % 3 === 2 && v > most ? v : most), -Infinity);
  FACE_OVAL.forEach((i, k) => {
    const o = 3 * (LANDMARK_COUNT + k);
    xyz[o] = centre[0] + ring * (landmarks[3 * i] - centre[0]);
    xyz[o + 1] = centre[1] + ring * (landmarks[3 * i + 1] - centre[1]);
    // Behind the face: in a turned head the ring may lie under the cheek, and must not cover it.
    xyz[o + 2] = far + 1;
  });
  return {
    count,
    x: (i) => xyz[3 * i],
    y: (i) => xyz[3 * i + 1],
    z: (i) => xyz[3 * i + 2],
  };
}

/** Writes the affine map of one triangle to the pixels whose centres it covers and where it is nearest. */
function fillTriangle(
  map: DenseMap,
  depth: Float32Array,
  from: Points,
  to: Float64Array,
  a: number,
  b: number,
  c: number,
): void {
  const ax = from.x(a);
  const ay = from.y(a);
  const bx = from.x(b) - ax;
  const by = from.y(b) - ay;
  const cx = from.x(c) - ax;
  const cy = from.y(c) - ay;
  const area = bx * cy - by * cx;
  // The canonical triangles run anticlockwise on the screen; clockwise ones face away.
  if (!(area < 0)) return;
  const plane = (va: number, vb: number, vc: number): readonly [number, number] => [
    ((vb - va) * cy - (vc - va) * by) / area,
    ((vc - va) * bx - (vb - va) * cx) / area,
  ];
  const ux = to[2 * a];
  const uy = to[2 * a + 1];
  const [xx, xy] = plane(ux, to[2 * b], to[2 * c]);
  const [yx, yy] = plane(uy, to[2 * b + 1], to[2 * c + 1]);
  const [zx, zy] = plane(from.z(a), from.z(b), from.z(c));
  const size = map.size;
  const top = Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5));
  const bottom = Math.min(size - 1, Math.floor(ay + Math.max(0, by, cy) - 0.5));
  const left = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx) - 0.5));
  const right = Math.min(size - 1, Math.floor(ax + Math.max(0, bx, cx) - 0.5));
  for (let j = top; j <= bottom; j++) {
    const v = j + 0.5 - ay;
    for (let i = left; i <= right; i++) {
      const u = i + 0.5 - ax;
      const wb = (u * cy - v * cx) / area;
      const wc = (v * bx - u * by) / area;
      if (wb < -1e-9 || wc < -1e-9 || wb + wc > 1 + 1e-9) continue;
      const at = j * size + i;
      const z = from.z(a) + zx * u + zy * v;
      if (z >= depth[at]) continue;
      depth[at] = z;
      map.xy[2 * at] = ux + xx * u + xy * v;
      map.xy[2 * at + 1] = uy + yx * u + yy * v;
    }
  }
}

/**
 * Smooths the map inside the ring's box. A Gaussian leaves what is linear as it is, so only creases are touched. The patch's
 * outermost pixels keep their values.
 */
function smoothWithin(map: DenseMap, points: Points, sigma: number): void {
  const radius = Math.max(1, Math.ceil(2.5 * sigma));
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, v) => sum + v, 0);
  const weights = Float32Array.from(kernel, (v) => v / total);
  const { size, xy } = map;
  const inside = (v: number) => Math.min(size - radius, Math.max(radius, Math.round(v)));
  const ring = Array.from({ length: points.count - LANDMARK_COUNT }, (_, k) => LANDMARK_COUNT + k);
  const left = inside(Math.min(...ring.map(points.x)));
  const right = inside(Math.max(...ring.map(points.x)));
  const top = inside(Math.min(...ring.map(points.y)));
  const bottom = inside(Math.max(...ring.map(points.y)));
  const pairs = 2 * (right - left);
  if (pairs <= 0 || bottom <= top) return;
  const across = new Float32Array(pairs * (bottom - top + 2 * radius));
  for (let j = top - radius; j < bottom + radius; j++) {
    const row = (j - top + radius) * pairs;
    const from = 2 * (j * size + left - radius);
    for (let p = 0; p < pairs; p++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * xy[from + p + 2 * k];
      across[row + p] = sum;
    }
  }
  const line = new Float32Array(pairs);
  for (let j = top; j < bottom; j++) {
    line.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k];
      const row = (j - top + k) * pairs;
      for (let p = 0; p < pairs; p++) line[p] = line[p] + weight * across[row + p];
    }
    xy.set(line, 2 * (j * size + left));
  }
}
