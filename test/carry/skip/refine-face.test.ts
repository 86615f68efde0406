import { describe, expect, it } from 'vitest';
import { type RefineContext, type RefineLimits, refineFace } from '../../../src/carry/skip/refine-face.ts';
import { applyRefinements } from '../../../src/carry/smooth/apply-refinements.ts';
import { movedBy, offsetOf } from '../../../src/carry/track/offset.ts';
import { append, emptyTrack, type RawTrack, type Refinement } from '../../../src/carry/track/raw-track.ts';
import type { ShownFrame } from '../../../src/carry/track/shown-frame.ts';
import type { Landmarks } from '../../../src/face/landmarks.ts';
import { EXPRESSIVENESS } from '../../../src/face/regions.ts';
import { transformLandmarks } from '../../../src/face/similarity.ts';
import { IDENTITY3 } from '../../../src/motion/similarity3.ts';
import { HEAD, INTER_OCULAR } from '../drawn-head.ts';
import { rawObservation } from '../raw-observations.ts';

const LIMITS: RefineLimits = { every: 8, least: 4, disagreement: 0.02 };
const NOSE = 3;
const LOWER_LIP = 3 * 14;
const PICTURE = { width: 1, height: 1, rgb: new Uint8Array(3) };

const moved = (share: number): Landmarks => HEAD.map((v, i) => (i % 3 === 1 ? v + share * INTER_OCULAR : v));

/**
 * Follows a still face for some frames as the sighter does, a heavy network saying in frame `k` that it lies `truth(k)`
 * inter-ocular distances lower; in `unsure` frames it is unsure. Returns the frames on which it ran, in order.
 */
async function runsAt(
  frames: number,
  truth: (frame: number) => number,
  options: { readonly missing?: readonly number[]; readonly unsure?: readonly number[]; readonly reuse?: boolean } = {},
): Promise<{ readonly runs: number[]; readonly track: RawTrack }> {
  const runs: number[] = [];
  let shown: ShownFrame[] = [];
  const context: RefineContext = {
    networks: {
      async refine(picture) {
        const { frame } = shown.find((one) => one.picture === picture) as ShownFrame;
        runs.push(frame);
        return options.unsure?.includes(frame) ? null : moved(truth(frame));
      },
    },
    options: { refine: LIMITS, reuse: options.reuse ?? true },
  };
  const track = emptyTrack(0);
  for (let frame = 0; frame < frames; frame++) {
    if (options.missing?.includes(frame)) continue;
    const observation = { ...rawObservation(HEAD), step: IDENTITY3 };
    if (frame === 0) track.observations.push(observation);
    else append(track, frame, observation);
    shown = [...shown, { frame, picture: { ...PICTURE }, film: null }].slice(-25);
    await refineFace(track, shown, context);
  }
  return { runs, track };
}

describe('a heavy landmark network', () => {
  it('runs on every eighth frame while its runs agree', async () => {
    const { runs, track } = await runsAt(33, () => 0.05);
    expect(runs).toEqual([0, 8, 16, 24, 32]);
    expect(track.observations.map(({ decision }) => decision.refiner).slice(7, 10)).toEqual([null, 'identity', null]);
  });

  it('runs once more between two runs that disagree, and no more often than its interval allows', async () => {
    const { runs, track } = await runsAt(25, (frame) => (frame < 12 ? 0 : 0.1));
    expect(runs).toEqual([0, 8, 16, 12, 24]);
    expect(track.refinements.map(({ frame }) => frame)).toEqual([0, 8, 12, 16, 24]);
    expect(track.observations[12]?.decision.refiner).toBe('between');
    expect((await runsAt(41, (frame) => 0.1 * (frame % 3))).runs).toHaveLength(11);
  });

  it('does not run more often for expression that both networks see', async () => {
    expect((await runsAt(25, (frame) => 0.001 * (frame % 5))).runs).toEqual([0, 8, 16, 24]);
  });

  it('does not run on missing frames, and runs again where it is unsure', async () => {
    expect((await runsAt(18, () => 0, { missing: [8, 9] })).runs).toEqual([0, 10]);
    const { runs, track } = await runsAt(12, () => 0, { unsure: [8] });
    expect(runs).toEqual([0, 8, 9]);
    expect(track.refinements.map(({ frame }) => frame)).toEqual([0, 9]);
  });

  it('runs on the frames of backtracking', async () => {
    const shown = Array.from(
      { length: 20 },
      (_, frame): ShownFrame => ({ frame, picture: { ...PICTURE }, film: null }),
    );
    const track = emptyTrack(3);
    for (let frame = 3; frame < 20; frame++) track.observations.push({ ...rawObservation(HEAD), step: IDENTITY3 });
    const runs: number[] = [];
    const context: RefineContext = {
      networks: {
        async refine(picture) {
          runs.push((shown.find((one) => one.picture === picture) as ShownFrame).frame);
          return HEAD;
        },
      },
      options: { refine: LIMITS, reuse: true },
    };
    await refineFace(track, shown, context);
    expect(runs).toEqual([19, 11, 3]);
    expect(track.refinements.map(({ frame }) => frame)).toEqual([3, 11, 19]);
  });

  it('runs on every frame where reuse is off', async () => {
    expect((await runsAt(6, () => 0, { reuse: false })).runs).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('an offset between two networks', () => {
  it('turns and scales with the face', () => {
    const offset = offsetOf(HEAD, moved(0.1));
    const turn = { a: 1.2 * Math.cos(0.4), b: 1.2 * Math.sin(0.4), tx: 30, ty: -4 };
    const expected = transformLandmarks(turn, moved(0.1));
    const found = movedBy(transformLandmarks(turn, HEAD), offset);
    expect(Math.max(...found.map((v, i) => Math.abs(v - (expected[i] as number))))).toBeLessThan(1e-3);
  });

  const smoothed = Array.from({ length: 17 }, () => HEAD);
  const lip = (landmarks: Landmarks | undefined) =>
    ((landmarks?.[LOWER_LIP + 1] as number) - (HEAD[LOWER_LIP + 1] as number)) / INTER_OCULAR;
  const nose = (landmarks: Landmarks | undefined) =>
    ((landmarks?.[NOSE + 1] as number) - (HEAD[NOSE + 1] as number)) / INTER_OCULAR;
  const runs = (...shares: readonly [number, number][]): (Refinement & { index: number })[] =>
    shares.map(([index, share]) => ({ index, frame: index, landmarks: moved(share) }));

  it('passes from run to run, and stays before the first and after the last', () => {
    const applied = applyRefinements(smoothed, runs([4, 0], [12, 0.1]), EXPRESSIVENESS).map(lip);
    expect(applied[0]).toBeCloseTo(0, 5);
    expect(applied[8]).toBeCloseTo(0.05, 4);
    expect(applied[12]).toBeCloseTo(0.1, 5);
    expect(applied[16]).toBeCloseTo(0.1, 5);
    for (const [k, v] of applied.slice(1).entries()) expect(v).toBeGreaterThanOrEqual((applied[k] as number) - 1e-6);
  });

  it('is averaged over runs where the face is rigid, and kept where it is expressive', () => {
    const applied = applyRefinements(smoothed, runs([0, 0], [8, 0.1], [16, 0]), EXPRESSIVENESS);
    expect(lip(applied[8])).toBeCloseTo(0.1, 5);
    expect(nose(applied[8])).toBeLessThan(0.06);
    expect(nose(applied[8])).toBeGreaterThan(0.03);
  });

  it('is none for a face without a run of the heavy network', () => {
    expect(applyRefinements(smoothed, [], EXPRESSIVENESS)).toBe(smoothed);
  });
});
