import { describe, expect, it } from 'vitest';
import { transferCurve, transferOfTags } from '../../src/film/colour.ts';

describe('Every transfer curve', () => {
  it.each(['rec709', 'log', 'linear', 'pq'] as const)(
    'of %s rises strictly, and its inverse leads back',
    (transfer) => {
      const { toDisplay, fromDisplay } = transferCurve(transfer);
      let before = Number.NEGATIVE_INFINITY;
      for (let k = -110; k <= 1110; k++) {
        const display = toDisplay(k / 1000);
        expect(display).toBeGreaterThan(before);
        before = display;
        expect(fromDisplay(display)).toBeCloseTo(k / 1000, 6);
      }
    },
  );
});

describe('PQ', () => {
  // Codes of ITU-R BT.2408-7 table 1, full range: light in cd/m², and its PQ signal.
  const LIGHT: readonly [nits: number, signal: number][] = [
    [26, 0.38],
    [100, 0.508],
    [203, 0.58],
    [1000, 0.752],
    [10_000, 1],
  ];

  it('is tone-mapped: diffuse white to half the light of a display, its peak to white', () => {
    const { toDisplay } = transferCurve('pq');
    for (const [nits, signal] of LIGHT) {
      const light = nits / 203;
      const peak = 10_000 / 203;
      const shown = (light * (1 + light / peak ** 2)) / (1 + light);
      expect(toDisplay(signal)).toBeCloseTo(shown ** (1 / 2.2), 2);
    }
    expect(toDisplay(0)).toBe(0);
    expect(toDisplay(1)).toBeCloseTo(1, 9);
  });

  it('is what a movie tagged so is shown through; HLG is shown as it is', () => {
    expect(transferOfTags({ transfer: 'smpte2084' })).toBe('pq');
    expect(transferOfTags({ transfer: 'arib-std-b67' })).toBe('rec709');
    expect(transferOfTags({})).toBe('rec709');
  });
});
