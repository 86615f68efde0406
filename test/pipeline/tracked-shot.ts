import type { KeptShot } from '../../src/pipeline/analysis/tracked-reel.ts';
import { trackOf } from './face-tracks.ts';

/** A shot of frames 0 to 100 with two faces, of which every part of a kept shot has something. */
export function keptShot(): KeptShot {
  const tracks = [trackOf('f1004', 3, 60), trackOf('f1071', 70, 90)];
  return {
    in: 0,
    out: 100,
    startsShot: true,
    endsShot: false,
    tracks,
    histories: tracks.map(({ id, in: from, observations }) => ({
      id,
      decisions: observations.map((_, k) => ({
        landmarker: k === 0 ? 'identity' : 'skip',
        recogniser: k === 0 ? 'identity' : null,
        refiner: k === 1 ? 'between' : null,
        limitDivisor: 2,
        age: k,
        motion: k === 0 ? null : 0.01,
        tiles: k === 0 ? null : 0.02,
        disagreement: null,
      })),
      audits: [{ frame: from + 4, rigid: 0.004, lips: 0.01, lids: 0.006, cosine: 0.98 }],
      limitHalvings: 1,
      motion: { weave: 0.3, camera: 1.5, head: 2 },
    })),
    searches: [
      { frame: 0, reason: 'sweep' },
      { frame: 48, reason: 'loss' },
    ],
    damaged: new Map([[17, 'it cannot be decoded']]),
  };
}
