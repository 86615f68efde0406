import { z } from 'zod';
import { LANDMARK_COUNT } from '../../face/landmarks.ts';
import { transformLandmarks } from '../../face/similarity.ts';
import type { LandmarkDecoder } from '../decoder.ts';

const schema = z.strictObject({
  kind: z.literal('face-mesh'),
  points: z.string(),
  /** The probability that there is a face. */
  presence: z.string(),
});

/** 468 points in input pixels, x, y, z each. */
export const faceMesh: LandmarkDecoder<typeof schema, z.output<typeof schema>> = {
  kind: 'face-mesh',
  task: 'landmark',
  schema,
  outputs: ({ points, presence }) => [points, presence],
  points: () => LANDMARK_COUNT,
  isMesh: true,
  decode(outputs, { points, presence }, _side, toPicture) {
    const numbers = (outputs.get(points) as Float32Array).subarray(0, 3 * LANDMARK_COUNT);
    return {
      landmarks: transformLandmarks(toPicture, numbers),
      presence: (outputs.get(presence) as Float32Array)[0] as number,
    };
  },
};
