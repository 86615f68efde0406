import { join } from 'node:path';
import sharp from 'sharp';
import type { Networks } from '../../src/carry/counted-networks.ts';
import { cropOfDetection } from '../../src/face/crop.ts';
import { fivePoints } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { fitSimilarity, type Similarity } from '../../src/face/similarity.ts';

/** A still and the similarity that carries one of its faces upright to the origin, one unit between its eyes. */
export async function uprightFace(
  file: string,
  which: number,
  { detector, landmarker }: Pick<Networks, 'detector' | 'landmarker'>,
): Promise<{ still: RgbPicture; upright: Similarity }> {
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
  const five = fivePoints(landmarks);
  return { still, upright: fitSimilarity(five.slice(0, 4), [-0.5, -0.2, 0.5, -0.2]) };
}
