import { describe, expect, it } from 'vitest';
import { trackIds } from '../../../src/carry/track/track-id.ts';

describe('the id of a track', () => {
  it('is the number of the frame in which the face is first seen, with a letter for those further to the right', () => {
    const tracks = [{ in: 0 }, { in: 42 }, { in: 42 }, { in: 42 }, { in: 50 }];
    expect(trackIds(tracks, null, 1001)).toEqual(['f1001', 'f1043', 'f1043b', 'f1043c', 'f1051']);
  });

  it('begins with another letter where the face may have been there before', () => {
    expect(trackIds([{ in: 42 }, { in: 42 }, { in: 43 }], 42, 1001)).toEqual(['r1043', 'r1043b', 'f1044']);
  });

  it('goes on behind z in a crowd', () => {
    const ids = trackIds(
      Array.from({ length: 28 }, () => ({ in: 0 })),
      null,
      1,
    );
    expect(ids.slice(25)).toEqual(['f1z', 'f1aa', 'f1ab']);
    expect(new Set(ids).size).toBe(28);
  });
});
