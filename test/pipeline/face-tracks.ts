import { BAND_DIRECTIONS, type FaceObservation } from '../../src/face/observation.ts';
import type { FaceTrack } from '../../src/face/track.ts';

/** 468 points of which those that openings and the five points are made of lie where a face has them, 100 px between the eyes. */
export function landmarksAt(x: number, y: number, mouth = 20): Float32Array {
  const landmarks = new Float32Array(3 * 468);
  for (let i = 0; i < 468; i++) landmarks.set([x, y, 0], 3 * i);
  const put = (index: number, dx: number, dy: number) => landmarks.set([x + dx, y + dy, 0], 3 * index);
  // Each eye 30 wide and 10 high around its centre, 50 to the left and right.
  put(33, -65, 0);
  put(133, -35, 0);
  put(159, -50, -5);
  put(145, -50, 5);
  put(362, 35, 0);
  put(263, 65, 0);
  put(386, 50, -5);
  put(374, 50, 5);
  put(1, 0, 50);
  put(61, -40, 100);
  put(291, 40, 100);
  put(13, 0, 100 - mouth / 2);
  put(14, 0, 100 + mouth / 2);
  return landmarks;
}

export function trackOf(id: string, from: number, out: number, shot = 0): FaceTrack {
  const observations = Array.from({ length: out - from }, (_, k): FaceObservation => {
    const frame = from + k;
    return {
      frame,
      origin: k % 24 === 0 ? 'detected' : 'carried',
      score: 0.9,
      landmarks: landmarksAt(500 + k, 300, 10 + 10 * Math.sin(k / 3)),
      light: {
        exposure: 0.4 + 0.001 * k,
        colour: [-1, 0.1, 0.02, 0.3, 0.04, 0.01],
        band: new Float32Array(3 * BAND_DIRECTIONS).fill(k / 100),
        blur: 1.25,
        grain: 0.0123,
      },
    };
  });
  const identitySamples = [
    { frame: from, embedding: new Float32Array([0.6, 0.8, 0]), quality: 0.7 },
    { frame: out - 1, embedding: new Float32Array([0, 0.6, 0.8]), quality: 0.5 },
  ];
  return { id, shot, in: from, out, observations, identitySamples };
}
