import { LANDMARK_COUNT } from './landmarks.ts';
import { BAND_DIRECTIONS, type FaceObservation } from './observation.ts';
import type { FaceTrack, IdentitySample } from './track.ts';

const LANDMARK_FLOATS = 3 * LANDMARK_COUNT;
const BAND_FLOATS = 3 * BAND_DIRECTIONS;
/** Floats of a packed observation: its landmarks, then its band. */
export const OBSERVATION_FLOATS = LANDMARK_FLOATS + BAND_FLOATS;

/** Floats of a packed track: of every observation in turn, then every identity sample's embedding. */
export function packedLength({
  observations,
  identitySamples,
}: Pick<FaceTrack, 'observations' | 'identitySamples'>): number {
  return identitySamples.reduce(
    (sum, { embedding }) => sum + embedding.length,
    observations.length * OBSERVATION_FLOATS,
  );
}

/**
 * The track with all of its floats in `memory` (`packedLength` of them), as views: two thousand frames are one piece of 13 MB that
 * moves between threads as it is, and goes back to the system as a whole. Copy what is posted alone: a view takes all of it along.
 */
export function packTrack(track: FaceTrack, memory: Float32Array<ArrayBuffer>): FaceTrack {
  const next = viewsOf(memory);
  const put = (floats: Float32Array) => {
    const view = next(floats.length);
    view.set(floats);
    return view;
  };
  const observations = track.observations.map((observation): FaceObservation => {
    const landmarks = put(observation.landmarks);
    return { ...observation, landmarks, light: { ...observation.light, band: put(observation.light.band) } };
  });
  const identitySamples = track.identitySamples.map(
    (identitySample): IdentitySample => ({ ...identitySample, embedding: put(identitySample.embedding) }),
  );
  return { ...track, observations, identitySamples };
}

/** A reader of packed floats: each call answers the next `length` of them, as a view. */
export function viewsOf(memory: Float32Array): (length: number) => Float32Array {
  let at = 0;
  return (length) => {
    at += length;
    return memory.subarray(at - length, at);
  };
}
