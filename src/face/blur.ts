import { blurSigma } from '../motion/blur.ts';
import { eyesToMouth } from './face-window.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import type { RgbPicture } from './networks.ts';

/**
 * How soft lids, nostrils and lips are of themselves, inter-ocular distances: what a sharp portrait reads at distances of 40 to 120
 * pixels (0.011 … 0.02), at its smallest.
 */
const OWN_SOFTNESS = 0.012;

/**
 * Standard deviation of the Gaussian that blurred a face, pixels of the picture: what its edges tell between brows and lips, less
 * what such edges have of themselves. Null where no edge stands out of the grain, or where too little of the face lies in the picture.
 */
export function blurOfFace(picture: RgbPicture, landmarks: Landmarks): number | null {
  const window = eyesToMouth(picture, landmarks);
  const told = window && blurSigma(window);
  return told === null ? null : withoutOwnSoftness(told, interOcular(fivePoints(landmarks)));
}

/** What is left of the blur that edges of a face tell; `distance` is the inter-ocular one, in the same pixels. */
export function withoutOwnSoftness(told: number, distance: number): number {
  return Math.sqrt(Math.max(0, told ** 2 - (OWN_SOFTNESS * distance) ** 2));
}
