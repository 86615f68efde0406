import { describe, expect, it } from 'vitest';
import { changedPixels, gainOf, type RegionErrors, stepsOf, worseThan } from './restore-harm.ts';

const even = (error: number): RegionErrors => ({
  'left eye': error,
  'right eye': error,
  mouth: error,
  skin: error,
  boundary: error,
});

describe('harm by region and frame', () => {
  it('names what is worse by more than 0.1 dB, the worst first, and leaves out what cannot be compared', () => {
    const before = [even(1e-3), even(1e-3)];
    const after = [
      { ...even(0.9e-3), mouth: 1.1e-3, boundary: Number.NaN },
      { ...even(1e-3 * 10 ** 0.009), 'left eye': 1.3e-3 },
    ];
    const { compared, share, byRegion, eyesOrMouth, worst } = worseThan(after, before);
    expect(compared).toBe(9);
    expect(share).toBeCloseTo(2 / 9);
    expect(byRegion).toEqual({ 'left eye': 0.5, 'right eye': 0, mouth: 0.5, skin: 0, boundary: 0 });
    expect(eyesOrMouth).toBe(1);
    expect(worst.map(({ frame, region }) => [frame, region])).toEqual([
      [1, 'left eye'],
      [0, 'mouth'],
    ]);
    expect(worst[0]?.decibels).toBeCloseTo(1.139, 3);
  });

  it('counts no eye or mouth where only skin is worse', () => {
    const { eyesOrMouth, share } = worseThan([{ ...even(1e-3), skin: 2e-3 }], [even(1e-3)]);
    expect([eyesOrMouth, share]).toEqual([0, 0.2]);
  });
});

describe('the gain of a band', () => {
  it('is what the picture shows of the truth, whatever else it shows', () => {
    const clean = Float32Array.of(1, -1, 1, -1);
    const picture = clean.map((v, i) => 0.6 * v + (i < 2 ? 0.3 : -0.3));
    expect(gainOf(picture, clean, [1, 1, 1, 1])).toBeCloseTo(0.6);
    expect(gainOf(picture, clean, [0, 0, 0, 0])).toBeNaN();
  });

  it('steps by what it changes from frame to frame', () => {
    expect(stepsOf([0.9, 0.9, 0.6, 0.9])).toBeCloseTo(Math.sqrt(0.18 / 3));
    expect(stepsOf([0.9, Number.NaN, 0.6, 0.7])).toBeCloseTo(0.1);
    expect(stepsOf([0.9])).toBeNaN();
  });
});

describe('what was changed on clean film', () => {
  it('is counted from beyond eight levels', () => {
    const before = new Float32Array(4).fill(0.5);
    const after = Float32Array.from([0, 7.9, -8.1, 30], (levels) => 0.5 + levels / 255);
    expect(changedPixels(before, after)).toBe(2);
  });
});
