import { describe, expect, it } from 'vitest';
import type { ReelAnalysis } from '../../../src/pipeline/analysis/reel-analysis.ts';
import { trackedReelOf } from '../../../src/pipeline/analysis/tracked-reel.ts';
import { foundShotsOf } from '../../../src/pipeline/evidence/found-shots-of.ts';
import type { FaceFrame } from '../../../src/report/face-frames.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { NO_OVERRIDES } from '../../../src/settings/overrides.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { castTrack, REPAIR } from '../cast-tracks.ts';
import { trackOf } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';

async function analysisOf(change: Partial<ReelAnalysis> = {}): Promise<ReelAnalysis> {
  const shot = (from: number, out: number, tracks: ReelAnalysis['tracked']['tracks'] = []) => ({
    ...{ in: from, out, startsShot: true, endsShot: true },
    ...{ tracks, histories: [], searches: [], damaged: new Map() },
  });
  return {
    reel: reelOf({
      damaged: new Map([
        [70, 'it is torn'],
        [71, 'it is torn'],
      ]),
    }),
    print: 'quick:abc',
    range: { in: 0, out: 100 },
    chosen: null,
    preset: await loadPreset('restore', RESTORERS),
    overrides: NO_OVERRIDES,
    models: {},
    device: 'cpu',
    deviceReason: 'No accelerator was found.',
    tracked: trackedReelOf([shot(0, 60, [trackOf('f1001', 0, 50)]), shot(60, 100)], null),
    people: [],
    limits: { threshold: 0.5, qualityShift: 0.15, floor: 0.38, qualityFloor: 0.25, hysteresis: 0.03 },
    castings: [{ track: 'f1001', person: 'anna', similarity: 0.7 }],
    references: [],
    reelStills: new Map(),
    notes: [],
    ...change,
  };
}

function faceFrame(frame: number, change: number, flicker: number | null): FaceFrame {
  return { frame, luma: [0, 0], sharpness: [0, 0], flicker: flicker === null ? null : [1, flicker], change };
}

const track = castTrack(REPAIR, {}, trackOf('f1001', 0, 50));
const faces = new Map([
  [
    'f1001',
    {
      track: 'f1001',
      restored: [faceFrame(3, 1, null), faceFrame(4, 5, 2), faceFrame(5, 2, 2.5), faceFrame(30, 9, 1)],
      refused: [
        { frame: 10, reason: 'small' },
        { frame: 11, reason: 'small' },
      ],
      likeness: [
        { frame: 3, before: 0.5, after: 0.6 },
        { frame: 5, before: 0.6, after: 0.4 },
      ],
    },
  ],
]);

describe('the shots of a reel for editors', () => {
  it('are the detected ones with their faces and damage, where nothing was restored', async () => {
    expect(foundShotsOf(await analysisOf()).shots).toEqual([
      {
        name: 'shot 001',
        in: 0,
        out: 60,
        faces: [{ in: 0, out: 50, track: 'f1001', person: 'anna', restorer: null, restored: 0 }],
        markers: [],
      },
      {
        name: 'shot 002',
        in: 60,
        out: 100,
        faces: [],
        markers: [{ in: 70, out: 72, kind: 'damaged', text: 'it is torn' }],
      },
    ]);
  });

  it('have what was restored, the frames worth looking at, and those that were left as they were', async () => {
    const [shot] = foundShotsOf(await analysisOf(), { tracks: [track], faces }).shots;
    expect(shot?.faces).toEqual([{ in: 0, out: 50, track: 'f1001', person: 'anna', restorer: 'repair', restored: 4 }]);
    expect(shot?.markers.map(({ in: from, out, kind, text }) => [from, out, kind, text])).toEqual([
      [5, 6, 'likeness', 'anna least like, 0.40'],
      [5, 6, 'flicker', 'anna flickers most, 2.50 levels'],
      [10, 12, 'refused', expect.stringMatching(/^anna left as it was: .+/)],
      [30, 31, 'changed', 'anna changed most, by 9.0 levels'],
    ]);
  });

  it('are the chosen ones where a list chose some, each with what is in it', async () => {
    const chosen = [
      { name: 'a', in: 2, out: 10 },
      { name: 'b', in: 20, out: 40 },
    ];
    const parts = chosen.map((shot) => ({ ...track, in: shot.in, out: shot.out }));
    const { shots } = foundShotsOf(await analysisOf({ chosen }), { tracks: parts, faces });
    expect(shots.map(({ name, faces: [face], markers }) => [name, face?.in, face?.restored, markers.length])).toEqual([
      ['a', 2, 3, 3],
      ['b', 20, 1, 2],
    ]);
  });
});
