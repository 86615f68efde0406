import { LANDMARK_COUNT } from './landmarks.ts';
import { BAND_DIRECTIONS, type Sighting } from './sighting.ts';
import type { Anchor, FaceTrack } from './track.ts';

const LANDMARK_FLOATS = 3 * LANDMARK_COUNT;
const BAND_FLOATS = 3 * BAND_DIRECTIONS;
/** Floats of a packed sighting: its landmarks, then its band. */
export const SIGHTING_FLOATS = LANDMARK_FLOATS + BAND_FLOATS;

/** Floats of a packed track: of every sighting in turn, then every anchor's embedding. */
export function packedLength({ sightings, anchors }: Pick<FaceTrack, 'sightings' | 'anchors'>): number {
  return anchors.reduce((sum, { embedding }) => sum + embedding.length, sightings.length * SIGHTING_FLOATS);
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
  const sightings = track.sightings.map((sighting): Sighting => {
    const landmarks = put(sighting.landmarks);
    return { ...sighting, landmarks, light: { ...sighting.light, band: put(sighting.light.band) } };
  });
  const anchors = track.anchors.map((anchor): Anchor => ({ ...anchor, embedding: put(anchor.embedding) }));
  return { ...track, sightings, anchors };
}

/** A reader of packed floats: each call answers the next `length` of them, as a view. */
export function viewsOf(memory: Float32Array): (length: number) => Float32Array {
  let at = 0;
  return (length) => {
    at += length;
    return memory.subarray(at - length, at);
  };
}
