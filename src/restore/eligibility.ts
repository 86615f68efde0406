import type { Patch } from '../compute/patch.ts';
import { fivePoints, interOcular } from '../face/landmarks.ts';
import { frontalness, poseOf } from '../face/pose.ts';
import { scaleOf } from '../face/similarity.ts';
import { smoothstep } from '../film/interpolate.ts';
import type { RestorerWords } from './restorer-definition.ts';

/**
 * Inter-ocular distances on the plate, pixels, between which restoring fades out. On the sample's talking face the worst of eight
 * frames gains over the plate, decibels of `repair` / `detail`, grain put back: at 40 pixels +0.1 / +0.8, 36 +0.1 / +0.6, 30 +0.2 / −0.1,
 * 24 +0.3 / −2.5, 20 −2.8 / −5.3, 16 −7.9 / −9.2. Below, a lid and a tooth are a pixel wide and stills agree by chance.
 */
const LARGE_ENOUGH = 36;
const TOO_SMALL = 26;
/** cos yaw · cos pitch between which it fades out: in profile half of the mesh is a guess. */
const FRONTAL_ENOUGH = 0.55;
const TURNED_AWAY = 0.3;

/** How far a face may be restored, and which of its size and its pose sets the limit. */
export interface Eligibility {
  /** 0 … 1. */
  readonly strength: number;
  readonly limit: keyof typeof ELIGIBILITY_WORDS;
}

/** Why a face is not eligible, or only in part. */
export const ELIGIBILITY_WORDS = {
  small: {
    brief: 'the face is too small',
    leftAlone: 'the face is too small to be told from its grain',
    inPart: 'the face is small',
  },
  turned: {
    brief: 'the face is turned away',
    leftAlone: 'the face is turned away, and what is hidden cannot be restored',
    inPart: 'the face is nearly in profile',
  },
} satisfies RestorerWords['reasons'];

/** How far a face may be restored at all, by its size on the plate and its pose. */
export function eligibilityOf({ landmarks, toPatch }: Patch): Eligibility {
  const onPlate = interOcular(fivePoints(landmarks)) / scaleOf(toPatch);
  const large = smoothstep(TOO_SMALL, LARGE_ENOUGH, onPlate);
  const frontal = smoothstep(TURNED_AWAY, FRONTAL_ENOUGH, frontalness(poseOf(landmarks)));
  return large <= frontal ? { strength: large, limit: 'small' } : { strength: frontal, limit: 'turned' };
}
