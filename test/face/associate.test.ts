import { expect, test } from 'vitest';
import { associate, overlapOf } from '../../src/face/associate.ts';
import type { Box } from '../../src/face/observation.ts';

const box = (x: number, y: number, side = 100): Box => [x, y, side, side];

test('overlap is the shared area over both', () => {
  expect(overlapOf(box(0, 0), box(0, 0))).toBe(1);
  expect(overlapOf(box(0, 0), box(50, 0))).toBeCloseTo(1 / 3);
  expect(overlapOf(box(0, 0), box(100, 0))).toBe(0);
});

test('two faces side by side keep their tracks whatever the order of detection', () => {
  expect(associate([box(0, 0), box(120, 0)], [box(125, 3), box(4, 2)])).toEqual({
    pairs: [
      { track: 1, detection: 0 },
      { track: 0, detection: 1 },
    ].sort((a, b) => a.track - b.track),
    lost: [],
    entered: [],
  });
});

test('a face that went and a face that came are not one face', () => {
  expect(associate([box(0, 0)], [box(300, 0)])).toEqual({ pairs: [], lost: [0], entered: [0] });
});

test('one detection continues one track only, the nearest', () => {
  expect(associate([box(30, 0), box(5, 0)], [box(0, 0)])).toEqual({
    pairs: [{ track: 1, detection: 0 }],
    lost: [0],
    entered: [],
  });
});

test('a fast small face is followed beyond its own box, up to a limit', () => {
  expect(associate([box(0, 0, 20)], [box(11, 0, 20)]).pairs).toHaveLength(1);
  expect(associate([box(0, 0, 20)], [box(15, 0, 20)]).pairs).toHaveLength(0);
});

test('a face twice as large at the same place is another face', () => {
  expect(associate([box(0, 0, 50)], [box(-30, -30, 110)]).pairs).toHaveLength(0);
});

test('nothing pairs with nothing', () => {
  expect(associate([], [])).toEqual({ pairs: [], lost: [], entered: [] });
  expect(associate([], [box(0, 0)])).toEqual({ pairs: [], lost: [], entered: [0] });
});
