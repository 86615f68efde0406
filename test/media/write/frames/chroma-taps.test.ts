import { describe, expect, it } from 'vitest';
import { type ChromaTaps, chromaTaps, wovenTaps } from '../../../../src/media/write/frames/chroma-taps.ts';

function spread(values: readonly number[], { length, samples, weights }: ChromaTaps): number[] {
  return Array.from({ length }, (_, pixel) =>
    [0, 1, 2, 3].reduce((sum, i) => {
      const at = 4 * pixel + i;
      return sum + (weights[at] as number) * (values[samples[at] as number] as number);
    }, 0),
  );
}

function back(line: readonly number[], { pixels, shares }: ChromaTaps): number[] {
  return Array.from({ length: pixels.length / 2 }, (_, k) =>
    [2 * k, 2 * k + 1].reduce((sum, i) => sum + (shares[i] as number) * (line[pixels[i] as number] as number), 0),
  );
}

const LINES = [1, 2, 3, 4, 5, 7, 8, 9, 30].flatMap((length) =>
  [1, 2, 4].flatMap((step) =>
    [0, (step - 1) / 2, step - 1].map((site) => ({ length, count: Math.ceil(length / step), step, site })),
  ),
);
/** Rounding of doubles. */
const CLOSE = 12;

describe('Chroma that was spread over pixels', () => {
  it('comes back as it was, wherever it is sited and however long the line is', () => {
    for (const line of LINES) {
      const values = Array.from({ length: line.count }, (_, k) => Math.sin(7 * k * k + line.step));
      const taps = chromaTaps(line);
      back(spread(values, taps), taps).forEach((value, k) => {
        expect([line, value.toFixed(CLOSE)]).toEqual([line, (values[k] as number).toFixed(CLOSE)]);
      });
    }
  });

  it('comes back as it was of the rows of two fields, of any number', () => {
    for (const length of [2, 4, 6, 10, 16, 17, 486, 576]) {
      for (const site of [0, 0.5, 1]) {
        const values = Array.from({ length: Math.ceil(length / 2) }, (_, k) => Math.sin(7 * k * k));
        const taps = wovenTaps({ length, count: values.length, step: 2, site });
        back(spread(values, taps), taps).forEach((value, k) => {
          expect([length, site, value.toFixed(CLOSE)]).toEqual([length, site, (values[k] as number).toFixed(CLOSE)]);
        });
      }
    }
  });

  it('is a straight slope where it was one, away from the ends', () => {
    for (const [step, site] of [
      [2, 0],
      [2, 0.5],
      [2, 1],
      [4, 0],
      [4, 1.5],
    ] as const) {
      const length = 40;
      const line = { length, count: length / step, step, site };
      const values = Array.from({ length: line.count }, (_, k) => site + k * step);
      const pixels = spread(values, chromaTaps(line)).slice(8, -8);
      for (const [k, value] of pixels.entries()) expect(value).toBeCloseTo(k + 8, CLOSE);
    }
  });

  it('is a straight slope over the rows of a frame whose fields were sampled apart', () => {
    // Half way between rows 0 and 1 is a quarter of the way from row 0 to row 2, and so on: ITU-T H.273 figures 8 and 9.
    const values = Array.from({ length: 20 }, (_, k) => 2 * k + 0.5);
    const rows = spread(values, wovenTaps({ length: 40, count: 20, step: 2, site: 0.5 })).slice(8, -8);
    for (const [k, value] of rows.entries()) expect(value).toBeCloseTo(k + 8, CLOSE);
  });

  it('is the cubic of Catmull and Rom half way between samples that lie on pixels', () => {
    const { weights } = chromaTaps({ length: 20, count: 10, step: 2, site: 0 });
    expect([...weights.subarray(4 * 6, 4 * 6 + 4)].filter((weight) => weight !== 0)).toEqual([1]);
    expect([...weights.subarray(4 * 7, 4 * 7 + 4)]).toEqual([-0.0625, 0.5625, 0.5625, -0.0625]);
  });

  it('of one field takes nothing from the other', () => {
    const values = Array.from({ length: 8 }, (_, k) => k % 2);
    expect(spread(values, wovenTaps({ length: 16, count: 8, step: 2, site: 0.5 }))).toEqual(
      Array.from({ length: 16 }, (_, row) => row % 2),
    );
  });
});
