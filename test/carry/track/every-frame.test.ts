import { describe, expect, it } from 'vitest';
import { everyFrameRuns, everyFrameTotal } from '../../../src/carry/track/every-frame.ts';
import { totalRuns } from '../../../src/carry/track/inference-counts.ts';
import { reelTracker, type TrackingResult } from '../../../src/carry/track/reel-tracker.ts';
import { headAt, STAGE_OPTIONS, stageMeasures, stageOf } from '../drawn-stage.ts';

const FRAMES = 20;

/** Looks at two faces, of which one comes later. */
async function tracked(reuse: boolean): Promise<TrackingResult> {
  const stage = stageOf((frame) => [
    { name: 'a', landmarks: headAt(0) },
    ...(frame < 5 ? [] : [{ name: 'b' as const, landmarks: headAt(200) }]),
  ]);
  const options = {
    tracking: { ...STAGE_OPTIONS, reuse },
    scale: { x: 1, y: 1 },
    smoothing: { rigid: 4, expression: 0.7 },
    lightSigma: 5,
  };
  const span = { in: 0, out: FRAMES, frames: FRAMES, first: 1 };
  const tracker = reelTracker(stage.networks, stageMeasures(), options, span);
  for (let frame = 0; frame < FRAMES; frame++) await tracker.track(frame, stage.picture(frame));
  return tracker.end();
}

describe('what looking at every frame would take', () => {
  it('is what is done where reuse is off', async () => {
    const { counts, everyFrame, skipped } = await tracked(false);
    expect(everyFrame).toEqual({ detector: FRAMES, landmarker: 2 * FRAMES - 5, recogniser: 2 * FRAMES - 5 });
    expect(totalRuns(counts)).toBe(everyFrameTotal(everyFrame));
    expect(skipped).toBe(0);
  });

  it('is told as runs that were skipped where it is on', async () => {
    const { counts, everyFrame, skipped } = await tracked(true);
    expect(skipped).toBe(everyFrameTotal(everyFrame) - totalRuns(counts));
    expect(skipped).toBeGreaterThan(FRAMES);
  });

  it('counts a heavy landmark network like the light one', () => {
    const runs = everyFrameRuns({ frames: 10, tiles: 3, faces: 12, refined: true });
    expect(runs).toEqual({ detector: 30, landmarker: 12, recogniser: 12, refiner: 12 });
    expect(everyFrameTotal(runs)).toBe(66);
  });
});
