import { describe, expect, it } from 'vitest';
import { faceFigures } from '../../src/report/face-figures.ts';
import { type FaceFrame, facesByTrack } from '../../src/report/face-frames.ts';
import { faceNotes } from '../../src/report/face-notes.ts';
import { faceTotals } from '../../src/report/face-totals.ts';
import { flickerFigures } from '../../src/report/flicker-figures.ts';
import { detail } from '../../src/restore/detail.ts';
import { FACES } from './report-of.ts';

const figures = faceFigures(FACES);

describe('faceFigures', () => {
  it('counts what was restored and names what was not, in ranges', () => {
    expect(figures).toMatchObject({ restored: 56, refused: 1 });
    expect(figures.leftAlone).toEqual([{ in: 30, out: 31, reason: 'flash' }]);
    expect(figures.inPart).toEqual([
      { in: 20, out: 21, reason: 'stills' },
      { in: 56, out: 60, reason: 'small' },
    ]);
  });

  it('finds the frames that were changed most and agreed with least', () => {
    expect(figures.change).toMatchObject({ most: 9, mostFrame: 12 });
    expect(figures.gate).toMatchObject({ least: 0.02, leastFrame: 20, mean: expect.closeTo(0.688, 3) });
  });

  it('gives the gain in sharpness and likeness', () => {
    expect(figures.sharpness).toEqual({ before: 1.5, after: expect.closeTo(2.5, 1) });
    expect(figures.likeness).toMatchObject({ sampled: 2, gain: expect.closeTo(0.05), leastGain: expect.closeTo(0.04) });
  });

  it('state grain and blur for the whole shot, whatever one frame says', () => {
    const { grain, blur } = faceFigures(FACES);
    expect(blur).toBe(1.4);
    expect(grain?.[0]).toBeNull();
    expect(grain?.[1]).toBeCloseTo(2.55, 9);
    expect(grain?.[3]).toBeCloseTo(7.65, 9);
    const seldom = FACES.restored.map((face, k) => ({ ...face, grain: [k < 10 ? 0.02 : null] }));
    expect(faceFigures({ ...FACES, restored: seldom }).grain).toEqual([null]);
  });

  it('have no gate for a restorer without stills, and no likeness for a face that is not cast', () => {
    const plain = FACES.restored.map(({ frame, luma, sharpness, flicker, change }) => {
      return { frame, luma, sharpness, flicker, change };
    });
    const none = faceFigures({ ...FACES, restored: plain, refused: [], likeness: [] });
    expect(none).toMatchObject({ gate: null, likeness: null, dirt: null, averaged: null, leftAlone: [], inPart: [] });
    expect(none).toMatchObject({ grain: null, blur: null });
  });

  it('of a face that was restored nowhere say where it was left alone, and nothing else', () => {
    const none = faceFigures({ ...FACES, restored: [], likeness: [] });
    expect(none).toMatchObject({ restored: 0, refused: 1, sharpness: null, change: null, gate: null, inPart: [] });
    expect(none.leftAlone).toHaveLength(1);
  });

  it('are those of the takes put together', () => {
    const cut = (in_: number, out: number) => {
      const within = <T extends { readonly frame: number }>(list: T[]) =>
        list.filter(({ frame }) => frame >= in_ && frame < out);
      const { restored, refused, likeness } = FACES;
      return { track: 't1', restored: within(restored), refused: within(refused), likeness: within(likeness) };
    };
    const together = facesByTrack([[cut(0, 31)], [cut(31, 100)]]).get('t1');
    expect(together && faceFigures(together)).toEqual(figures);
  });
});

describe('faceTotals', () => {
  it('weigh tracks by their frames', () => {
    const small = faceFigures({ ...FACES, restored: FACES.restored.slice(0, 14), likeness: [] });
    const totals = faceTotals([{ ...small, sharpness: { before: 1, after: 1 } }, figures]);
    expect(totals).toMatchObject({ tracks: 2, refused: 2, likenessGain: figures.likeness?.gain });
    expect(totals.sharpness).toBeCloseTo((14 + 56 * (figures.sharpness?.after ?? 0)) / (14 + 56 * 1.5));
  });

  it('of a run that restored nothing are none', () => {
    expect(faceTotals([])).toEqual({ tracks: 0, refused: 0, sharpness: null, likenessGain: null });
  });
});

describe('faceNotes', () => {
  it('say where a face was left alone or restored in part, in the reel’s own numbers, and why', () => {
    expect(faceNotes('t1 (actor)', figures, 1001, detail.words)).toEqual([
      't1 (actor): left as it was in frame 1031: the frame has a light of its own, as in a flash or a dissolve, and its neighbours cannot tell what is damage.',
      't1 (actor): restored only in part in frame 1021: the stills agree with less than half as much of it as elsewhere (a closed eye, a hand before it, another light); the rest was repaired without their detail.',
      't1 (actor): restored only in part in frames 1057–1060: the face is small.',
    ]);
  });

  it('say where the stills hardly agree, and nothing of a face that was restored throughout', () => {
    const of = (gate: number) =>
      faceFigures({
        ...FACES,
        refused: [],
        restored: FACES.restored.slice(0, 9).map((face) => ({ ...face, gate })),
      });
    expect(faceNotes('t2', of(0.25), 1, detail.words)).toEqual([
      't2: 25 % of the detail that the stills offer agrees with the film; elsewhere the face is the repaired plate. Stills nearer to the shot in pose, expression and light would give more.',
    ]);
    expect(faceNotes('t2', of(0.8), 1, detail.words)).toEqual([]);
  });

  it('count ranges beyond the first few', () => {
    const leftAlone = Array.from({ length: 9 }, (_, k) => ({ in: 2 * k, out: 2 * k + 1, reason: 'flash' }));
    const [note] = faceNotes('t1', { ...figures, leftAlone, inPart: [] }, 1, detail.words);
    expect(note).toContain('in frames 1, 3, 5, 7, 9, 11 and 3 more:');
  });
});

describe('flickerFigures', () => {
  const steady = (frame: number, luma: number): FaceFrame => ({
    frame,
    luma: [luma, 0.5],
    sharpness: [1, 1],
    flicker: frame > 0 ? [2, 1] : null,
    change: 1,
  });

  it('reads the flicker before and after', () => {
    const frames = [0, 1, 2, 3, 4].map((frame) => steady(frame, frame % 2 ? 0.51 : 0.49));
    expect(flickerFigures(frames)).toMatchObject({ hf2LpBefore: 2, hf2LpAfter: 1, hf2LpRatio: 0.5, tfiAfter: 0 });
    expect(flickerFigures(frames).tfiBefore).toBeGreaterThan(3);
  });

  it('is not read over frames that were left out', () => {
    const apart = [0, 2, 4].map((frame) => ({ ...steady(frame, frame / 10), flicker: null }));
    expect(flickerFigures(apart)).toMatchObject({ hf2LpBefore: null, tfiBefore: null, hf2LpRatio: null });
  });
});
