import { backgroundView, filmMotion } from '../carry/background.ts';
import { faceMotion, viewOf } from '../carry/face-motion.ts';
import { tileChange } from '../carry/face-tiles.ts';
import type { Measures } from '../carry/sight-context.ts';
import { measureLight } from '../face/light.ts';
import { sightingQuality } from '../face/pose.ts';

/** What the sighting worker measures on faces' pixels. */
export const FACE_MEASURES: Measures = {
  background: backgroundView,
  film: filmMotion,
  light: measureLight,
  view: (picture, landmarks, like) => viewOf(picture, landmarks, like ?? undefined),
  motion: faceMotion,
  change: tileChange,
  quality: sightingQuality,
};
