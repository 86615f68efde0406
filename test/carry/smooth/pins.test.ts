import { describe, expect, it } from 'vitest';
import { applyPins } from '../../../src/carry/smooth/pins.ts';
import { CANONICAL_POINTS } from '../../../src/face/canonical-face.ts';
import { fivePoints, interOcular, type Landmarks } from '../../../src/face/landmarks.ts';
import { transformLandmarks } from '../../../src/face/similarity.ts';

const FACE: Landmarks = transformLandmarks(
  { a: 60 / interOcular(fivePoints(CANONICAL_POINTS)), b: 0, tx: 200, ty: 150 },
  CANONICAL_POINTS,
);
const frames = Array.from({ length: 9 }, () => FACE);
const moved = (dx: number, dy: number) => fivePoints(FACE).map((v, i) => v + (i % 2 === 0 ? dx : dy));
const shiftAt = (landmarks: readonly Landmarks[], k: number) =>
  [(landmarks[k] as Landmarks)[3] as number, (landmarks[k] as Landmarks)[4] as number].map(
    (v, i) => v - (FACE[3 + i] as number),
  );

describe('pins', () => {
  it('put the five points where a person placed them', () => {
    const pinned = applyPins(frames, [{ index: 4, five: moved(3, -2) }]);
    fivePoints(pinned[4] as Landmarks).forEach((v, i) => {
      expect(v).toBeCloseTo(moved(3, -2)[i] as number, 3);
    });
  });

  it('lead from one to the next without a step, and hold beyond the last', () => {
    const pinned = applyPins(frames, [
      { index: 2, five: moved(0, 0) },
      { index: 6, five: moved(4, 8) },
    ]);
    expect(shiftAt(pinned, 0)[0]).toBeCloseTo(0, 3);
    expect(shiftAt(pinned, 4)[0]).toBeCloseTo(2, 3);
    expect(shiftAt(pinned, 5)[1]).toBeCloseTo(6, 3);
    expect(shiftAt(pinned, 8)[1]).toBeCloseTo(8, 3);
  });

  it('leave everything as it is where there are none', () => {
    expect(applyPins(frames, [])).toEqual(frames);
  });
});
