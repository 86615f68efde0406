import { fivePoints, type Landmarks } from '../face/landmarks.ts';
import { settleLight } from '../face/light.ts';
import { EXPRESSIVENESS } from '../face/regions.ts';
import type { Light, Sighting } from '../face/sighting.ts';
import { fitSimilarity } from '../face/similarity.ts';
import type { FaceTrack } from '../face/track.ts';
import { compose3, IDENTITY3, inSpace, invert3, type Similarity3 } from '../motion/similarity3.ts';
import { applyRefinements } from './apply-refinements.ts';
import { beliefs } from './belief.ts';
import { bridgeRests } from './bridge.ts';
import { extentOf } from './extent.ts';
import { filterLengths } from './filter-lengths.ts';
import { motionChain } from './motion-chain.ts';
import type { RawSighting } from './raw-sighting.ts';
import type { RawTrack } from './raw-track.ts';
import { type SettleSigmas, settle } from './settle.ts';
import { middleOf } from './still-middle.ts';

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
  const motion = motionChain(raw.sightings.map((_, k) => stepAt(raw.sightings, k)));
  const observed = bridgeRests(raw.sightings, motion, EXPRESSIVENESS);
  const carried = settle(observed, motion, sigmas, EXPRESSIVENESS, {
    trust: beliefs(raw.sightings, observed, motion),
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

/**
 * The motion from the frame before; where tracking could not tell, that of the film, on which the face kept still around there, or
 * else the landmarks themselves say how the face moved. Each look has a depth of its own to begin at: the motion leads from the
 * one's to the other's.
 */
function stepAt(sightings: readonly RawSighting[], k: number): Similarity3 {
  if (k === 0) return IDENTITY3;
  const [before, here] = [sightings[k - 1], sightings[k]] as [RawSighting, RawSighting];
  const { m, t } =
    here.step ??
    (keptStill(sightings, k) ? here.film : null) ??
    inSpace(fitSimilarity(fivePoints(before.landmarks), fivePoints(here.landmarks)));
  const [x, y, z] = middleOf(before.landmarks);
  return { m, t: [t[0], t[1], middleOf(here.landmarks)[2] - m[6] * x - m[7] * y - m[8] * z] };
}

/** Frames on either side that tell whether a face keeps still, and how far it then goes on the film in one, over inter-ocular distance. */
const AROUND = 4;
const STILL = 0.01;

/** True where in the frames around `k` the face went with the film, as far as both are known: in half of them at least. */
function keptStill(sightings: readonly RawSighting[], k: number): boolean {
  const around = sightings.slice(Math.max(1, k - AROUND), k + AROUND + 1);
  const own = around.flatMap(({ landmarks, step, film }) => {
    if (!step || !film) return [];
    return [extentOf(compose3(invert3(film), step), landmarks)];
  });
  return 2 * own.length >= around.length && own.every((extent) => extent <= STILL);
}

function onPlate(landmarks: Landmarks, scale: ProxyScale): Landmarks {
  return landmarks.map((v, i) => v * (i % 3 === 1 ? scale.y : scale.x));
}
