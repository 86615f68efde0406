import { describe, expect, it } from 'vitest';
import type { InferenceFacts } from '../../src/report/inference-schema.ts';
import { tracksFileOf, tracksFileSchema } from '../../src/report/tracks-file.ts';
import { trackOf } from '../pipeline/face-tracks.ts';
import { reelOf } from '../pipeline/reel-of.ts';

const file = tracksFileOf({
  reel: reelOf(),
  shots: [
    { in: 0, out: 60 },
    { in: 60, out: 100 },
  ],
  tracks: [trackOf('t1', 3, 60), trackOf('t2', 60, 70, 1)],
  castings: [{ track: 't1', person: 'actor', similarity: 0.712345 }],
  counts: { detector: { sweep: 10, identity: 6 }, landmarker: { follow: 1 }, recogniser: {} },
});

describe('tracks.json', () => {
  it('describes the reel, its shots and the casting of its tracks', () => {
    expect(file).toMatchObject({
      format: 'reelmend-tracks/1',
      cached: false,
      reel: {
        path: '/film/scan',
        width: 1920,
        height: 1080,
        rate: '24/1',
        frames: 100,
        first: 1001,
        samples: 'gbrp10le',
      },
      shots: [
        { in: 0, out: 60 },
        { in: 60, out: 100 },
      ],
      tracks: [
        { id: 't1', shot: 0, in: 3, out: 60, cast: 'actor', similarity: 0.7123 },
        { id: 't2', shot: 1, in: 60, out: 70, cast: null, similarity: null },
      ],
    });
  });

  it('gives each frame’s box, five points and openings in plate pixels and inter-ocular distances', () => {
    expect(file.tracks[0]?.observations[0]).toEqual({
      frame: 3,
      origin: 'detected',
      score: 0.9,
      box: [435, 295, 130, 110],
      five: [450, 300, 550, 300, 500, 350, 460, 400, 540, 400],
      mouth: 0.1,
      eyes: [0.1, 0.1],
    });
    expect(file.tracks[0]?.observations).toHaveLength(57);
  });

  it('passes its own schema after a journey through JSON', () => {
    expect(tracksFileSchema.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
    expect(tracksFileSchema.safeParse({ ...file, extra: 1 }).success).toBe(false);
  });

  it('states every reason for a network run, also those of which there were none', () => {
    expect(file.inference.detector).toEqual({
      sweep: 10,
      loss: 0,
      identity: 6,
      follow: 0,
      backtrack: 0,
      mirror: 0,
      every: 0,
      audit: 0,
    });
    expect(runsOf(file.inference)).toBe(17);
  });

  it('says that it came from the cache, and then counts no runs', () => {
    const again = tracksFileOf({ reel: reelOf(), shots: [], tracks: [], castings: [], counts: null });
    expect(again.cached).toBe(true);
    expect(runsOf(again.inference)).toBe(0);
  });
});

function runsOf(facts: InferenceFacts): number {
  return Object.values<Readonly<Record<string, number>>>(facts)
    .flatMap((reasons) => Object.values(reasons))
    .reduce((sum, count) => sum + count, 0);
}
