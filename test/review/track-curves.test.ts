import { describe, expect, it } from 'vitest';
import type { ReadReport } from '../../src/review/report-folder.ts';
import { trackCurves } from '../../src/review/track-curves.ts';

/** A report of which only the ranges of one track are of interest. */
const READ = {
  tracks: { tracks: [{ id: 'f1', in: 0, out: 40, observations: [] }] },
  faces: new Map(),
  report: {
    restorer: 'detail',
    faces: {
      f1: {
        leftAlone: [
          { in: 3, out: 4, reason: 'small' },
          { in: 9, out: 12, reason: 'of another version' },
        ],
        inPart: [],
      },
    },
  },
} as unknown as ReadReport;

describe('the curves of a track', () => {
  it('name in words why a face was left alone, and keep a reason that the restorer does not know', () => {
    expect(trackCurves(READ, 'f1')?.bands).toEqual([
      { in: 3, out: 4, reason: 'left alone: the face is too small' },
      { in: 9, out: 12, reason: 'left alone: of another version' },
    ]);
  });

  it('are null for a track that there is not', () => {
    expect(trackCurves(READ, 'f2')).toBeNull();
  });
});
