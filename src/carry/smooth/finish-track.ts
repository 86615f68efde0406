import { fivePoints, type Landmarks } from '../../face/landmarks.ts';
import { smoothLight } from '../../face/light.ts';
import type { FaceObservation, Light } from '../../face/observation.ts';
import { EXPRESSIVENESS } from '../../face/regions.ts';
import { fitSimilarity } from '../../face/similarity.ts';
import type { FaceTrack } from '../../face/track.ts';
import { compose3, IDENTITY3, inSpace, invert3, type Similarity3 } from '../../motion/similarity3.ts';
import { extentOf } from '../track/extent.ts';
import { motionChain } from '../track/motion-chain.ts';
import type { RawObservation } from '../track/raw-observation.ts';
import type { RawTrack } from '../track/raw-track.ts';
import { applyRefinements } from './apply-refinements.ts';
import { bridgeSkips } from './bridge-skips.ts';
import { confidences } from './confidence.ts';
import { filterLengths } from './filter-lengths.ts';
import { type SmoothingSigmas, smoothLandmarks } from './smooth-landmarks.ts';
import { centroidOf } from './still-centroid.ts';

/** Plate pixels per proxy pixel. */
export interface ProxyScale {
  readonly x: number;
  readonly y: number;
}

export interface FinishOptions {
  readonly scale: ProxyScale;
  readonly smoothing: SmoothingSigmas;
  /** Standard deviation of the filter over light, frames. */
  readonly lightSigma: number;
}

/** A raw track with its landmarks and light smoothed, in plate pixels. */
export function finishTrack(
  raw: RawTrack,
  { id, shot }: Pick<FaceTrack, 'id' | 'shot'>,
  { scale, smoothing, lightSigma }: FinishOptions,
): FaceTrack {
  const motion = motionChain(raw.observations.map((_, k) => stepAt(raw.observations, k)));
  const observed = bridgeSkips(raw.observations, motion, EXPRESSIVENESS);
  const carried = smoothLandmarks(observed, motion, {
    sigmas: smoothing,
    expressive: EXPRESSIVENESS,
    trust: confidences(raw.observations, observed, motion),
    lengths: filterLengths(observed),
    means: raw.means.map(({ frame, landmarks }) => ({ index: frame - raw.in, landmarks })),
  });
  const smoothed = applyRefinements(
    carried,
    raw.refinements.map(({ frame, landmarks }) => ({ index: frame - raw.in, landmarks })),
    EXPRESSIVENESS,
  );
  const lights = smoothLight(
    raw.observations.map(({ light }) => light),
    lightSigma,
  );
  const observations = raw.observations.map(({ origin, presence }, k): FaceObservation => {
    const light = lights[k] as Light;
    return {
      frame: raw.in + k,
      origin,
      score: presence,
      landmarks: onPlate(smoothed[k] as Landmarks, scale),
      light: { ...light, blur: light.blur * scale.x },
    };
  });
  return {
    id,
    shot,
    in: raw.in,
    out: raw.in + observations.length,
    observations,
    identitySamples: raw.identitySamples,
  };
}

/**
 * The motion from the frame before. Where it was not measured, it is the film's motion if the face kept still on the film in the
 * frames around, else the similarity between the landmarks of both frames. Each run of the network has its own zero of depth: the
 * motion leads from one to the other.
 */
function stepAt(observations: readonly RawObservation[], k: number): Similarity3 {
  if (k === 0) return IDENTITY3;
  const [before, here] = [observations[k - 1], observations[k]] as [RawObservation, RawObservation];
  const { m, t } =
    here.step ??
    (keptStill(observations, k) ? here.film : null) ??
    inSpace(fitSimilarity(fivePoints(before.landmarks), fivePoints(here.landmarks)));
  const [x, y, z] = centroidOf(before.landmarks);
  return { m, t: [t[0], t[1], centroidOf(here.landmarks)[2] - m[6] * x - m[7] * y - m[8] * z] };
}

/**
 * Frames on either side in which a face must keep still, and its greatest motion on the film in one of them, over inter-ocular
 * distance.
 */
const AROUND = 4;
const STILL = 0.01;

/** True where the face moved with the film in the frames around `k`; both motions must be known in at least half of them. */
function keptStill(observations: readonly RawObservation[], k: number): boolean {
  const around = observations.slice(Math.max(1, k - AROUND), k + AROUND + 1);
  const own = around.flatMap(({ landmarks, step, film }) => {
    if (!step || !film) return [];
    return [extentOf(compose3(invert3(film), step), landmarks)];
  });
  return 2 * own.length >= around.length && own.every((extent) => extent <= STILL);
}

function onPlate(landmarks: Landmarks, scale: ProxyScale): Landmarks {
  return landmarks.map((v, i) => v * (i % 3 === 1 ? scale.y : scale.x));
}
