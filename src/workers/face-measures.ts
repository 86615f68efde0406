import { tileChange } from '../carry/skip/face-tiles.ts';
import { backgroundView, filmMotion } from '../carry/track/background.ts';
import { faceMotion } from '../carry/track/face-motion.ts';
import { viewOf } from '../carry/track/face-view.ts';
import type { Measures } from '../carry/track/tracking-context.ts';
import { measureLight } from '../face/light.ts';
import { observationQuality } from '../face/pose.ts';

/** Measures on faces' pixels for the tracking worker. */
export const FACE_MEASURES: Measures = {
  background: backgroundView,
  film: filmMotion,
  light: measureLight,
  view: (picture, landmarks, like) => viewOf(picture, landmarks, like ?? undefined),
  motion: faceMotion,
  change: tileChange,
  quality: observationQuality,
};
