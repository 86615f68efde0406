import { fivePoints, type Landmarks } from '../face/landmarks.ts';
import { settleLight } from '../face/light.ts';
import { EXPRESSIVENESS } from '../face/regions.ts';
import type { Light, Sighting } from '../face/sighting.ts';
import { fitSimilarity, IDENTITY, type Similarity } from '../face/similarity.ts';
import type { FaceTrack } from '../face/track.ts';
import type { RawTrack } from './raw-track.ts';
import { type SettleSigmas, settle } from './settle.ts';

/** Pixels of the plate per pixel of the picture that was looked at. */
export interface ProxyScale {
  readonly x: number;
  readonly y: number;
}

/** A raw track with its landmarks and light settled, in plate pixels. */
export function finishTrack(
  raw: RawTrack,
  id: string,
  shot: number,
  scale: ProxyScale,
  sigmas: SettleSigmas,
  lightSigma: number,
): FaceTrack {
  const steps = raw.landmarks.map((landmarks, k) => stepAt(raw, k, landmarks));
  const settled = settle(raw.landmarks, steps, sigmas, EXPRESSIVENESS, raw.presence);
  const lights = settleLight(raw.lights, lightSigma);
  const sightings = settled.map(
    (landmarks, k): Sighting => ({
      frame: raw.in + k,
      origin: raw.origins[k] ?? 'carried',
      score: raw.presence[k] ?? 0,
      landmarks: onPlate(landmarks, scale),
      light: { ...(lights[k] as Light), blur: (lights[k] as Light).blur * scale.x },
    }),
  );
  return { id, shot, in: raw.in, out: raw.in + sightings.length, sightings, anchors: raw.anchors };
}

/** Where tracking could not tell, the landmarks themselves say how the face moved. */
function stepAt(raw: RawTrack, k: number, landmarks: Landmarks): Similarity {
  if (k === 0) return IDENTITY;
  return raw.steps[k] ?? fitSimilarity(fivePoints(raw.landmarks[k - 1] as Landmarks), fivePoints(landmarks));
}

function onPlate(landmarks: Landmarks, scale: ProxyScale): Landmarks {
  return landmarks.map((v, i) => v * (i % 3 === 1 ? scale.y : scale.x));
}
