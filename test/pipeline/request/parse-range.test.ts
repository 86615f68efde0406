import { describe, expect, it } from 'vitest';
import { checkedRange, parseFrame, parseRange } from '../../../src/pipeline/request/parse-range.ts';

describe('a range as people write it', () => {
  it.each([
    ['1001-1100', 1001, 1100],
    [' 7 ', 7, 7],
    ['0000 - 0009', 0, 9],
    ['01:00:10:00-01:00:14:12', '01:00:10:00', '01:00:14:12'],
    ['01:00:10;00 - 01:00:14;12', '01:00:10;00', '01:00:14;12'],
    ['01:00:10:00', '01:00:10:00', '01:00:10:00'],
    // Whether it ends before it begins is told by the reel, which may run past midnight.
    ['23:59:59:00-00:00:01:00', '23:59:59:00', '00:00:01:00'],
  ])('%s includes both ends', (text, first, last) => {
    expect(parseRange(text, '--range')).toEqual({ first, last });
  });

  it.each([
    [
      '1001-',
      '--range "1001-" is not a range of frames. Write it as 1001-1100 or 01:00:10:00-01:00:14:12, both ends included.',
    ],
    [
      '01:00:10-01:00:14',
      '--range "01:00:10-01:00:14" is not a range of frames. Write it as 1001-1100 or 01:00:10:00-01:00:14:12, both ends included.',
    ],
    [
      '1-2-3',
      '--range "1-2-3" is not a range of frames. Write it as 1001-1100 or 01:00:10:00-01:00:14:12, both ends included.',
    ],
    [
      '1001-01:00:14:12',
      '--range "1001-01:00:14:12" mixes a frame number and a timecode. Give both ends as numbers, or both as timecodes.',
    ],
    ['9-2', '--range "9-2" ends before it begins. Did you mean 2-9?'],
  ])('%s is refused', (text, sentence) => {
    expect(() => parseRange(text, '--range')).toThrow(sentence);
  });

  it('is checked in the same way where a program gives it', () => {
    expect(checkedRange({ first: 5, last: 9 }, 'range')).toEqual({ first: 5, last: 9 });
    expect(() => checkedRange({ first: 5, last: '00:00:00:09' }, 'range')).toThrow(
      'range "5-00:00:00:09" mixes a frame number and a timecode.',
    );
    expect(() => checkedRange({ first: 'five', last: '00:00:00:09' }, 'range')).toThrow(
      'range "five" is not a timecode. Write it as 01:00:10:00.',
    );
  });
});

describe('a frame as people write it', () => {
  it('is a number or a timecode', () => {
    expect(parseFrame('1043', '--frame')).toBe(1043);
    expect(parseFrame('01:00:10:00', '--frame')).toBe('01:00:10:00');
    expect(() => parseFrame('last', '--frame')).toThrow(
      '--frame "last" is not a frame. Write its number, such as 1001, or its timecode, such as 01:00:10:00.',
    );
  });
});
