import { describe, expect, it } from 'vitest';
import { CANONICAL_POINTS } from '../../src/face/canonical-face.ts';
import { fivePoints, LANDMARK_COUNT } from '../../src/face/landmarks.ts';
import { MIRRORED_POINTS, mirrorLandmarks } from '../../src/face/mirror.ts';

describe('a face in the mirror', () => {
  it('has another number for every point, and its own again in the mirror’s mirror', () => {
    expect(new Set(MIRRORED_POINTS).size).toBe(LANDMARK_COUNT);
    expect(MIRRORED_POINTS.map((i) => MIRRORED_POINTS[i])).toEqual(Array.from({ length: LANDMARK_COUNT }, (_, i) => i));
  });

  // Of the lists of contours that MediaPipe publishes beside its mesh (face_mesh_connections.py): eyes, brows, lips, oval, irises' sides.
  it.each([
    [33, 263],
    [133, 362],
    [159, 386],
    [145, 374],
    [70, 300],
    [105, 334],
    [61, 291],
    [78, 308],
    [0, 0],
    [17, 17],
    [10, 10],
    [152, 152],
    [234, 454],
    [127, 356],
    [58, 288],
    [172, 397],
  ])('shows point %i as point %i', (a, b) => {
    expect(MIRRORED_POINTS[a]).toBe(b);
    expect(MIRRORED_POINTS[b]).toBe(a);
  });

  it('has its left eye on the picture’s left, and is the same face in the mirror’s mirror', () => {
    const turned = CANONICAL_POINTS.map((v, i) =>
      i % 3 === 0 ? 5000 + v - 0.4 * (CANONICAL_POINTS[i + 2] as number) : v,
    );
    const mirrored = mirrorLandmarks(turned, 10_000);
    const [left, , right, , nose] = fivePoints(mirrored) as [number, number, number, number, number];
    expect(left).toBeLessThan(right);
    expect(nose).toBeCloseTo(10_000 - (fivePoints(turned)[4] as number), 2);
    expect(
      Math.max(...mirrorLandmarks(mirrored, 10_000).map((v, i) => Math.abs(v - (turned[i] as number)))),
    ).toBeLessThan(0.01);
  });
});
