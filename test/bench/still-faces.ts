import { join } from 'node:path';
import sharp from 'sharp';
import type { Networks } from '../../src/carry/track/counted-networks.ts';
import { cropOfDetection } from '../../src/face/crop.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';

/** A still and what the landmark network sees of its faces, from the left. */
export interface StillFaces {
  readonly file: string;
  readonly still: RgbPicture;
  readonly faces: readonly Landmarks[];
}

export async function stillFaces(
  file: string,
  { detector, landmarker }: Pick<Networks, 'detector' | 'landmarker'>,
): Promise<StillFaces> {
  const path = join(import.meta.dirname, '../../../shared/footage/stills', file);
  const { data, info } = await sharp(path)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const still = { width: info.width, height: info.height, rgb: data };
  const { detections } = await detector.detect(still, { threshold: 0.6, smallestFace: 0.08 * still.width });
  const faces: Landmarks[] = [];
  for (const detection of [...detections].sort((p, q) => p.box[0] - q.box[0])) {
    faces.push((await landmarker.landmarks(still, cropOfDetection(detection))).landmarks);
  }
  return { file, still, faces };
}
