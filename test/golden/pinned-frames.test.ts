import { describe, expect, it } from 'vitest';
import { hashOf } from './golden-case.ts';
import { faultOf, fileFaultOf, pinnedAnew } from './pinned-frames.ts';

const [A, B] = [hashOf([Float32Array.of(0.5, 0.25)]), hashOf([Float32Array.of(0.5, 0.25 + 2 ** -25)])];
const PINNED = { renderVersion: 3, hashes: { repair: A } };

describe('a golden frame', () => {
  it('has another hash when one sample differs in its last bit', () => {
    expect(A).toMatch(/^[0-9a-f]{64}$/);
    expect(B).not.toBe(A);
  });

  it('is without fault when its pixels are as pinned', () => {
    expect(faultOf('repair', A, PINNED, 3)).toBeNull();
  });

  it('asks for a raised version when its pixels changed', () => {
    expect(faultOf('repair', B, PINNED, 3)).toBe(
      `Golden frame "repair": pixels changed, from ${A.slice(0, 12)} to ${B.slice(0, 12)}. Where that is not meant, find what did it. Where it is, raise RENDER_VERSION in src/restore/render-version.ts to 4 and pin anew with "npm run golden".`,
    );
  });

  it('asks to be pinned anew when the version was raised', () => {
    const fault =
      'RENDER_VERSION is 4; the golden frames are pinned at 3. The version was raised: pin anew with "npm run golden".';
    expect(faultOf('repair', B, PINNED, 4)).toBe(fault);
    expect(fileFaultOf(['repair'], PINNED, 4)).toBe(fault);
  });

  it('asks to be pinned when it is new, and to be taken out when nothing draws it', () => {
    expect(faultOf('detail', A, PINNED, 3)).toBe(
      'Golden frame "detail" is not pinned: pin anew with "npm run golden".',
    );
    expect(fileFaultOf(['detail'], PINNED, 3)).toBe(
      'No case draws the pinned "repair": pin anew with "npm run golden".',
    );
    expect(fileFaultOf(['repair', 'detail'], PINNED, 3)).toBeNull();
  });
});

describe('pinning anew', () => {
  it('is refused when pixels changed and the version was not raised', () => {
    expect(() => pinnedAnew(PINNED, { repair: B }, 3)).toThrow(
      'Nothing was pinned: the pixels of "repair" changed, and RENDER_VERSION is still 3. Raise RENDER_VERSION in src/restore/render-version.ts to 4 and pin anew with "npm run golden".',
    );
  });

  it('is refused when the version was lowered', () => {
    expect(() => pinnedAnew(PINNED, { repair: A }, 2)).toThrow(
      'RENDER_VERSION is 2; the golden frames are pinned at 3. A version is never lowered: raise RENDER_VERSION in src/restore/render-version.ts to 3 or more.',
    );
  });

  it('takes changed pixels with a raised version, and cases that come and go without', () => {
    expect(pinnedAnew(PINNED, { repair: B }, 4)).toEqual({ renderVersion: 4, hashes: { repair: B } });
    expect(pinnedAnew(PINNED, { repair: A, detail: B }, 3)).toEqual({
      renderVersion: 3,
      hashes: { repair: A, detail: B },
    });
    expect(pinnedAnew(PINNED, { detail: B }, 3)).toEqual({ renderVersion: 3, hashes: { detail: B } });
    expect(pinnedAnew(null, { repair: A }, 1)).toEqual({ renderVersion: 1, hashes: { repair: A } });
  });
});
