import { expect, test } from 'vitest';
import { frontalness, poseDistance, poseOf } from '../../src/face/pose.ts';
import { drawFace } from './drawn-face.ts';

const PLACE = { x: 300, y: 200, interOcular: 80 };
const DEGREE = Math.PI / 180;

test.each([
  [0, 0, 0],
  [30, 0, 0],
  [-45, 10, 0],
  [0, -25, 0],
  [20, 15, 40],
  [-70, 20, -120],
])('a head turned by %i°, %i°, %i° is found so turned', (yaw, pitch, roll) => {
  const pose = poseOf(drawFace({ ...PLACE, yaw: yaw * DEGREE, pitch: pitch * DEGREE, roll: roll * DEGREE }));
  expect(pose.yaw / DEGREE).toBeCloseTo(yaw, 2);
  expect(pose.pitch / DEGREE).toBeCloseTo(pitch, 2);
  expect(pose.roll / DEGREE).toBeCloseTo(roll, 2);
  expect(pose.scale).toBeCloseTo(80 / 6.3, 2);
});

test('positive yaw looks to the right of the picture, positive pitch down', () => {
  const nose = (yaw: number, pitch: number) => drawFace({ ...PLACE, yaw, pitch }).slice(3, 5);
  const [x, y] = nose(0, 0) as unknown as [number, number];
  expect(nose(0.3, 0)[0]).toBeGreaterThan(x);
  expect(nose(0, 0.3)[1]).toBeGreaterThan(y);
});

test('an open mouth hardly changes the pose', () => {
  const open = poseOf(drawFace({ ...PLACE, mouth: 0.35 }));
  expect(Math.abs(open.pitch)).toBeLessThan(5 * DEGREE);
  expect(Math.abs(open.yaw)).toBeLessThan(0.5 * DEGREE);
});

test('poses differ by the angle between their directions, not by the turn in the picture', () => {
  const pose = (yaw: number, pitch: number, roll = 0) => drawFace({ ...PLACE, yaw, pitch, roll });
  expect(poseDistance(pose(0.3, 0), pose(-0.2, 0))).toBeCloseTo(0.5, 4);
  expect(poseDistance(pose(0, 0.2), pose(0, -0.1))).toBeCloseTo(0.3, 4);
  expect(poseDistance(pose(0.2, 0.1, 0.8), pose(0.2, 0.1))).toBeLessThan(1e-3);
  expect(frontalness(poseOf(pose(0, 0)))).toBeCloseTo(1, 5);
  expect(frontalness(poseOf(pose(Math.PI / 2, 0)))).toBeLessThan(1e-4);
});
