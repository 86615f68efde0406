import { fivePoints, type Landmarks } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { fitSimilarity, type Similarity, transformLandmarks } from '../../src/face/similarity.ts';
import type { StillFaces } from './still-faces.ts';

/** A still and one of its faces. */
export interface UprightFace {
  readonly file: string;
  readonly still: RgbPicture;
  /** Carries the still's pixels to where the face is upright at the origin, one unit between its eyes. */
  readonly upright: Similarity;
  /** What the landmark network sees there, depth included. */
  readonly landmarks: Landmarks;
}

/** @param which of the still's faces, counted from the left */
export function uprightFace({ file, still, faces }: StillFaces, which: number): UprightFace {
  const landmarks = faces[which];
  if (!landmarks) throw new Error(`${file} has no face ${which}.`);
  const upright = fitSimilarity(fivePoints(landmarks).slice(0, 4), [-0.5, -0.2, 0.5, -0.2]);
  return { file, still, upright, landmarks: transformLandmarks(upright, landmarks) };
}
