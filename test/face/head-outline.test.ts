import { describe, expect, it } from 'vitest';
import { CANONICAL_POINTS } from '../../src/face/canonical-face.ts';
import { headOutline } from '../../src/face/head-outline.ts';
import { fivePoints, type Landmarks } from '../../src/face/landmarks.ts';
import { insideDistance, outlineMatte } from '../../src/face/matte.ts';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { poseOf } from '../../src/face/pose.ts';
import { headPlacement, posedFace } from '../../src/face/posed-face.ts';
import { applyX, applyY, fitSimilarity, transformLandmarks } from '../../src/face/similarity.ts';

const SIZE = 256;
/** Ears as they lie beside the mesh, thousandths of a canonical centimetre: the middles of both. */
const EARS = [-8300, -600, 3500, 8300, -600, 3500];

/** The canonical head, and its ears, turned and aligned as a patch has it; degrees. */
function turnedHead(yaw: number, pitch: number, roll: number) {
  const [cy, sy, cp, sp] = [yaw, pitch].flatMap((angle) => {
    const radians = (angle * Math.PI) / 180;
    return [Math.cos(radians), Math.sin(radians)];
  }) as [number, number, number, number];
  const turn = (points: Float32Array) =>
    points.map((_, i) => {
      const [x, y, z] = points.subarray(i - (i % 3), i - (i % 3) + 3) as unknown as [number, number, number];
      const [u, w] = [cy * x - sy * z, sy * x + cy * z];
      return [u, cp * y - sp * w, sp * y + cp * w][i % 3] as number;
    });
  const face = turn(CANONICAL_POINTS);
  const radians = (roll * Math.PI) / 180;
  const rolled = { a: Math.cos(radians), b: Math.sin(radians), tx: 0, ty: 0 };
  const landmarks = transformLandmarks(rolled, face);
  const ears = transformLandmarks(rolled, turn(Float32Array.from(EARS)));
  const toPatch = fitSimilarity(
    fivePoints(landmarks),
    PATCH_TEMPLATE.map((v) => v * SIZE),
  );
  return {
    landmarks: transformLandmarks(toPatch, landmarks),
    ears: [0, 3].map((o) => [
      applyX(toPatch, ears[o] as number, ears[o + 1] as number),
      applyY(toPatch, ears[o] as number, ears[o + 1] as number),
      ears[o + 2] as number,
    ]),
  };
}

const POSES = [-75, -50, -25, 0, 25, 50, 75].flatMap((yaw) =>
  [-40, -20, 0, 20, 40].flatMap((pitch) => [-30, 0].map((roll) => [yaw, pitch, roll] as const)),
);

/** Landmarks that a matte of 1 does not cover. */
function uncovered(landmarks: Landmarks): number[] {
  const matte = outlineMatte(headOutline(landmarks, 0.18), SIZE, 4);
  return Array.from({ length: 468 }, (_, n) => n).filter((n) => {
    const [x, y] = [landmarks[3 * n] as number, landmarks[3 * n + 1] as number];
    return !((matte[Math.floor(y) * SIZE + Math.floor(x)] ?? 0) > 0.999);
  });
}

describe('headOutline', () => {
  it('holds every landmark in full, however the head is turned, and within the patch', () => {
    for (const [yaw, pitch, roll] of POSES) {
      expect([yaw, pitch, roll, uncovered(turnedHead(yaw, pitch, roll).landmarks)]).toEqual([yaw, pitch, roll, []]);
    }
  });

  it('holds the ears that are seen', () => {
    for (const yaw of [-75, -40, 0, 40, 75]) {
      const { landmarks, ears } = turnedHead(yaw, 0, 0);
      const outline = headOutline(landmarks, 0);
      for (const [x = 0, y = 0, z = 0] of ears) if (z < 5000) expect(insideDistance(outline, x, y)).toBeGreaterThan(0);
    }
  });

  it('moves by hundredths of a pixel with landmarks that do', () => {
    const { landmarks } = turnedHead(20, 5, 0);
    const moved = landmarks.map((v, i) => (i % 3 === 0 ? v + 0.01 : v));
    const [before, after] = [headOutline(landmarks, 0.1), headOutline(moved, 0.1)];
    before.forEach((v, i) => {
      expect(Math.abs((after[i] as number) - v)).toBeLessThan(0.02);
    });
  });
});

describe('posedFace', () => {
  it('has the pose, the size and the place of the head that it stands for', () => {
    for (const [yaw, pitch, roll] of POSES) {
      const { landmarks } = turnedHead(yaw, pitch, roll);
      const posed = posedFace(headPlacement(landmarks));
      const [own, its] = [poseOf(landmarks), poseOf(posed)];
      for (const key of ['yaw', 'pitch', 'roll'] as const) expect(its[key]).toBeCloseTo(own[key], 4);
      landmarks.forEach((v, i) => {
        expect(Math.abs((posed[i] as number) - v)).toBeLessThan(0.02);
      });
    }
  });
});
