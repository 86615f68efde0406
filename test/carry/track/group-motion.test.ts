import { beforeAll, describe, expect, it } from 'vitest';
import { extentOf } from '../../../src/carry/track/extent.ts';
import { faceMotion } from '../../../src/carry/track/face-motion.ts';
import { viewOf } from '../../../src/carry/track/face-view.ts';
import { fivePoints } from '../../../src/face/landmarks.ts';
import type { FaceTrack } from '../../../src/face/track.ts';
import { openDetector } from '../../../src/model/detector.ts';
import { openLandmarker } from '../../../src/model/landmarker.ts';
import { openLibrary } from '../../../src/model/library.ts';
import { openRecogniser } from '../../../src/model/recogniser.ts';
import { carryPoints, compose3, invert3, type Similarity3 } from '../../../src/motion/similarity3.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { trackBy } from '../../bench/carry-schemes.ts';
import { type GroupClip, groupClip } from '../../bench/group-motion.ts';
import { steadinessOf } from '../../bench/steadiness.ts';
import { stillFaces } from '../../bench/still-faces.ts';
import { hasFootage } from '../../footage.ts';

/** Frames of a swing of 110 pixels in nine of them; the first are the fastest. */
const FRAMES = 4;

describe.runIf(hasFootage)('three faces of 60 to 70 pixels, two of them in three-quarter, that swing', () => {
  let clip: GroupClip;

  beforeAll(async () => {
    const library = openLibrary();
    await using detector = await openDetector(library, 'mediapipe-face-full');
    await using landmarker = await openLandmarker(library, 'facemesh-468');
    const still = await stillFaces('group-of-three.jpg', { detector, landmarker });
    clip = groupClip(still, { motion: 'swing', interOcular: 65, grain: 3, frames: FRAMES, seed: 1 });
  }, 60_000);

  it('are all followed to two thousandths of the distance between the eyes, frame by frame', () => {
    for (const face of clip.faces) {
      for (let t = 1; t < FRAMES; t++) {
        const [last, here] = [clip.toPicture[t - 1], clip.toPicture[t]] as [Similarity3, Similarity3];
        const landmarks = carryPoints(last, face);
        const [before, after] = [clip.pictures[t - 1], clip.pictures[t]] as [
          GroupClip['pictures'][0],
          GroupClip['pictures'][0],
        ];
        const from = viewOf(before, landmarks);
        const found = faceMotion(from, viewOf(after, landmarks, from), landmarks);
        expect(found).not.toBeNull();
        const truth = compose3(here, invert3(last));
        expect(extentOf(compose3(invert3(truth), found?.step ?? truth), landmarks)).toBeLessThan(0.002);
      }
    }
  });
});

describe.runIf(hasFootage)('five faces that swing by half the distance between their eyes from frame to frame', () => {
  it('are steady to the worst of them, though their mouths leave the place where they were', async () => {
    const library = openLibrary();
    await using detector = await openDetector(library, 'mediapipe-face-full');
    await using landmarker = await openLandmarker(library, 'facemesh-468');
    await using recogniser = await openRecogniser(library, 'mobilefacenet-192');
    const still = await stillFaces('group-of-five.jpg', { detector, landmarker });
    const { pictures, faces, toPicture } = groupClip(still, {
      ...{ motion: 'swing', interOcular: 65, grain: 3, frames: 6, seed: 1 },
    });
    const preset = await loadPreset('restore', RESTORERS);
    const { tracks } = await trackBy('ours', pictures, { detector, landmarker, recogniser }, preset);
    expect(tracks.map((track) => [track.in, track.out])).toEqual(faces.map(() => [0, 6]));
    const noseOf = ({ observations: [first] }: FaceTrack) => (first ? (fivePoints(first.landmarks)[4] ?? 0) : 0);
    const fromLeft = [...tracks].sort((a, b) => noseOf(a) - noseOf(b));
    for (const [k, { observations }] of fromLeft.entries()) {
      const { jitter } = steadinessOf(
        observations.map(({ landmarks }) => landmarks),
        faces[k] as GroupClip['faces'][0],
        toPicture,
      );
      expect(jitter).toBeLessThan(0.2);
    }
  });
});
