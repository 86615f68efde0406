import { join } from 'node:path';
import sharp from 'sharp';
import type { Networks } from '../../src/carry/track/counted-networks.ts';
import { cropOfDetection } from '../../src/face/crop.ts';
import { fivePoints, type Landmarks } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { fitSimilarity, type Similarity, transformLandmarks } from '../../src/face/similarity.ts';

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
export async function uprightFace(
  file: string,
  which: number,
  { detector, landmarker }: Pick<Networks, 'detector' | 'landmarker'>,
): Promise<UprightFace> {
  const path = join(import.meta.dirname, '../../../shared/footage/stills', file);
  const { data, info } = await sharp(path)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const still = { width: info.width, height: info.height, rgb: data };
  const { detections } = await detector.detect(still, { threshold: 0.6, smallestFace: 0.08 * still.width });
  const detection = [...detections].sort((p, q) => p.box[0] - q.box[0])[which];
  if (!detection) throw new Error(`${file} has no face ${which}.`);
  const { landmarks } = await landmarker.landmarks(still, cropOfDetection(detection));
  const upright = fitSimilarity(fivePoints(landmarks).slice(0, 4), [-0.5, -0.2, 0.5, -0.2]);
  return { file, still, upright, landmarks: transformLandmarks(upright, landmarks) };
}
