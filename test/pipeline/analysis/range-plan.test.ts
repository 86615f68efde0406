import { describe, expect, it } from 'vitest';
import { planRange, type TrackedPart } from '../../../src/pipeline/analysis/range-plan.ts';

/** `[0 20]` is a whole shot; a bar in place of a bracket says that the shot goes on there. */
function keptFrom(text: string): TrackedPart[] {
  return [...text.matchAll(/([[|])(\d+) (\d+)([\]|])/g)].map(([, starts, from, out, ends]) => ({
    in: Number(from),
    out: Number(out),
    startsShot: starts === '[',
    endsShot: ends === ']',
  }));
}

/** `20–30` is a gap that is to be looked at; `20–30 of 0–40` is there. */
function planned(from: number, out: number, kept: string): string[] {
  return planRange({ in: from, out }, keptFrom(kept)).map(({ kept, range }) =>
    kept ? `${range.in}–${range.out} of ${kept.in}–${kept.out}` : `${range.in}–${range.out}`,
  );
}

describe('a range of frames', () => {
  it.each([
    ['is looked at where nothing is kept', 0, 100, '', ['0–100']],
    ['is looked at where only other shots are', 0, 100, '[100 120] [130 140]', ['0–100']],
    ['is what is kept of it', 0, 100, '[0 40] [40 100]', ['0–40 of 0–40', '40–100 of 40–100']],
    ['is cut out of shots that reach beyond it', 10, 60, '[0 40] [40 100]', ['10–40 of 0–40', '40–60 of 40–100']],
    ['is cut out of a part of a shot that holds all of it', 10, 30, '|5 35|', ['10–30 of 5–35']],
    ['is looked at anew where a kept part ends in its middle', 10, 30, '|5 25|', ['10–30']],
    ['is looked at anew where a kept part begins in its middle', 10, 30, '|15 35|', ['10–30']],
    [
      'is looked at between shots that are kept',
      0,
      100,
      '[20 40] [60 70]',
      ['0–20', '20–40 of 20–40', '40–60', '60–70 of 60–70', '70–100'],
    ],
    [
      'keeps the whole shots of a part that was looked at before',
      0,
      100,
      '|10 40] [40 70] [70 90|',
      ['0–40', '40–70 of 40–70', '70–100'],
    ],
    [
      'ends in a part of a shot that holds all it asks of it',
      0,
      80,
      '[40 70] [70 90|',
      ['0–40', '40–70 of 40–70', '70–80 of 70–90'],
    ],
    ['is taken from the shot rather than from a part of it', 10, 30, '|10 30| [0 100]', ['10–30 of 0–100']],
  ] as const)('%s', (_, from, out, kept, parts) => {
    expect(planned(from, out, kept)).toEqual(parts);
  });
});
