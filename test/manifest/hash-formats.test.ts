import { describe, expect, it } from 'vitest';
import { c4OfBytes, openHasher } from '../../src/manifest/hash-formats.ts';

/** Of "Reelmend " 200 times, and of nothing, by the reference implementation (ascmhl 1.2). */
const VECTORS = [
  [
    'c4',
    'c44aqVXr41BxeYk8UeXZDBQWT1xXphPZC9hMRRiddSWpG4tyCitUHWXry8AfKVQPDKnHPncaVhPQk5NH2KjrJ5SDb9',
    'c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT',
  ],
  ['md5', '0796d1432345a645088dbe2e20b4e276', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['sha1', '16f498a370ea9eb77a9b0e1ebda2097efef0cd20', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['xxh128', 'e850d72f3b684448837df0f7d1d56fa6', '99aa06d3014798d86001c324468d497f'],
  ['xxh3', '837df0f7d1d56fa6', '2d06800538d394c2'],
  ['xxh64', 'a2903c76b2e12d5a', 'ef46db3751d8e999'],
] as const;

describe('a hash', () => {
  it.each(VECTORS)(
    "of %s is the reference implementation's, in one piece or in many, of one file after another",
    async (format, full, empty) => {
      const hasher = await openHasher(format);
      for (const pieces of [1, 200]) {
        hasher.begin();
        for (let piece = 0; piece < pieces; piece++) hasher.update(Buffer.from('Reelmend '.repeat(200 / pieces)));
        expect(hasher.digest()).toBe(full);
      }
      hasher.begin();
      expect(hasher.digest()).toBe(empty);
    },
  );

  it('of a manifest is its C4', () => {
    expect(c4OfBytes(Buffer.from('Reelmend '.repeat(200)))).toBe(VECTORS[0][1]);
  });
});
