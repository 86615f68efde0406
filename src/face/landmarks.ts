/**
 * 468 points of a face mesh: `Float32Array` of 3·468, x, y, z a point, in pixels of the picture it was found in (z in the same
 * scale, smaller = nearer). The numbering is that of MediaPipe's canonical face model.
 */
export type Landmarks = Float32Array;

export const LANDMARK_COUNT = 468;

/** x0, y0 … x4, y4: image-left eye centre, image-right eye centre, nose tip, image-left and image-right mouth corner. */
export type FivePoints = readonly number[];

/**
 * Points of a face that people know by a name: each the mean of landmarks, by their numbers. Left and right are those of the picture.
 */
export const NAMED_POINTS = {
  'left eye': [33, 133, 159, 145],
  'right eye': [263, 362, 386, 374],
  'nose tip': [1],
  'left mouth corner': [61],
  'right mouth corner': [291],
  'left eye, outer corner': [33],
  'left eye, inner corner': [133],
  'right eye, inner corner': [362],
  'right eye, outer corner': [263],
  'left brow': [105],
  'right brow': [334],
  'nose bridge': [168],
  chin: [152],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type PointName = keyof typeof NAMED_POINTS;

/** Those of `FivePoints`, in their order. */
const FIVE_POINTS = ['left eye', 'right eye', 'nose tip', 'left mouth corner', 'right mouth corner'] as const;

/** x, y of a named point, in the landmarks' own pixels. */
export function namedPoint(landmarks: Landmarks, name: PointName): [x: number, y: number] {
  const sources = NAMED_POINTS[name];
  let x = 0;
  let y = 0;
  for (const i of sources) {
    x += landmarks[3 * i];
    y += landmarks[3 * i + 1];
  }
  return [x / sources.length, y / sources.length];
}

export function fivePoints(landmarks: Landmarks): FivePoints {
  return FIVE_POINTS.flatMap((name) => namedPoint(landmarks, name));
}

/** Distance between the eye centres, in the points' own pixels. */
export function interOcular(five: FivePoints): number {
  return Math.hypot(five[2] - five[0], five[3] - five[1]);
}

function distance(landmarks: Landmarks, a: number, b: number): number {
  return Math.hypot(landmarks[3 * a] - landmarks[3 * b], landmarks[3 * a + 1] - landmarks[3 * b + 1]);
}

/** How far the lips are apart (inner lips, 13 to 14), over inter-ocular distance; 0 = closed. */
export function mouthOpening(landmarks: Landmarks): number {
  return distance(landmarks, 13, 14) / interOcular(fivePoints(landmarks));
}

/** How far the lids of the image-left and image-right eye are apart, over inter-ocular distance. */
export function eyeOpenings(landmarks: Landmarks): readonly [number, number] {
  const scale = interOcular(fivePoints(landmarks));
  return [distance(landmarks, 159, 145) / scale, distance(landmarks, 386, 374) / scale];
}
