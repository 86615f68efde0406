import { fivePoints, type Landmarks } from '../face/landmarks.ts';
import { settleLight } from '../face/light.ts';
import { EXPRESSIVENESS } from '../face/regions.ts';
import type { Light, Sighting } from '../face/sighting.ts';
import { fitSimilarity, IDENTITY, type Similarity } from '../face/similarity.ts';
import type { FaceTrack } from '../face/track.ts';
import { applyRefinements } from './apply-refinements.ts';
import { beliefs } from './belief.ts';
import { bridgeRests } from './bridge.ts';
import { filterLengths } from './filter-lengths.ts';
import type { RawSighting, RawTrack } from './raw-track.ts';
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
  const steps = raw.sightings.map((_, k) => stepAt(raw.sightings, k));
  const observed = bridgeRests(raw.sightings, steps, EXPRESSIVENESS);
  const carried = settle(observed, steps, sigmas, EXPRESSIVENESS, {
    trust: beliefs(raw.sightings, observed, steps),
    lengths: filterLengths(observed),
    means: raw.means.map(({ frame, landmarks }) => ({ index: frame - raw.in, landmarks })),
  });
  const settled = applyRefinements(
    carried,
    raw.refinements.map(({ frame, landmarks }) => ({ index: frame - raw.in, landmarks })),
    EXPRESSIVENESS,
  );
  const lights = settleLight(
    raw.sightings.map(({ light }) => light),
    lightSigma,
  );
  const sightings = raw.sightings.map(({ origin, presence }, k): Sighting => {
    const light = lights[k] as Light;
    return {
      frame: raw.in + k,
      origin,
      score: presence,
      landmarks: onPlate(settled[k] as Landmarks, scale),
      light: { ...light, blur: light.blur * scale.x },
    };
  });
  return { id, shot, in: raw.in, out: raw.in + sightings.length, sightings, anchors: raw.anchors };
}

/** Where tracking could not tell, the landmarks themselves say how the face moved. */
function stepAt(sightings: readonly RawSighting[], k: number): Similarity {
  if (k === 0) return IDENTITY;
  const [before, here] = [sightings[k - 1], sightings[k]] as [RawSighting, RawSighting];
  return here.step ?? fitSimilarity(fivePoints(before.landmarks), fivePoints(here.landmarks));
}

function onPlate(landmarks: Landmarks, scale: ProxyScale): Landmarks {
  return landmarks.map((v, i) => v * (i % 3 === 1 ? scale.y : scale.x));
}
