import { describe, expect, it } from 'vitest';
import { bendMesh } from '../../src/face/bend-mesh.ts';
import { fivePoints, interOcular } from '../../src/face/landmarks.ts';
import { FACE_OVAL, LIPS_OUTER } from '../../src/face/regions.ts';
import { transformLandmarks } from '../../src/face/similarity.ts';
import { HEAD } from '../carry/drawn-head.ts';
import { NOSE } from './nose.ts';

const SIZE = interOcular(fivePoints(HEAD));
const SOME = [33, 133, 362, 263, 1, 61, 291, 0, 17, 152, 105, 334];
const placesOf = (mesh: Float32Array, indices: readonly number[]) =>
  indices.flatMap((i) => [mesh[3 * i] as number, mesh[3 * i + 1] as number]);

describe('a mesh bent to a few points', () => {
  it('goes whole where they turn, grow and move together', () => {
    const turn = { a: 1.1 * Math.cos(0.2), b: 1.1 * Math.sin(0.2), tx: 9, ty: -5 };
    const whole = transformLandmarks(turn, HEAD);
    const bent = bendMesh(HEAD, SOME, placesOf(whole, SOME));
    expect(Math.max(...bent.map((v, i) => Math.abs(v - (whole[i] as number))))).toBeLessThan(0.01 * SIZE);
  });

  it('follows a lip that moves alone nearby, and stays elsewhere', () => {
    const points = [...new Set([...SOME, ...LIPS_OUTER.slice(11), ...NOSE])];
    const places = placesOf(HEAD, points);
    const lower = points.indexOf(17);
    places[2 * lower + 1] = (places[2 * lower + 1] as number) + 0.15 * SIZE;
    const bent = bendMesh(HEAD, points, places);
    const fell = (i: number) => ((bent[3 * i + 1] as number) - (HEAD[3 * i + 1] as number)) / SIZE;
    expect(fell(17)).toBeGreaterThan(0.13);
    expect(fell(18)).toBeGreaterThan(0.03);
    for (const i of [168, ...FACE_OVAL.slice(0, 6)]) expect(Math.abs(fell(i))).toBeLessThan(0.02);
  });
});
