import { describe, expect, it } from 'vitest';
import { inspectTable } from '../../src/cli/inspect-table.ts';
import { restoreSummary } from '../../src/cli/restore-summary.ts';
import { tracksFileOf } from '../../src/report/tracks-file.ts';
import { trackOf } from '../pipeline/face-tracks.ts';
import { reelOf } from '../pipeline/reel-of.ts';

const tracked = {
  reel: reelOf({ rate: { num: 24000, den: 1001 } }),
  shots: [
    { in: 0, out: 60 },
    { in: 60, out: 80 },
    { in: 80, out: 100 },
  ],
  tracks: [trackOf('t1', 3, 60), trackOf('t2', 20, 45), trackOf('t3', 80, 100, 2)],
  castings: [
    { track: 't1', person: 'actor', similarity: 0.71 },
    { track: 't3', person: null, similarity: -0.05 },
  ],
  counts: { detector: { sweep: 10, identity: 6 }, landmarker: { follow: 112 }, recogniser: {} },
};

describe('the table of inspect', () => {
  it('shows the reel, each shot with its tracks, and the network runs', () => {
    expect(inspectTable(tracksFileOf(tracked))).toBe(
      `scan  1920 × 1080, 23.976 frames/s, gbrp10le, 100 frames, 1001–1100
3 shots, 3 tracks, 1 cast

shot  frames     track  frames     cast   similarity  detected  carried
   1  1001–1060  t1     1004–1060  actor        0.71         3       54
                 t2     1021–1045  –               –         2       23
   2  1061–1080  –      no face
   3  1081–1100  t3     1081–1100  –           -0.05         1       19

Network runs: detector 16 (sweep 10, identity 6); landmarker 112 (follow 112); recogniser 0.
`,
    );
  });

  it('tells a shot that nobody looked at from one without a face', () => {
    const shots = [
      { in: 0, out: 60 },
      { in: 60, out: 100, passed: true },
    ] as const;
    const file = tracksFileOf({ ...tracked, shots, tracks: tracked.tracks.slice(0, 1) });
    expect(inspectTable(file)).toContain('   2  1061–1100  –      not looked at');
  });

  it('says when no network was run', () => {
    expect(inspectTable(tracksFileOf({ ...tracked, counts: null }))).toContain(
      'Network runs: none, the tracks were kept from an earlier run (--no-cache tracks again).',
    );
  });
});

describe('the summary of restore', () => {
  const summary = {
    unit: 'frames' as const,
    outputs: ['/film/out'],
    report: '/film/out.report',
    frames: 100,
    restored: 87,
    isolated: 1,
    missing: 0,
    tooManyIsolated: false,
    alreadyDone: false,
    masters: [],
    mastersFailed: [],
    takesRedone: 2,
    takesKept: 0,
    faces: { tracks: 2, refused: 1, sharpness: 1.314, likenessGain: 0.0212 },
    device: { name: 'cpu', reason: 'No graphics adapter was found.' },
    notes: [],
  };

  it('says what was done and where the report is', () => {
    expect(restoreSummary(summary)).toBe(
      'Restored 87 of 100 frames; 13 passed on untouched (1 of them damaged).\nFaces   2 tracks, sharpness × 1.31, likeness to the stills +0.021, left alone in 1 frame\nDevice  cpu: No graphics adapter was found.\nOutput  /film/out\nReport  /film/out.report/index.html\n',
    );
  });

  it('tells frames without a file from damaged ones', () => {
    expect(restoreSummary({ ...summary, isolated: 3, missing: 2 })).toMatch(
      /^Restored 87 of 100 frames; 11 passed on untouched \(1 of them damaged\); 2 had no file, and the output lacks them\.\n/,
    );
  });

  it('says nothing of faces where none was restored, and of likeness where nobody was cast', () => {
    const none = { tracks: 0, refused: 0, sharpness: null, likenessGain: null };
    expect(restoreSummary({ ...summary, faces: none })).not.toContain('Faces');
    const repaired = { ...none, tracks: 1, sharpness: 1.1 };
    expect(restoreSummary({ ...summary, faces: repaired })).toContain('\nFaces   1 track, sharpness × 1.10\n');
  });

  it('says what an earlier run had done', () => {
    expect(restoreSummary({ ...summary, isolated: 0, takesKept: 1, takesRedone: 2 })).toContain(
      'untouched; 1 take was kept from an earlier run, 2 rendered now.\n',
    );
    expect(restoreSummary({ ...summary, alreadyDone: true })).toMatch(
      /^This was finished by an earlier run; there was nothing to do\.\nOutput /,
    );
  });
});
