import { z } from 'zod';
import { type FaceFrames, faceFramesSchema } from './face-frames.ts';

const FACES_FORMAT = 'reelmend-faces/1';

/** `faces.json`: what was measured of every restored track's face, frame by frame. Frames count from 0 at the reel's first. */
export const facesFileSchema = z.strictObject({
  format: z.literal(FACES_FORMAT),
  tracks: z.array(faceFramesSchema),
});

/** The text of `faces.json`. */
export function facesFileText(faces: ReadonlyMap<string, FaceFrames>): string {
  return `${JSON.stringify({ format: FACES_FORMAT, tracks: [...faces.values()] })}\n`;
}
