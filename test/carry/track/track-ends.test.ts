import { describe, expect, it } from 'vitest';
import type { RawObservation } from '../../../src/carry/track/raw-observation.ts';
import { trackEnds } from '../../../src/carry/track/track-ends.ts';
import { transformLandmarks } from '../../../src/face/similarity.ts';
import { HEAD, HEIGHT, WIDTH } from '../drawn-head.ts';

const SHOT = { in: 10, out: 30 };
const PICTURE = { width: WIDTH, height: HEIGHT };

/** A head that moves to the right by `step` pixels a frame. */
function headsFrom(from: number, length: number, step = 0) {
  const observations = Array.from({ length }, (_, k) => ({
    landmarks: transformLandmarks({ a: 1, b: 0, tx: step * k, ty: 0 }, HEAD),
  }));
  return { in: from, observations: observations as unknown as RawObservation[] };
}

describe('the ends of a track', () => {
  it('are none where it lasts from cut to cut', () => {
    expect(trackEnds(headsFrom(10, 20), SHOT, PICTURE)).toEqual({});
  });

  it('are told where the face comes and goes within the shot and the picture', () => {
    expect(trackEnds(headsFrom(14, 5), SHOT, PICTURE)).toEqual({ appears: 14, vanishes: 19 });
    expect(trackEnds(headsFrom(10, 5), SHOT, PICTURE)).toEqual({ vanishes: 15 });
    expect(trackEnds(headsFrom(25, 5), SHOT, PICTURE)).toEqual({ appears: 25 });
  });

  it('are none where the face leaves over the picture’s edge', () => {
    expect(trackEnds(headsFrom(10, 5, WIDTH / 5), SHOT, PICTURE)).toEqual({});
    expect(trackEnds(headsFrom(14, 5, -WIDTH / 5), SHOT, PICTURE)).toEqual({ appears: 14 });
  });
});
