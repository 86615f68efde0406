import { faceRegion } from '../../samples/face-region.ts';
import type { ReelTruth } from '../../samples/reel-truth.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import { LEFT_EYE, LIPS_OUTER, RIGHT_EYE } from '../../src/face/regions.ts';

/** Where a frame is compared with its truth: each `Uint8Array` of width·height, 1 = inside. */
export interface TruthRegions {
  /** The true face's outline, drawn in by 0.08 inter-ocular distances: hair and background stay out. */
  readonly face: Uint8Array;
  /** Both eyes with their lids, and each: the one at the picture's left of an upright face, and the other. */
  readonly eyes: Uint8Array;
  readonly eachEye: readonly [left: Uint8Array, right: Uint8Array];
  readonly mouth: Uint8Array;
}

/** In inter-ocular distances: how far the face is drawn in, and how far eyes and mouth reach beyond their rims. */
const DRAWN_IN = 0.08;
const AROUND_EYES = 0.12;
const AROUND_MOUTH = 0.1;

/** The regions of a frame; null where it shows no face. */
export function truthRegions(truth: ReelTruth, frame: number): TruthRegions | null {
  const face = truth.frame(frame).face;
  if (!face) return null;
  const { width, height } = truth;
  const whole = faceRegion(truth, frame);
  const drawnIn = erode(whole, width, height, DRAWN_IN * face.frontalIod);
  const near = (points: readonly number[], reach: number) =>
    boxAround(face.landmarks, points, reach * face.frontalIod, width, height);
  const within = (boxes: readonly Uint8Array[]) =>
    Uint8Array.from(drawnIn, (inside, i) => (inside && boxes.some((box) => box[i] === 1) ? 1 : 0));
  const [left, right] = [near(LEFT_EYE, AROUND_EYES), near(RIGHT_EYE, AROUND_EYES)];
  return {
    face: drawnIn,
    eyes: within([left, right]),
    eachEye: [within([left]), within([right])],
    mouth: within([near(LIPS_OUTER, AROUND_MOUTH)]),
  };
}

const DIRECTIONS = 16;

/** Without the pixels from which one of sixteen points at `radius` pixels lies outside. */
function erode(region: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const steps = Array.from({ length: DIRECTIONS }, (_, k) => {
    const angle = (2 * Math.PI * k) / DIRECTIONS;
    return [Math.round(radius * Math.cos(angle)), Math.round(radius * Math.sin(angle))] as const;
  });
  return Uint8Array.from(region, (inside, i) => {
    if (!inside) return 0;
    const x = i % width;
    const y = Math.floor(i / width);
    const isDeep = steps.every(([dx, dy]) => {
      const u = x + dx;
      const v = y + dy;
      return u >= 0 && v >= 0 && u < width && v < height && region[v * width + u] === 1;
    });
    return isDeep ? 1 : 0;
  });
}

function boxAround(
  landmarks: Landmarks,
  points: readonly number[],
  margin: number,
  width: number,
  height: number,
): Uint8Array {
  const xs = points.map((i) => landmarks[3 * i] as number);
  const ys = points.map((i) => landmarks[3 * i + 1] as number);
  const left = Math.max(0, Math.round(Math.min(...xs) - margin));
  const right = Math.min(width, Math.round(Math.max(...xs) + margin));
  const top = Math.max(0, Math.round(Math.min(...ys) - margin));
  const bottom = Math.min(height, Math.round(Math.max(...ys) + margin));
  const box = new Uint8Array(width * height);
  for (let y = top; y < bottom; y++) box.fill(1, y * width + left, y * width + Math.max(left, right));
  return box;
}
