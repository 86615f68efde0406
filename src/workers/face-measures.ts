import { tileChange } from '../carry/skip/face-tiles.ts';
import { backgroundView, filmMotion } from '../carry/track/background.ts';
import { faceMotion, viewOf } from '../carry/track/face-motion.ts';
import type { Measures } from '../carry/track/tracking-context.ts';
import { measureLight } from '../face/light.ts';
import { observationQuality } from '../face/pose.ts';

/** What the observation worker measures on faces' pixels. */
export const FACE_MEASURES: Measures = {
  background: backgroundView,
  film: filmMotion,
  light: measureLight,
  view: (picture, landmarks, like) => viewOf(picture, landmarks, like ?? undefined),
  motion: faceMotion,
  change: tileChange,
  quality: observationQuality,
};
