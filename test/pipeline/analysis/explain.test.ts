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

async function explained(decision: Partial<FrameDecision>, frame = 4, labelled = {}): Promise<string> {
  return explainFrame(
    { first: 1001, rate: { num: 24, den: 1 }, ...labelled },
    await loadPreset('restore', RESTORERS),
    trackedWith(decision),
    frame,
  ).join('\n');
}

describe('the explanation of a frame', () => {
  it('says that landmarks were carried, by what evidence and against which limits', async () => {
    expect(await explained({})).toContain(
      'landmarks   skipped, carried by tracking: age 3 (limit 12), moved 1.2 % (limit 4.0 %), tiles changed 0.8 % (limit 3.0 %)',
    );
  });

  it('says of a frame beside chosen shots that nobody looked at it, and not that networks were skipped', async () => {
    const tracked: TrackedReel = { ...trackedWith({}), shots: [{ index: 0, in: 0, out: 10, passed: true }] };
    const preset = await loadPreset('restore', RESTORERS);
    expect(explainFrame({ first: 1001, rate: { num: 24, den: 1 } }, preset, tracked, 4)).toEqual([
      'Frame 1005 was not looked at: it lies beside the shots that were chosen.',
    ]);
  });

  it('names the frame by its number, and by its timecode where the reel has one', async () => {
    expect(await explained({})).toMatch(/^Frame 1005, shot 1\n/);
    expect(await explained({}, 4, { timecode: '01:00:00:00' })).toMatch(/^Frame 1005 \(01:00:00:04\), shot 1\n/);
  });

  it('says why they were placed anew, and how far carrying was off', async () => {
    expect(await explained({ landmarker: 'motion', motion: 0.05, disagreement: 0.011 })).toMatch(
      /ran, the face moved: .*moved 5\.0 %.*; 1\.1 % from the carried ones/,
    );
    expect(await explained({ landmarker: 'tiles', tiles: 0.08 })).toMatch(
      /ran, mouth, eyes or nose changed: .*tiles changed 8\.0 %/,
    );
    expect(await explained({ landmarker: 'motion', motion: null, tiles: null })).toContain(
      'could not be tracked, no tiles',
    );
  });

  it('says that the limits were divided for a face that was carried badly, and which limits hold', async () => {
    expect(await explained({ landmarker: 'age', age: 6, limitDivisor: 2 })).toContain(
      'ran, the age limit was reached: age 6 (limit 6), moved 1.2 % (limit 2.0 %), tiles changed 0.8 % (limit 1.5 %), limits divided by 2 since carrying this face was off',
    );
  });

  it('says why a heavy landmark network ran, where there is one', async () => {
    expect(await explained({})).not.toContain('heavy net');
    expect(await explained({ refiner: 'identity' })).toContain('heavy net   ran: a run was due');
    expect(await explained({ refiner: 'between' })).toContain('heavy net   ran: its runs before and after disagreed');
  });

  it('says of a frame that cannot be read that the face was bridged there', async () => {
    expect(await explained({ landmarker: 'missing' })).toContain('landmarks   none: the frame cannot be read');
  });

  it('says when the detector and the recogniser ran last', async () => {
    const text = await explained({});
    expect(text).toContain('Frame 1005, shot 1');
    expect(text).toContain('detector      skipped: 4 frames since the last search, one is due every 24');
    expect(await explained({}, 0)).toContain('detector      ran: a search for faces that entered was due');
    expect(await explained({ recogniser: 'identity' })).toContain(
      'recogniser  ran: an identity sample is due every 24 frames',
    );
  });

  it('shows what the audit of a skipped run found', async () => {
    expect(await explained({})).toContain(
      'audit       ran all the same: still parts 0.4 %, lips 1.0 %, lids 0.6 % off; cosine 0.980',
    );
  });

  it('says so of a frame that was not tracked', async () => {
    expect(await explained({}, 40)).toBe('Frame 1041 was not tracked.');
  });
});
