import { describe, expect, it } from 'vitest';
import { sha256Of } from '../../src/disk/sha256.ts';

describe('SHA-256', () => {
  it('is that of FIPS 180-4 for bytes and for the UTF-8 of a text', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256Of('abc')).toBe(abc);
    expect(sha256Of(Uint8Array.of(0x61, 0x62, 0x63))).toBe(abc);
    expect(sha256Of('ä')).toBe(sha256Of(Uint8Array.of(0xc3, 0xa4)));
  });
});
