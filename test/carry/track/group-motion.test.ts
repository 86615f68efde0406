import { beforeAll, describe, expect, it } from 'vitest';
import { extentOf } from '../../../src/carry/track/extent.ts';
import { faceMotion } from '../../../src/carry/track/face-motion.ts';
import { viewOf } from '../../../src/carry/track/face-view.ts';
import { openDetector } from '../../../src/model/detector.ts';
import { openLandmarker } from '../../../src/model/landmarker.ts';
import { openLibrary } from '../../../src/model/library.ts';
import { carryPoints, compose3, invert3, type Similarity3 } from '../../../src/motion/similarity3.ts';
import { type GroupClip, groupClip } from '../../bench/group-motion.ts';
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
