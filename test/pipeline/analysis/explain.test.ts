import { describe, expect, it } from 'vitest';
import type { FrameDecision } from '../../../src/carry/track/frame-decision.ts';
import { explainFrame } from '../../../src/pipeline/analysis/explain.ts';
import type { TrackedReel } from '../../../src/pipeline/analysis/tracked-reel.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { trackOf } from '../face-tracks.ts';

const DECISION: FrameDecision = {
  landmarker: 'skip',
  recogniser: null,
  refiner: null,
  limitDivisor: 1,
  age: 3,
  motion: 0.012,
  tiles: 0.008,
  disagreement: null,
};

function trackedWith(decision: Partial<FrameDecision>): TrackedReel {
  const track = trackOf('t1', 0, 10);
  return {
    shots: [{ index: 0, in: 0, out: 10 }],
    tracks: [track],
    histories: [
      {
        id: 't1',
        decisions: track.observations.map((_, k) => (k === 4 ? { ...DECISION, ...decision } : DECISION)),
        audits: [{ frame: 4, rigid: 0.004, lips: 0.01, lids: 0.006, cosine: 0.98 }],
        limitHalvings: 0,
        motion: null,
      },
    ],
    searches: [{ frame: 0, reason: 'sweep' }],
    damaged: new Map(),
    work: null,
  };
}

async function explained(decision: Partial<FrameDecision>, frame = 4): Promise<string> {
  return explainFrame({ first: 1001 }, await loadPreset('restore', RESTORERS), trackedWith(decision), frame).join('\n');
}

describe('the explanation of a frame', () => {
  it('says that landmarks were carried, by what evidence and against which limits', async () => {
    expect(await explained({})).toContain(
      'landmarks   rested, carried by tracking: age 3 (limit 12), moved 1.2 % (limit 4.0 %), tiles changed 0.8 % (limit 3.0 %)',
    );
  });

  it('says why they were placed anew, and how far carrying was off', async () => {
    expect(await explained({ landmarker: 'motion', motion: 0.05, disagreement: 0.011 })).toMatch(
      /ran, the face moved: .*moved 5\.0 %.*; 1\.1 % from where carrying put them/,
    );
    expect(await explained({ landmarker: 'tiles', tiles: 0.08 })).toMatch(
      /ran, its look changed: .*tiles changed 8\.0 %/,
    );
    expect(await explained({ landmarker: 'motion', motion: null, tiles: null })).toContain(
      'could not be tracked, no tiles',
    );
  });

  it('says that a face which was carried badly is carried more cautiously, and by which limits', async () => {
    expect(await explained({ landmarker: 'age', age: 6, limitDivisor: 2 })).toContain(
      'ran, the rest was long enough: age 6 (limit 6), moved 1.2 % (limit 2.0 %), tiles changed 0.8 % (limit 1.5 %), limits divided by 2 since carrying this face had been off',
    );
  });

  it('says why a heavy landmark network looked, where there is one', async () => {
    expect(await explained({})).not.toContain('heavy net');
    expect(await explained({ refiner: 'identity' })).toContain('heavy net   ran: a look was due');
    expect(await explained({ refiner: 'between' })).toContain('heavy net   ran: its looks before and behind disagreed');
  });

  it('says of a frame that cannot be read that the face was bridged there', async () => {
    expect(await explained({ landmarker: 'missing' })).toContain('landmarks   none: the frame cannot be read');
  });

  it('says when the detector and the recogniser looked last', async () => {
    const text = await explained({});
    expect(text).toContain('Frame 1005, shot 1');
    expect(text).toContain('detector      rested: 4 frames since the last search, one is due every 24');
    expect(await explained({}, 0)).toContain('detector      ran: a search for faces that entered was due');
    expect(await explained({ recogniser: 'identity' })).toContain('recogniser  ran: an anchor is due every 24 frames');
  });

  it('shows what the audit of a skipped look found', async () => {
    expect(await explained({})).toContain(
      'audit       ran nevertheless: still parts 0.4 %, lips 1.0 %, lids 0.6 % off; cosine 0.980',
    );
  });

  it('says so of a frame that was not looked at', async () => {
    expect(await explained({}, 40)).toBe('Frame 1041 was not looked at.');
  });
});
