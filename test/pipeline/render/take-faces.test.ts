import { describe, expect, it } from 'vitest';
import { takeOutcomes } from '../../../src/pipeline/render/take-faces.ts';
import type { Comped } from '../../../src/render/face-rendering.ts';

/** A face whose brightness is `before` and `after` all over; the last cell lies outside its matte. */
function comped(before: number, after: number): Comped {
  const grid = (level: number) => Float32Array.from([level, level, level, Number.NaN]);
  return {
    region: { roi: { x: 0, y: 0, width: 0, height: 0 }, format: null as never, bytes: new Uint8Array() },
    matte: new Uint16Array(),
    changed: null,
    face: {
      before,
      after,
      beforeGrid: grid(before),
      afterGrid: grid(after),
      change: 1,
      sharpnessBefore: 1,
      sharpnessAfter: 2,
    },
    facts: { strength: 1, averaged: 5, dirt: 0.01, gate: 0.7, blur: 1.2 },
  };
}

describe('the faces of a take', () => {
  it('are put in order of frames, with the flicker of each against its neighbours', () => {
    const faces = takeOutcomes();
    for (const frame of [2, 0, 3, 1]) faces.restored('t1', frame, comped(frame % 2 ? 0.52 : 0.48, 0.5), null);
    const [record] = faces.of([{ id: 't1' }]);
    expect(record?.restored.map(({ frame }) => frame)).toEqual([0, 1, 2, 3]);
    // A jump of 0.04 to and fro is a second difference of 0.08, which reads 255 · 0.08 / √6.
    const level = (255 * 0.08) / Math.sqrt(6);
    const expected = [expect.closeTo(level, 3), 0];
    expect(record?.restored.map(({ flicker }) => flicker)).toEqual([null, expected, expected, null]);
    expect(record?.restored[0]).toMatchObject({ luma: [0.48, 0.5], sharpness: [1, 2], gate: 0.7, blur: 1.2 });
  });

  it('have no flicker across a frame that was refused', () => {
    const faces = takeOutcomes();
    for (const frame of [0, 1, 3, 4]) faces.restored('t1', frame, comped(0.5, 0.5), null);
    faces.refused('t1', 2, { refused: 'flash' });
    const [record] = faces.of([{ id: 't1' }]);
    expect(record?.restored.map(({ flicker }) => flicker)).toEqual([null, null, null, null]);
    expect(record?.refused).toEqual([{ frame: 2, reason: 'flash' }]);
  });

  it('keep their embeddings where they were sampled', () => {
    const faces = takeOutcomes();
    const embeddings = { before: Float32Array.of(1, 0), after: Float32Array.of(0, 1) };
    faces.restored('t1', 1, comped(0.5, 0.5), embeddings);
    faces.restored('t1', 0, comped(0.5, 0.5), null);
    expect(faces.of([{ id: 't1' }])[0]?.embeddings).toEqual([{ frame: 1, before: [1, 0], after: [0, 1] }]);
  });

  it('are told in the order of the tracks, whichever of them were seen', () => {
    const faces = takeOutcomes();
    faces.restored('t3', 0, comped(0.5, 0.5), null);
    const told = faces.of([{ id: 't1' }, { id: 't3' }]);
    expect(told.map(({ restored }) => restored.length)).toEqual([0, 1]);
  });
});
