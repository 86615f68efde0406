import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../samples/draw-person.ts';
import { openPortrait } from '../../samples/portrait.ts';
import { actorOf, type ReelTruth, reelTruthOf } from '../../samples/reel-truth.ts';
import { DEMO_SHOTS, plannedShots } from '../../samples/shots.ts';

const SMALL = { width: 320, height: 180 } as const;
const PIXELS = SMALL.width * SMALL.height;

let actor: Actor;
let film: ReelTruth;
beforeAll(async () => {
  actor = actorOf(await openPortrait());
  film = reelTruthOf(actor, { ...SMALL, only: 'newsreel' });
});

const marksOf = (truth: ReelTruth, frame: number): Uint8Array => {
  const mask = new Uint8Array(PIXELS);
  truth.renderWorn(frame, mask);
  return mask;
};
const share = (mask: Uint8Array, holds: (x: number) => boolean) => {
  const inside = mask.filter((_, i) => holds(i % SMALL.width));
  return inside.reduce((sum, v) => sum + v, 0) / inside.length;
};
/** Columns from the plate's left within a few pixels of a line. */
const near = (at: number, reach: number) => (x: number) => Math.abs(x + 0.5 - at * SMALL.height) < reach;

describe('the newsreel', () => {
  it('leads the reel of the demo, and the sample reel is as it was', () => {
    const shown = reelTruthOf(actor, { ...SMALL, shots: DEMO_SHOTS });
    expect(shown.shots.map(({ kind }) => kind)).toEqual(['newsreel', ...plannedShots().map(({ kind }) => kind)]);
    expect(reelTruthOf(actor, SMALL).shots.map(({ kind }) => kind)).not.toContain('newsreel');
  });

  it('is black and white in truth and on the plate, and its exposure breathes in both', () => {
    const tint = film.renderClean(3).rgb;
    const worn = film.renderWorn(3).rgb;
    for (const rgb of [tint, worn]) {
      const ratios = [0, 5000, 20_000, 40_000].map((i) => (rgb[PIXELS + i] as number) / (rgb[i] as number));
      for (const ratio of ratios) expect(ratio).toBeGreaterThan(0.9);
      for (const ratio of ratios) expect(ratio).toBeLessThan(1.1);
    }
    const exposures = Array.from({ length: 22 }, (_, t) => film.frame(t).exposure);
    expect(Math.max(...exposures) / Math.min(...exposures)).toBeGreaterThan(1.06);
  });

  it('has scratches that stand on the face for the whole shot, and some that come and go', () => {
    for (const t of [0, 6, 13, 21]) {
      const mask = marksOf(film, t);
      expect(share(mask, near(0.778, 2))).toBeGreaterThan(0.4);
      expect(share(mask, near(0.7, 4))).toBeLessThan(0.1);
    }
    const wandering = (t: number) => share(marksOf(film, t), near(0.945, 4));
    expect(wandering(5)).toBeGreaterThan(3 * wandering(20));
  });

  it('has specks and hairs that lie on one frame only', () => {
    const specked = reelTruthOf(actor, { ...SMALL, only: 'newsreel', wear: { scratches: 0 } });
    const [a, b] = [marksOf(specked, 4), marksOf(specked, 5)];
    const marked = a.reduce((sum, v) => sum + v, 0);
    expect(marked).toBeGreaterThan(150);
    expect(marked).toBeLessThan(PIXELS / 20);
    expect(a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)).toBeLessThan(0.1 * marked);
  });

  it('is stained on both sides of its splice', () => {
    const specked = reelTruthOf(actor, { ...SMALL, only: 'newsreel', wear: { scratches: 0 } });
    const [before, at, after] = [14, 15, 16].map((t) => share(marksOf(specked, t), () => true));
    expect(before).toBeGreaterThan(2 * (after as number));
    expect(at).toBeGreaterThan(2 * (after as number));
  });

  it('differs from the same film without dirt and scratches only where it says', () => {
    const still = { grain: 0, weave: 0 };
    const neat = reelTruthOf(actor, { ...SMALL, only: 'newsreel', wear: { ...still, dirt: 0, scratches: 0 } });
    const dirty = reelTruthOf(actor, { ...SMALL, only: 'newsreel', wear: still });
    const none = new Uint8Array(PIXELS);
    const clean = neat.renderWorn(9, none).rgb;
    expect(Math.max(...none)).toBe(0);
    const mask = new Uint8Array(PIXELS);
    const worn = dirty.renderWorn(9, mask).rgb;
    const elsewhere = worn.subarray(0, PIXELS).map((v, i) => (mask[i] ? 0 : Math.abs(v - (clean[i] as number))));
    expect(Math.max(...elsewhere)).toBeLessThan(0.08);
    const there = worn.subarray(0, PIXELS).map((v, i) => (mask[i] ? Math.abs(v - (clean[i] as number)) : 0));
    expect(Math.max(...there)).toBeGreaterThan(0.4);
  });

  it('is the same film whenever the same is asked', () => {
    const hash = (t: number) =>
      createHash('sha256')
        .update(new Uint8Array(film.renderWorn(t).rgb.buffer))
        .digest('hex');
    const forwards = [2, 14].map(hash);
    expect([14, 2].map(hash).toReversed()).toEqual(forwards);
  });
});
