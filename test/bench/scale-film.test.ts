import { describe, expect, it } from 'vitest';
import { lengthOf } from '../../src/film/range.ts';
import { takesOf } from '../../src/film/shot.ts';
import { CUT_CONTEXT } from '../../src/motion/cuts.ts';
import { type Cut, drawShots, type FilmPlan, type FrameCosts, spansOf, stagesOf } from './scale-film.ts';

const FILM: FilmPlan = { frames: 50_000, medianShot: 72, spread: 0.9, faceShare: 0.5, seed: 7 };
const CUT: Cut = { span: 1500, take: 240, longestFirst: false, rereads: true, clones: false };
/** A frame takes a second, one with a face as many as its patch has hundreds of pixels. */
const COSTS: FrameCosts = {
  track: 0.1,
  face: (patch) => patch / 100,
  copy: 1,
  cast: 0.01,
  join: 0.001,
  reread: 0.01,
  read: 10,
  written: 8,
  joinedBytes: 0,
  rereadBytes: 8,
};

const secondsOf = (name: string, cut = CUT, film = FILM) =>
  stagesOf(film, cut, COSTS)
    .find((stage) => stage.name === name)
    ?.steps.map((step) => step.seconds) ?? [];
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

describe('a drawn film', () => {
  it('has all of its frames in shots, half of which are shorter than the median', () => {
    const shots = drawShots(FILM);
    expect(shots[0]?.in).toBe(0);
    expect(shots.at(-1)?.out).toBe(FILM.frames);
    expect(shots.every((shot, k) => k === 0 || shots[k - 1]?.out === shot.in)).toBe(true);
    const shorter = shots.filter((shot) => lengthOf(shot) < FILM.medianShot).length / shots.length;
    // A few hundred shots: a standard deviation is 2.3 %.
    expect(shorter).toBeGreaterThan(0.43);
    expect(shorter).toBeLessThan(0.57);
    // exp(0.9² / 2) = 1.5
    expect(FILM.frames / shots.length / FILM.medianShot).toBeGreaterThan(1.3);
    expect(FILM.frames / shots.length / FILM.medianShot).toBeLessThan(1.7);
  });

  it('keeps its shots where more of them have a face', () => {
    const [some, more] = [drawShots(FILM), drawShots({ ...FILM, faceShare: 0.75 })];
    expect(more.map((shot) => shot.in)).toEqual(some.map((shot) => shot.in));
    const faces = (shots: typeof some) => shots.filter(({ patch }) => patch !== null).length / shots.length;
    expect(faces(some)).toBeCloseTo(0.5, 1);
    expect(faces(more)).toBeCloseTo(0.75, 1);
    expect(some.every(({ patch }, k) => patch === null || patch === more[k]?.patch)).toBe(true);
  });

  it('is the same by its seed and another by another', () => {
    expect(drawShots(FILM)).toEqual(drawShots(FILM));
    expect(drawShots({ ...FILM, seed: 8 })).not.toEqual(drawShots(FILM));
  });
});

describe('spans', () => {
  it('are read from before their first frame to behind the last shot that begins in them', () => {
    const shots = [
      { index: 0, in: 0, out: 90 },
      { index: 1, in: 90, out: 130 },
      { index: 2, in: 130, out: 400 },
    ];
    expect(spansOf(shots, 400, 100)).toEqual([
      { in: 0, out: 130 + CUT_CONTEXT },
      { in: 100 - 4 * CUT_CONTEXT, out: 400 },
      { in: 200 - 4 * CUT_CONTEXT, out: 300 + CUT_CONTEXT },
      { in: 300 - 4 * CUT_CONTEXT, out: 400 },
    ]);
  });
});

describe('the steps of a film', () => {
  it('copy, restore, cast and conform every frame once, and track some of them twice', () => {
    const shots = drawShots(FILM);
    const faces = shots.filter(({ patch }) => patch !== null);
    const restored = sum(faces.map((shot) => (lengthOf(shot) * (shot.patch ?? 0)) / 100));
    const untouched = FILM.frames - sum(faces.map(lengthOf));
    expect(sum(secondsOf('take'))).toBeCloseTo(restored + untouched, 6);
    expect(secondsOf('cast')).toEqual([expect.closeTo(sum(faces.map(lengthOf)) * 0.01, 6)]);
    expect(secondsOf('conform')).toEqual([expect.closeTo(FILM.frames * 0.011, 6)]);
    const tracked = sum(secondsOf('track')) / (FILM.frames * 0.1);
    expect(tracked).toBeGreaterThan(1);
    expect(tracked).toBeLessThan(1.2);
  });

  it('are read and written with the neighbours of their first and last frames, within the shot', () => {
    const film = { ...FILM, faceShare: 1, medianShot: 100, spread: 0, frames: 100 };
    const takes = stagesOf(film, { ...CUT, take: 50 }, COSTS)[2]?.steps;
    // Each of both takes has five neighbours in the other.
    expect(takes?.map(({ bytes }) => bytes)).toEqual([55 * 10 + 50 * 8, 55 * 10 + 50 * 8]);
  });

  it('read a file again in conforming only where they are asked to', () => {
    expect(secondsOf('conform', { ...CUT, rereads: false })).toEqual([expect.closeTo(FILM.frames * 0.001, 6)]);
    const conform = stagesOf(FILM, { ...CUT, rereads: false }, COSTS).at(-1)?.steps[0];
    expect(conform?.bytes).toBe(0);
  });

  it('only read what the storage copies by itself', () => {
    const film = { ...FILM, faceShare: 0, medianShot: 100, spread: 0, frames: 100 };
    const bytes = (clones: boolean) => stagesOf(film, { ...CUT, clones }, COSTS)[2]?.steps.map((step) => step.bytes);
    expect(bytes(false)).toEqual([100 * 18]);
    expect(bytes(true)).toEqual([100 * 10]);
  });

  it('are as many as before with the longest first, those without a face last', () => {
    const [inOrder, sorted] = [secondsOf('take'), secondsOf('take', { ...CUT, longestFirst: true })];
    const falling = (values: readonly number[]) => [...values].sort((a, b) => b - a);
    expect(falling(sorted)).toEqual(falling(inOrder));
    expect(sorted).not.toEqual(inOrder);
    const copied = drawShots(FILM).filter(({ patch }) => patch === null);
    const lengths = takesOf(copied, CUT.take, () => false).map(lengthOf);
    expect(sorted.slice(-lengths.length)).toEqual(lengths);
  });
});
