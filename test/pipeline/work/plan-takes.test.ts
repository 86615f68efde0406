import { describe, expect, it } from 'vitest';
import type { ChosenShot } from '../../../src/pipeline/analysis/chosen-shots.ts';
import { trackedReelOf } from '../../../src/pipeline/analysis/tracked-reel.ts';
import { planTakes } from '../../../src/pipeline/work/plan-takes.ts';
import { CPU } from '../../../src/render/rendering-device.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { NO_OVERRIDES } from '../../../src/settings/overrides.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { castTrack, REPAIR } from '../cast-tracks.ts';
import { trackOf } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';

const ORIGIN = {
  print: 'quick:abc',
  reel: reelOf(),
  overrides: NO_OVERRIDES,
  renderVersion: 1,
  ffmpeg: '5.1',
  networks: {},
  device: CPU,
};

/** Takes of two shots of 50 frames, with a face in the first, as `from–out`, starred where they are touched. */
async function planned(chosen: readonly ChosenShot[] | null, ...parts: readonly [number, number][]): Promise<string[]> {
  const preset = await loadPreset('restore', RESTORERS);
  const shot = (from: number, out: number) => ({
    ...{ in: from, out, startsShot: true, endsShot: true },
    ...{ tracks: [], histories: [], searches: [], damaged: new Map() },
  });
  const tracked = trackedReelOf([shot(0, 50), shot(50, 100)], null);
  const whole = castTrack(REPAIR, {}, trackOf('t1', 0, 50));
  const tracks = parts.map(([from, out]) => ({ ...whole, in: from, out }));
  const takes = planTakes({ preset, tracked, chosen }, tracks, { coding: () => null }, ORIGIN);
  return takes.map((take) => `${take.in}–${take.out}${take.touched ? '*' : ''} of ${take.shot}`);
}

describe('the takes of a reel', () => {
  it('are those of its shots where none was chosen', async () => {
    expect(await planned(null, [0, 50])).toEqual(['0–50* of 0', '50–100 of 1']);
  });

  it('end where a chosen shot begins or ends, and are touched in one alone', async () => {
    const chosen = [
      { name: 'a', in: 10, out: 20 },
      { name: 'b', in: 20, out: 60 },
    ];
    expect(await planned(chosen, [10, 20], [20, 50])).toEqual([
      '0–10 of 0',
      '10–20* of 0',
      '20–50* of 0',
      '50–60 of 1',
      '60–100 of 1',
    ]);
  });
});
