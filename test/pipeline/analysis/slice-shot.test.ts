import { describe, expect, it } from 'vitest';
import { sliceShot } from '../../../src/pipeline/analysis/slice-shot.ts';
import { keptShot } from '../tracked-shot.ts';

describe('a part of a tracked shot', () => {
  it('is the shot itself where all of it is asked for', () => {
    const shot = keptShot();
    expect(sliceShot(shot, { in: 0, out: 500 })).toEqual(shot);
  });

  it('has the observations, looks, audits and searches of its frames, by the same ids, and no other tracks', () => {
    const shot = keptShot();
    const part = sliceShot(shot, { in: 5, out: 20 });
    expect([part.in, part.out, part.startsShot, part.endsShot]).toEqual([5, 20, false, false]);
    const [track, ...others] = part.tracks;
    expect(others).toEqual([]);
    expect([track?.id, track?.in, track?.out]).toEqual(['f1004', 5, 20]);
    expect(track?.observations).toEqual(shot.tracks[0]?.observations.slice(2, 17));
    expect(part.histories).toEqual([{ ...shot.histories[0], decisions: shot.histories[0]?.decisions.slice(2, 17) }]);
    expect(part.searches).toEqual([]);
    expect(sliceShot(shot, { in: 40, out: 50 }).searches).toEqual([{ frame: 48, reason: 'loss' }]);
    expect(sliceShot(shot, { in: 40, out: 50 }).histories[0]?.audits).toEqual([]);
  });

  it('knows who a face is also where the recogniser looked outside of it', () => {
    const shot = keptShot();
    expect(sliceShot(shot, { in: 20, out: 30 }).tracks[0]?.identitySamples).toEqual(shot.tracks[0]?.identitySamples);
  });
});
