import { z } from 'zod';
import type { FivePoints } from '../face/landmarks.ts';
import { PATCH_TEMPLATE } from '../face/patch.ts';
import { fitSimilarity, invert, type Similarity } from '../face/similarity.ts';

/**
 * Five points of a face in a square, pixels counted from the centre of its first one: InsightFace's face_align.py (the last two of
 * ArcFace's, and its 128 pixels), and what FaceFusion's face_helper.py calls by these names.
 */
const SQUARES = {
  arcface_112_v1: {
    side: 112,
    points: [39.73, 51.138, 72.27, 51.138, 56, 68.493, 42.463, 87.01, 69.537, 87.01],
  },
  arcface_112_v2: {
    side: 112,
    points: [38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041],
  },
  arcface_128: {
    side: 128,
    points: [46.2946, 51.6963, 81.5318, 51.5014, 64.0252, 71.7366, 49.5493, 92.3655, 78.7299, 92.2041],
  },
  mtcnn_512: {
    side: 512,
    points: [187.2019, 239.2771, 324.1236, 238.5197, 256.0979, 317.1479, 199.8487, 397.306, 313.2362, 396.6788],
  },
} as const;

/** How a face is aligned for a network. */
export const templateSchema = z.discriminatedUnion('name', [
  /** The whole picture, centred, as large as fits, black around. */
  z.strictObject({ name: z.literal('letterbox') }),
  /** A square around the face, turned with the eyes, its side `growth` times the larger side of the face's box. */
  z.strictObject({ name: z.literal('turned-square'), growth: z.number().min(1).max(3).default(1.5) }),
  /** Five points on a square of others, shrunk to leave `padding` of the side free on each side. */
  z.strictObject({
    name: z.enum(Object.keys(SQUARES) as (keyof typeof SQUARES)[]),
    padding: z.number().min(0).max(0.4).default(0),
    /**
     * Where the five points' squared distances from those of the square are least: in pixels of the picture, which holds where
     * nothing is stated, or of the square, as InsightFace and FaceFusion fit (face_align.py). Of a turned face the second is a larger cut.
     */
    leastIn: z.enum(['picture', 'square']).exactOptional(),
  }),
  /** Five points on the alignment of FFHQ (Karras 2019). */
  z.strictObject({ name: z.literal('ffhq') }),
  /** Any part of a picture, as it is. */
  z.strictObject({ name: z.literal('any') }),
]);

export type Template = z.output<typeof templateSchema>;

/** Where a template lays a face's five points in a square of `side` pixels, counted from its top-left edge; null where it goes by others. */
export function fivePointsOfTemplate(template: Template, side: number): FivePoints | null {
  if (template.name === 'ffhq') return PATCH_TEMPLATE.map((v) => side * v);
  if (!('padding' in template)) return null;
  const { padding } = template;
  const square = SQUARES[template.name];
  return square.points.map((v) => side * (padding + (1 - 2 * padding) * ((v + 0.5) / square.side)));
}

/** The same for a template of a contract that was checked to go by five points. */
export function laidFivePoints(template: Template, side: number): FivePoints {
  const points = fivePointsOfTemplate(template, side);
  if (!points) throw new TypeError('Unreachable: the contract was checked to lay faces by five points.');
  return points;
}

/** Carries a template's square of `side` pixels onto a face by its five points. */
export function squareOnFace(template: Template, side: number, five: FivePoints): Similarity {
  const points = laidFivePoints(template, side);
  const isInSquare = 'leastIn' in template && template.leastIn === 'square';
  return isInSquare ? invert(fitSimilarity(five, points)) : fitSimilarity(points, five);
}
