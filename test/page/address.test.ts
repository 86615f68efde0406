import { describe, expect, it } from 'vitest';
import { addressOf, parseAddress } from '../../src/page/address.ts';

const REEL = '0123456789abcdef';

describe('an address of the page', () => {
  it.each([
    ['#/', { reel: null, target: null, frame: null }],
    [`#/${REEL}`, { reel: REEL, target: null, frame: null }],
    [`#/${REEL}/reel/1001`, { reel: REEL, target: { scope: 'reel' }, frame: 1001 }],
    [`#/${REEL}/shot-3/1043`, { reel: REEL, target: { scope: 'shot', shot: 2 }, frame: 1043 }],
    [`#/${REEL}/track-f1001`, { reel: REEL, target: { scope: 'track', track: 'f1001' }, frame: null }],
  ] as const)('says what it shows, and is read again: %s', (text, address) => {
    expect(addressOf(address)).toBe(text);
    expect(parseAddress(text)).toEqual(address);
  });

  it('keeps a track whose name has signs of its own', () => {
    const address = { reel: REEL, target: { scope: 'track', track: 'a/b #50%-é' }, frame: 7 } as const;
    expect(addressOf(address)).toBe(`#/${REEL}/track-a%2Fb%20%2350%25-%C3%A9/7`);
    expect(parseAddress(addressOf(address))).toEqual(address);
  });

  it.each(['', '#', '#/..', '#/0123', `#/${REEL}x`, '#/%E0%A4%A'])(
    'shows the list of reels where it names none: %s',
    (text) => {
      expect(parseAddress(text)).toEqual({ reel: null, target: null, frame: null });
    },
  );

  it.each(['shot-0', 'shot-x', 'track-', 'take-1', '%E0%A4%A'])(
    'leaves out a target that there cannot be: %s',
    (part) => {
      expect(parseAddress(`#/${REEL}/${part}/-5`)).toEqual({ reel: REEL, target: null, frame: null });
    },
  );
});
