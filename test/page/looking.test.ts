import { describe, expect, it } from 'vitest';
import { damageOf, labelOfFrame } from '../../src/page/frame-words.ts';
import { boxBetween, cornerOf, movedBox, resizedBox, withPoint } from '../../src/page/viewer/box-edit.ts';
import { curveColumns, isSparse, valuesAt } from '../../src/page/viewer/curve-data.ts';
import { followedCentres, ofNearestFrame } from '../../src/page/viewer/follow.ts';
import { exchanged, kindsOf, layoutOn, playedKindsOf } from '../../src/page/viewer/kinds.ts';
import { aheadWithin, framesAhead, strideOf } from '../../src/page/viewer/read-ahead.ts';
import { shotBorder } from '../../src/page/viewer/worst.ts';
import type { FaceBox } from '../../src/review/api.ts';

describe('the name of a frame', () => {
  const reel = { first: 1001, timecode: '01:00:00:00', nominalRate: 24, rate: { num: 24, den: 1 } };

  it('is its number, with its timecode where there is one', () => {
    expect(labelOfFrame(reel, 25)).toBe('1026 · 01:00:01:01');
    expect(labelOfFrame({ ...reel, timecode: null }, 25)).toBe('1026');
  });

  it('counts on with dropped numbers where the reel does', () => {
    const ntsc = { ...reel, timecode: '00:00:59;28', nominalRate: 30, rate: { num: 30000, den: 1001 } };
    expect(labelOfFrame(ntsc, 2)).toBe('1003 · 00:01:00;02');
  });

  it('comes with a sentence where the frame is damaged', () => {
    const damaged = [{ frame: 2, reason: 'its file is cut off.' }];
    expect(damageOf({ first: 1001, damaged }, 2)).toBe(
      'Frame 1003 is damaged and was passed through: its file is cut off.',
    );
    expect(damageOf({ first: 1001, damaged }, 3)).toBeNull();
  });
});

describe('a layout', () => {
  it('needs both pictures where both are seen', () => {
    expect([kindsOf('wipe'), kindsOf('side'), kindsOf('matte')]).toEqual([
      ['plate', 'output'],
      ['plate', 'output'],
      ['matte'],
    ]);
  });

  it('is played as what there is in playback', () => {
    expect([playedKindsOf('side'), playedKindsOf('plate'), playedKindsOf('difference')]).toEqual([
      ['plate', 'output'],
      ['plate'],
      ['output'],
    ]);
  });

  it('is one picture on a small screen', () => {
    expect([layoutOn(true, 'side'), layoutOn(false, 'side'), layoutOn(true, 'matte')]).toEqual([
      'wipe',
      'side',
      'matte',
    ]);
  });

  it('is exchanged between plate and output, from any other to the plate', () => {
    expect([exchanged('plate'), exchanged('output'), exchanged('wipe')]).toEqual(['output', 'plate', 'plate']);
  });
});

describe('reading ahead', () => {
  const range = { in: 0, out: 100 };

  it('goes on as the person went', () => {
    expect(framesAhead(50, { stride: strideOf(49, 50), count: 3, range })).toEqual([50, 51, 52, 53, 49]);
    expect(framesAhead(50, { stride: strideOf(60, 50), count: 2, range })).toEqual([50, 40, 30, 60]);
  });

  it('goes forward after a jump, and ends where the frames end', () => {
    expect(framesAhead(98, { stride: strideOf(7, 98), count: 3, range })).toEqual([98, 99, 97]);
    expect(framesAhead(0, { stride: -1, count: 3, range })).toEqual([0, 1]);
  });

  it('keeps to the room that there is, and to at least one frame', () => {
    const hd = 1920 * 1080 * 4;
    expect(aheadWithin(256e6, { picture: hd, kinds: 2 })).toBe(8);
    expect(aheadWithin(100e6, { picture: hd, kinds: 2 })).toBe(4);
    expect(aheadWithin(1e6, { picture: hd, kinds: 2 })).toBe(1);
  });
});

