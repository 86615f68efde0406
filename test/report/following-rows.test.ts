import { describe, expect, it } from 'vitest';
import { followingRows } from '../../src/report/following-rows.ts';
import { REPORT } from './report-of.ts';

describe('how faces were followed', () => {
  it('names the face that was followed worst, and its worst frame', () => {
    const steady = REPORT.carrying['t1'];
    if (!steady?.disagreement) throw new Error('The drawn report has a track that was compared.');
    const shaky = { ...steady, disagreement: { rms: 1.84, most: 4.2, mostFrame: 40 } };
    const never = { ...steady, disagreement: null };
    expect(followingRows({ ...REPORT, carrying: { t1: steady, t2: shaky, t3: never } })).toEqual([
      [
        'Followed worst',
        `t2: carried landmarks lay 1.84 % of the distance between the eyes off the network’s (RMS), 4.20 % in frame ${40 + REPORT.reel.first}`,
      ],
    ]);
    expect(followingRows({ ...REPORT, carrying: { t3: never } })).toEqual([]);
  });

  it('names the face for which skipping was off most, where several were audited', () => {
    const of = (rms: number) => ({ sampled: 4, rms, p99: rms, rigid: rms, lips: rms, lids: rms, leastCosine: 0.9 });
    const audit = { sampled: 8, rmsIod: 0.6, p99Iod: 1.2, tracks: { t1: of(0.3), t2: of(0.8) } };
    const rows = (tracks: typeof audit.tracks | { t1: ReturnType<typeof of> }) =>
      followingRows({ ...REPORT, carrying: {}, audit: { ...audit, tracks } });
    const all = '8 frames: 0.60 % RMS, 1.20 % at the 99th percentile, of the distance between the eyes';
    expect(rows(audit.tracks)).toEqual([['Audit', `${all}; t2 most, 0.80 % RMS`]]);
    expect(rows({ t1: of(0.3) })).toEqual([['Audit', all]]);
  });
});
