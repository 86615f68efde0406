import { blurSigma } from '../motion/blur.ts';
import { eyesToMouth } from './face-window.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import type { RgbPicture } from './networks.ts';

/**
 * Softness of lids, nostrils and lips themselves, inter-ocular distances. Sharp portraits of 40 to 120 pixels between the eyes
 * read 0.011 … 0.02; this is the least.
 */
const OWN_SOFTNESS = 0.012;

/**
 * Standard deviation of the Gaussian that blurred a face, pixels of the picture. It is measured on edges between brows and lips,
 * less their own softness. Null where no edge stands out of the grain, or too little of the face lies in the picture.
 */
export function blurOfFace(picture: RgbPicture, landmarks: Landmarks): number | null {
  const window = eyesToMouth(picture, landmarks);
  const told = window && blurSigma(window);
  return told === null ? null : withoutOwnSoftness(told, interOcular(fivePoints(landmarks)));
}

/** The measured blur less the edges' own softness; `distance` is the inter-ocular one, in the same pixels. */
export function withoutOwnSoftness(told: number, distance: number): number {
  return Math.sqrt(Math.max(0, told ** 2 - (OWN_SOFTNESS * distance) ** 2));
}
