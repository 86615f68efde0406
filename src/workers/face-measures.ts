import { faceMotion } from '../carry/face-motion.ts';
import type { Measures } from '../carry/sight-shot.ts';
import { measureLight } from '../face/light.ts';
import { sightingQuality } from '../face/pose.ts';
import { STEADY_POINTS } from '../face/regions.ts';

/** What the sighting worker measures on faces' pixels. */
export const FACE_MEASURES: Measures = {
  light: measureLight,
  motion: (from, to, landmarks) => faceMotion(from, to, landmarks, STEADY_POINTS),
  quality: sightingQuality,
};