describe('following a face', () => {
  const walk = (jitter: number): FaceBox[] =>
    Array.from({ length: 60 }, (_, k) => [k + (k % 2 === 0 ? jitter : -jitter), 20, 40, 50]);

  it('neither jitters nor lags', () => {
    const centres = followedCentres(walk(8));
    for (let k = 20; k < 40; k++) {
      const [x, y] = centres[k] as readonly [number, number];
      expect(Math.abs(x - (k + 20))).toBeLessThan(0.5);
      expect(y).toBeCloseTo(45);
    }
  });

  it('has a middle for every frame, of the shortest track as well', () => {
    expect(followedCentres([[10, 20, 4, 6]])[0]?.map((value) => Math.round(value * 1e6) / 1e6)).toEqual([12, 23]);
    expect(followedCentres(walk(0))).toHaveLength(60);
  });

  it('stays at the nearest frame of the track outside of it', () => {
    const track = { in: 10, out: 13 };
    expect([5, 11, 99].map((frame) => ofNearestFrame(track, ['a', 'b', 'c'], frame))).toEqual(['a', 'b', 'c']);
  });
});

describe('a drawn box', () => {
  const picture = { width: 100, height: 80 };

  it('lies on whole pixels within the picture, whichever way it was drawn', () => {
    expect(boxBetween([10.6, 30.2], [4.2, 7.9], picture)).toEqual([4, 7, 7, 24]);
    expect(boxBetween([-20, 70], [500, 300], picture)).toEqual([0, 70, 100, 10]);
    expect(boxBetween([5, 5], [5, 5], picture)).toEqual([5, 5, 1, 1]);
    expect(boxBetween([140, 90], [150, 99], picture)).toEqual([99, 79, 1, 1]);
  });

  it('is moved without leaving the picture', () => {
    expect(movedBox([10, 10, 20, 20], [5.4, -3], picture)).toEqual([15, 7, 20, 20]);
    expect(movedBox([10, 10, 20, 20], [-99, 99], picture)).toEqual([0, 60, 20, 20]);
  });

  it('is resized by a corner while the one across stays, also when it is turned over', () => {
    expect(resizedBox([10, 10, 20, 20], 'se', [50, 45], picture)).toEqual([10, 10, 40, 35]);
    expect(resizedBox([10, 10, 20, 20], 'nw', [40, 5], picture)).toEqual([30, 5, 10, 25]);
    expect(cornerOf([10, 10, 20, 30], 'ne')).toEqual([30, 10]);
  });
});

describe('a dragged point', () => {
  it('changes itself alone, to a quarter of a pixel, within the picture', () => {
    expect(withPoint([1, 2, 3, 4, 5, 6], 1, [7.1, -3], { width: 10, height: 10 })).toEqual([1, 2, 7, 0, 5, 6]);
  });
});

describe('the border of a shot', () => {
  const shots = [{ in: 0 }, { in: 20 }, { in: 40 }];

  it('is the next one, or the one before, and none beyond the last', () => {
    expect([shotBorder(shots, 20, 1), shotBorder(shots, 40, 1)]).toEqual([40, null]);
    expect([shotBorder(shots, 25, -1), shotBorder(shots, 20, -1), shotBorder(shots, 0, -1)]).toEqual([20, 0, null]);
  });
});

describe('a curve', () => {
  const flicker = {
    name: 'flicker',
    unit: 'levels',
    lines: [
      { of: 'plate', values: [1, null, 0.12345] },
      { of: 'output', values: [2, null, null] },
    ],
  } as const;

  it('stands over the numbers that people give the frames', () => {
    expect(curveColumns({ in: 4, out: 7 }, flicker, 1001)).toEqual([
      [1005, 1006, 1007],
      [1, null, 0.12345],
      [2, null, null],
    ]);
  });

  it('tells its values in a frame, and nothing where nothing was measured', () => {
    expect([0, 1, 2, 3].map((k) => valuesAt(flicker, k))).toEqual(['1 → 2', null, '0.123 → –', null]);
  });

  it('is drawn as points where few frames were measured', () => {
    expect(isSparse(flicker)).toBe(true);
    expect(isSparse({ ...flicker, lines: [{ of: 'both', values: [1, null, 3, 4] }] })).toBe(false);
  });
});
