import { describe, expect, it } from 'vitest';
import type { FaceTrack } from '../../../src/face/track.ts';
import { previewFrames } from '../../../src/pipeline/preview/preview-frames.ts';
import type { CastTrack } from '../../../src/pipeline/render/cast-track.ts';
import { parsePreview } from '../../../src/pipeline/request/parse-request.ts';
import type { PreviewRequest } from '../../../src/pipeline/request/request.ts';
import { castTrack, REPAIR } from '../cast-tracks.ts';
import { trackOf } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';

/** 200 frames numbered from 1001 in three shots: a small face in the first, nobody in the second, a face twice as large in the third. */
const REEL = reelOf({ frames: 200, timecode: '01:00:00:00' });
const SHOTS = [
  { index: 0, in: 0, out: 60 },
  { index: 1, in: 60, out: 80 },
  { index: 2, in: 80, out: 200 },
];
const TRACKS = [
  castTrack(REPAIR, {}, trackOf('t1', 10, 60, 0)),
  castTrack(REPAIR, {}, twice(trackOf('t2', 90, 190, 2))),
];

function twice(track: FaceTrack): FaceTrack {
  return {
    ...track,
    observations: track.observations.map((one) => ({ ...one, landmarks: one.landmarks.map((v) => 2 * v) })),
  };
}

/** Half as large as those of the first shot, where it was made twice as large. */
function quartered(one: FaceTrack['observations'][number]) {
  return { ...one, landmarks: one.landmarks.map((v) => v / 4) };
}

function shown(request: Partial<PreviewRequest>, tracks: readonly CastTrack[] = TRACKS) {
  const analysis = {
    reel: REEL,
    tracked: { shots: SHOTS, tracks: [], histories: [], searches: [], damaged: new Map(), work: null },
  };
  const { takes, ...rest } = previewFrames(parsePreview({ reel: '/film/scan', ...request }), analysis, tracks);
  return { ...rest, takes: takes.map(({ in: from, out, shot, touched }) => [from, out, shot, touched]) };
}

describe('the frames of a preview', () => {
  it('are the middle ones of the largest face where none are asked for, and it says so', () => {
    expect(shown({})).toEqual({
      takes: [[116, 164, 2, true]],
      inMotion: true,
      first: 140,
      said: 'The middle of shot 3, which has the largest face: frames 1117–1164, 01:00:04:20 – 01:00:06:19.',
    });
  });

  it('are those of the face that is largest where it is restored', () => {
    const { track, ...large } = TRACKS[1] as CastTrack;
    const small = { ...track, observations: track.observations.slice(0, 30).map(quartered) };
    const growing = { ...track, observations: [...small.observations, ...track.observations.slice(30)] };
    const part = { ...large, track: growing, in: 90, out: 120 };
    expect(shown({}, [TRACKS[0] as CastTrack, part]).said).toContain('The middle of shot 1,');
  });

  it('are the middle of the reel where no face is restored', () => {
    expect(shown({}, [])).toMatchObject({
      takes: [
        [76, 80, 1, false],
        [80, 124, 2, false],
      ],
      first: 100,
    });
  });

  it('are those of a range, cut at its shots, the first of them where its largest face is', () => {
    expect(shown({ range: '1051-1101' })).toEqual({
      takes: [
        [50, 60, 0, true],
        [60, 80, 1, false],
        [80, 101, 2, true],
      ],
      inMotion: true,
      first: 95,
      said: 'The frames that were asked for: frames 1051–1101, 01:00:02:02 – 01:00:04:04.',
    });
  });

  it('are those of a shot, counted from 1', () => {
    expect(shown({ shot: 2 })).toMatchObject({
      takes: [[60, 80, 1, false]],
      said: expect.stringMatching(/^Shot 2: frames 1061–1080,/),
    });
    expect(() => shown({ shot: 4 })).toThrow(
      '--shot 4: "/film/scan" has shots 1 to 3. Give one of them; "reelmend inspect" lists them.',
    );
  });

  it('are every so many of the reel, those with a face, and then stand still', () => {
    expect(shown({ every: 50 })).toEqual({
      takes: [
        [50, 51, 0, true],
        [100, 101, 2, true],
        [150, 151, 2, true],
      ],
      inMotion: false,
      first: 100,
      said: 'Every 50th frame of the reel, those with a face: 3 of 4.',
    });
    expect(() => shown({ every: 199 })).toThrow(
      '--every 199: none of the 2 frames of "/film/scan" that were looked at shows a face to restore. Give a smaller number, or --shot or --range.',
    );
  });
});
