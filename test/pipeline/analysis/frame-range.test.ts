import { describe, expect, it } from 'vitest';
import { frameAsked, framesAsked } from '../../../src/pipeline/analysis/frame-range.ts';
import { reelOf } from '../reel-of.ts';

const plain = reelOf();
const labelled = reelOf({ timecode: '01:00:00:00' });
const dropping = reelOf({ rate: { num: 30000, den: 1001 }, timecode: '01:00:58;00' });

describe('the frames asked for', () => {
  it('are all where no range is given', () => {
    expect(framesAsked(plain, undefined)).toEqual({ in: 0, out: 100 });
  });

  it('are counted from the first frame, both ends included, by number and by timecode', () => {
    expect(framesAsked(plain, { first: 1001, last: 1100 })).toEqual({ in: 0, out: 100 });
    expect(framesAsked(labelled, { first: '01:00:01:00', last: '01:00:02:11' })).toEqual({ in: 24, out: 60 });
    expect(framesAsked(labelled, { first: '01:00:04:03', last: '01:00:04:03' })).toEqual({ in: 99, out: 100 });
  });

  it('leave out the numbers that drop-frame timecode drops', () => {
    expect(framesAsked(dropping, { first: '01:00:59;29', last: '01:01:00;02' })).toEqual({ in: 59, out: 61 });
  });

  it('go on past midnight', () => {
    const late = reelOf({ timecode: '23:59:59:00' });
    expect(framesAsked(late, { first: '23:59:59:23', last: '00:00:00:00' })).toEqual({ in: 23, out: 25 });
  });

  it.each([
    [
      'a number outside the reel',
      plain,
      1002,
      1101,
      '--range 1002-1101: "/film/scan" has frames 1001 to 1100. Ask for frames inside it.',
    ],
    [
      'a label outside the reel',
      labelled,
      '01:00:04:00',
      '01:00:04:04',
      '--range 01:00:04:00-01:00:04:04: "/film/scan" has frames 1001 to 1100, timecode 01:00:00:00 to 01:00:04:03. Ask for frames inside it.',
    ],
    [
      'a timecode of a reel without one',
      plain,
      '01:00:00:00',
      '01:00:00:01',
      '--range 01:00:00:00-01:00:00:01: "/film/scan" has no timecode. Give frame numbers, 1001 to 1100.',
    ],
    [
      'a timecode of a reel whose own cannot be read',
      reelOf({ timecode: 'noon' }),
      '01:00:00:00',
      '01:00:00:00',
      '--range 01:00:00:00: "/film/scan" has a timecode that cannot be read, "noon". Give frame numbers, 1001 to 1100.',
    ],
    [
      'a drop-frame label of a reel that drops none',
      labelled,
      '01:00:01;00',
      '01:00:02;00',
      '--range 01:00:01;00-01:00:02;00: no frame of "/film/scan" is labelled 01:00:01;00: it is a drop-frame label, and the reel counts without dropped numbers; write it as 01:00:01:00.',
    ],
    [
      'a label without dropped numbers of a reel that drops some',
      dropping,
      '01:00:58:00',
      '01:00:59:00',
      '--range 01:00:58:00-01:00:59:00: no frame of "/film/scan" is labelled 01:00:58:00: the reel counts with dropped numbers (drop-frame); write it as 01:00:58;00.',
    ],
    [
      'a dropped number',
      dropping,
      '01:01:00;00',
      '01:01:00;04',
      '--range 01:01:00;00-01:01:00;04: no frame of "/film/scan" is labelled 01:01:00;00: drop-frame counting skips that number; the minute begins with 01:01:00;02.',
    ],
    [
      'more frames than a second has',
      labelled,
      '01:00:01:24',
      '01:00:02:00',
      '--range 01:00:01:24-01:00:02:00: no frame of "/film/scan" is labelled 01:00:01:24: a second has 24 frames, numbered 0 to 23.',
    ],
    [
      'more seconds than a minute has',
      labelled,
      '01:00:60:00',
      '01:00:60:00',
      '--range 01:00:60:00: no frame of "/film/scan" is labelled 01:00:60:00: there are 24 hours, 60 minutes and 60 seconds, numbered from 0.',
    ],
    [
      'a timecode backwards',
      labelled,
      '01:00:02:00',
      '01:00:01:00',
      '--range 01:00:02:00-01:00:01:00 ends before it begins. Did you mean 01:00:01:00-01:00:02:00?',
    ],
  ])('are refused: %s', (_, reel, first, last, sentence) => {
    expect(() => framesAsked(reel, { first, last })).toThrow(sentence);
  });
});

describe('the frame asked for', () => {
  it('is counted from the first frame', () => {
    expect(frameAsked(labelled, 1043, '--frame')).toBe(42);
    expect(frameAsked(labelled, '01:00:01:18', '--frame')).toBe(42);
  });

  it('is refused outside the reel', () => {
    expect(() => frameAsked(labelled, 1000, '--frame')).toThrow(
      '--frame 1000: "/film/scan" has frames 1001 to 1100, timecode 01:00:00:00 to 01:00:04:03. Ask for frames inside it.',
    );
  });
});
