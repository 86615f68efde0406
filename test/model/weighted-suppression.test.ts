import { describe, expect, it } from 'vitest';
import type { Box, Detection } from '../../src/face/observation.ts';
import { suppressAcrossTiles, suppressWeighted } from '../../src/model/weighted-suppression.ts';

const found = (score: number, box: Box): Detection => ({ score, box, five: Array<number>(10).fill(box[0]) });

describe('suppression', () => {
  it('averages the answers for one face by score and keeps the best score', () => {
    const [face, ...others] = suppressWeighted([found(0.3, [14, 0, 100, 100]), found(0.9, [10, 0, 100, 100])], 0.3);
    expect(others).toEqual([]);
    expect(face?.score).toBe(0.9);
    expect(face?.box[0]).toBeCloseTo(11);
    expect(face?.five[0]).toBeCloseTo(11);
  });

  it('keeps faces that stand apart, best first', () => {
    const faces = suppressWeighted([found(0.6, [0, 0, 50, 50]), found(0.8, [60, 0, 50, 50])], 0.3);
    expect(faces.map(({ score }) => score)).toEqual([0.8, 0.6]);
  });

  it('knows a part of a face, seen in another tile, for the same face', () => {
    const faces = suppressAcrossTiles([found(0.6, [0, 0, 30, 30]), found(0.8, [0, 0, 100, 100])], 0.5);
    expect(faces.map(({ score }) => score)).toEqual([0.8]);
  });
});
