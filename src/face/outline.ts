import { CANONICAL_POINTS, RIGID_POINTS, RIGID_WEIGHTS } from './canonical-face.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import { BAND_DIRECTIONS } from './observation.ts';
import { PATCH_TEMPLATE } from './patch.ts';
import { FACE_OVAL } from './regions.ts';
import { fitSimilarity, type Similarity } from './similarity.ts';

export interface OutlineOptions {
  /**
   * How far the middle of the forehead is raised above the oval, as a share of the face's height (forehead point 10 to chin). The
   * oval ends mid-forehead; by the rule of thirds (hair line to brows = brows to nose base) the hair begins 0.16 above it.
   */
  readonly forehead?: number;
  /** Moves the whole outline outwards, in inter-ocular distances; negative = inwards. */
  readonly grow?: number;
}

/** Default of `OutlineOptions.forehead`. */
const FOREHEAD = 0.13;

/** The canonical face seen from the front, and where its brows are. */
const FRONT = RIGID_POINTS.flatMap((i) => [CANONICAL_POINTS[3 * i], CANONICAL_POINTS[3 * i + 1]]);
const TOP = CANONICAL_POINTS[3 * 10 + 1];
const CHIN = CANONICAL_POINTS[3 * 152 + 1];
const EYE_LINE = CANONICAL_POINTS[3 * 168 + 1];

/**
 * The face's outline up to the hair line, as a closed polygon of 72 corners (each side of the oval is halved) (x0, y0 …, clockwise on the screen from
 * the middle of the forehead), in the landmarks' pixels. Every corner is a smooth function of the landmarks: it moves as they do.
 */
export function faceOutline(
  landmarks: Landmarks,
  { forehead = FOREHEAD, grow = 0 }: OutlineOptions = {},
): Float32Array {
  const face = fitSimilarity(FRONT, points(landmarks, RIGID_POINTS), RIGID_WEIGHTS);
  const rim = raised(landmarks, face, forehead);
  const smooth = halved(rim);
  if (grow !== 0) push(smooth, grow * interOcular(fivePoints(landmarks)));
  return smooth;
}

function points(landmarks: Landmarks, indices: readonly number[]): number[] {
  return indices.flatMap((i) => [landmarks[3 * i], landmarks[3 * i + 1]]);
}

/** The oval, its upper part raised along the face's own upright: by the square of a point's height over the eyes, which makes a dome. */
function raised(landmarks: Landmarks, face: Similarity, forehead: number): Float64Array {
  const rim = Float64Array.from(points(landmarks, FACE_OVAL));
  FACE_OVAL.forEach((i, k) => {
    const height = (EYE_LINE - CANONICAL_POINTS[3 * i + 1]) / (EYE_LINE - TOP);
    if (height <= 0) return;
    const lift = forehead * (CHIN - TOP) * height ** 2;
    // The face's upright on the screen is the canonical (0, −1).
    rim[2 * k] = rim[2 * k] + face.b * lift;
    rim[2 * k + 1] = rim[2 * k + 1] - face.a * lift;
  });
  return rim;
}

/** Puts a corner into each side, on the Catmull–Rom curve through its neighbours. */
function halved(rim: Float64Array): Float32Array {
  const count = rim.length / 2;
  const out = new Float32Array(2 * rim.length);
  for (let k = 0; k < count; k++) {
    for (let c = 0; c < 2; c++) {
      const at = (offset: number) => rim[2 * ((k + offset + count) % count) + c];
      out[4 * k + c] = at(0);
      out[4 * k + 2 + c] = (9 * (at(0) + at(1)) - at(-1) - at(2)) / 16;
    }
  }
  return out;
}

/** Moves every corner of a closed polygon, clockwise on the screen, outwards along the normal of the line between its neighbours. */
export function push(polygon: Float32Array, distance: number): void {
  const before = Float32Array.from(polygon);
  const count = before.length / 2;
  for (let k = 0; k < count; k++) {
    const a = 2 * ((k + count - 1) % count);
    const b = 2 * ((k + 1) % count);
    const x = before[b] - before[a];
    const y = before[b + 1] - before[a + 1];
    const length = Math.hypot(x, y) || 1;
    polygon[2 * k] = before[2 * k] + (distance * y) / length;
    polygon[2 * k + 1] = before[2 * k + 1] - (distance * x) / length;
  }
}

/** The outline in `BAND_DIRECTIONS` directions, where the light's band is measured and the membrane has its boundary. */
export interface OutlineDirections {
  /** The centre of the directions, in the middle of the face. */
  readonly x: number;
  readonly y: number;
  /**
   * Angle of direction 0 on the screen, radians: where the right of the face's patch points, 0 in the patch itself. Direction k lies
   * k · 2π / `BAND_DIRECTIONS` clockwise.
   */
  readonly angle: number;
  /** Distance from the middle to the outline, one a direction, pixels. */
  readonly radius: Float32Array;
}

/** The outline as a distance in each direction. Directions turn with the face, so a band can be smoothed from frame to frame. */
export function outlineDirections(landmarks: Landmarks, options: OutlineOptions = {}): OutlineDirections {
  const outline = faceOutline(landmarks, options);
  const count = outline.length / 2;
  let x = 0;
  let y = 0;
  for (let k = 0; k < count; k++) {
    x += outline[2 * k] / count;
    y += outline[2 * k + 1] / count;
  }
  const toPatch = fitSimilarity(fivePoints(landmarks), PATCH_TEMPLATE);
  const angle = -Math.atan2(toPatch.b, toPatch.a);
  const radius = new Float32Array(BAND_DIRECTIONS);
  for (let d = 0; d < BAND_DIRECTIONS; d++) {
    const direction = angle + (2 * Math.PI * d) / BAND_DIRECTIONS;
    radius[d] = rayLength(outline, x, y, Math.cos(direction), Math.sin(direction));
  }
  return { x, y, angle, radius };
}

/** Distance along a ray to the polygon's farthest side. */
function rayLength(polygon: Float32Array, x: number, y: number, dx: number, dy: number): number {
  const count = polygon.length / 2;
  let farthest = 0;
  for (let k = 0; k < count; k++) {
    const n = 2 * ((k + 1) % count);
    const ax = polygon[2 * k] - x;
    const ay = polygon[2 * k + 1] - y;
    const ex = polygon[n] - x - ax;
    const ey = polygon[n + 1] - y - ay;
    const across = dx * ey - dy * ex;
    if (across === 0) continue;
    const along = (ax * ey - ay * ex) / across;
    const share = (ax * dy - ay * dx) / across;
    if (along > farthest && share >= 0 && share <= 1) farthest = along;
  }
  return farthest;
}
