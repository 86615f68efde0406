import { lumaOfPlanar } from '../../compute/cpu/filter/planar.ts';
import { eyeOpenings, fivePoints, interOcular, mouthOpening } from '../../face/landmarks.ts';
import { faceMatte } from '../../face/matte.ts';
import { angleBetween, type Pose, poseOf } from '../../face/pose.ts';
import { gaussianBlur } from '../../motion/gaussian.ts';
import type { StillPatch } from '../../restore/stills/still-patch.ts';

/** Most stills that are chosen, and least sharpness of a still, as a share of the sharpest one's. */
const BEST = 6;
const LEAST_SHARP = 0.8;
/**
 * Differences at which two stills count in full beside each other: of the head's direction, radians, and of openings,
 * inter-ocular distances.
 */
const OTHER_POSE = 0.3;
const OTHER_OPENING = 0.15;

/**
 * The stills that show one face best: sharp, and unlike each other in pose and expression. The first is the sharpest; each further
 * one has the greatest product of its sharpness and its distance from the nearest one before it.
 */
export function bestStills<Still extends StillPatch>(stills: readonly Still[]): Still[] {
  const candidates = stills.map((still) => ({ still, sharp: sharpness(still), look: lookOf(still) }));
  const sharpest = Math.max(0, ...candidates.map(({ sharp }) => sharp));
  const left = candidates.filter(({ sharp }) => sharp >= LEAST_SHARP * sharpest);
  const chosen: typeof left = [];
  while (chosen.length < BEST && left.length > 0) {
    const worth = left.map(({ sharp, look }) => sharp * Math.min(1, ...chosen.map((c) => distance(look, c.look))));
    const [next] = left.splice(worth.indexOf(Math.max(...worth)), 1);
    if (next) chosen.push(next);
  }
  return chosen.map(({ still }) => still);
}

/** Standard deviation of the Gaussian below which structure is detail, inter-ocular distances, and its least value, pixels. */
const COARSE = 0.02;
const LEAST_COARSE = 0.8;

/** Root mean square of a face's detail over its mean luma: comparable between sizes and exposures. */
export function sharpness({ size, rgb, landmarks }: StillPatch): number {
  const luma = { width: size, height: size, samples: lumaOfPlanar(rgb) };
  const sigma = Math.max(LEAST_COARSE, COARSE * interOcular(fivePoints(landmarks)));
  const coarse = gaussianBlur(luma, sigma).samples;
  const matte = faceMatte(landmarks, size, { softness: 0.02 });
  let weight = 0;
  let mean = 0;
  let square = 0;
  for (let i = 0; i < matte.length; i++) {
    const w = matte[i] as number;
    weight += w;
    mean += w * (coarse[i] as number);
    square += w * ((luma.samples[i] as number) - (coarse[i] as number)) ** 2;
  }
  return mean > 0 ? Math.sqrt(square * weight) / mean : 0;
}

interface Look {
  readonly pose: Pose;
  readonly openings: readonly number[];
}

function lookOf({ landmarks }: StillPatch): Look {
  return { pose: poseOf(landmarks), openings: [mouthOpening(landmarks), ...eyeOpenings(landmarks)] };
}

/** Difference of two stills in pose and openings; 1 and more where both count in full. */
function distance(a: Look, b: Look): number {
  const openings = a.openings.map((opening, i) => Math.abs(opening - (b.openings[i] as number)));
  return angleBetween(a.pose, b.pose) / OTHER_POSE + Math.max(...openings) / OTHER_OPENING;
}
