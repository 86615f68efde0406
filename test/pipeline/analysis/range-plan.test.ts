import { describe, expect, it } from 'vitest';
import { joinedRanges, planRange, type TrackedPart } from '../../../src/pipeline/analysis/range-plan.ts';

/** `[0 20]` is a whole shot; a bar in place of a bracket says that the shot goes on there. */
function keptFrom(text: string): TrackedPart[] {
  return [...text.matchAll(/([[|])(\d+) (\d+)([\]|])/g)].map(([, starts, from, out, ends]) => ({
    in: Number(from),
    out: Number(out),
    startsShot: starts === '[',
    endsShot: ends === ']',
  }));
}

/** `20–30` is a gap that is to be tracked; `20–30 of 0–40` is kept. */
function planned(from: number, out: number, kept: string): string[] {
  return planRange({ in: from, out }, keptFrom(kept)).map(({ kept, range }) =>
    kept ? `${range.in}–${range.out} of ${kept.in}–${kept.out}` : `${range.in}–${range.out}`,
  );
}

describe('a range of frames', () => {
  it.each([
    ['is tracked where nothing is kept', 0, 100, '', ['0–100']],
    ['is tracked where only other shots are', 0, 100, '[100 120] [130 140]', ['0–100']],
    ['is what is kept of it', 0, 100, '[0 40] [40 100]', ['0–40 of 0–40', '40–100 of 40–100']],
    ['is cut out of shots that reach beyond it', 10, 60, '[0 40] [40 100]', ['10–40 of 0–40', '40–60 of 40–100']],
    ['is cut out of a part of a shot that holds all of it', 10, 30, '|5 35|', ['10–30 of 5–35']],
    ['is tracked anew where a kept part ends in its middle', 10, 30, '|5 25|', ['10–30']],
    ['is tracked anew where a kept part begins in its middle', 10, 30, '|15 35|', ['10–30']],
    [
      'is tracked between shots that are kept',
      0,
      100,
      '[20 40] [60 70]',
      ['0–20', '20–40 of 20–40', '40–60', '60–70 of 60–70', '70–100'],
    ],
    [
      'keeps the whole shots of a part that was tracked before',
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

describe('several ranges', () => {
  it.each([
    ['stay apart where nothing is kept', '', ['0–10', '20–30', '40–50']],
    ['are joined where one kept shot serves two', '[0 35] [35 60]', ['0–30', '40–50']],
    ['are joined where one kept shot serves all', '[0 60]', ['0–50']],
    ['stay apart where a kept part serves only one', '|0 12| [40 60]', ['0–10', '20–30', '40–50']],
  ] as const)('%s', (_, kept, expected) => {
    const ranges = [
      { in: 0, out: 10 },
      { in: 20, out: 30 },
      { in: 40, out: 50 },
    ];
    expect(joinedRanges(ranges, keptFrom(kept)).map((range) => `${range.in}–${range.out}`)).toEqual(expected);
  });

  it('are joined where they touch or overlap', () => {
    const ranges = [
      { in: 0, out: 10 },
      { in: 10, out: 20 },
      { in: 15, out: 18 },
      { in: 21, out: 30 },
    ];
    expect(joinedRanges(ranges, [])).toEqual([
      { in: 0, out: 20 },
      { in: 21, out: 30 },
    ]);
  });
});
