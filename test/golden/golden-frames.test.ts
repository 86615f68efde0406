import { describe, expect, it } from 'vitest';
import { RENDER_VERSION } from '../../src/restore/render-version.ts';
import { hashOf } from './golden-case.ts';
import { goldenCases } from './golden-cases.ts';
import { readPinned } from './pinned-file.ts';
import { faultOf, fileFaultOf } from './pinned-frames.ts';

const pinned = readPinned() ?? { renderVersion: RENDER_VERSION, hashes: {} };
const cases = await goldenCases();

describe('golden frames', () => {
  it('are pinned at the RENDER_VERSION of this program, each of them drawn', () => {
    const fault = fileFaultOf(
      cases.map(({ name }) => name),
      pinned,
      RENDER_VERSION,
    );
    expect(fault, fault ?? undefined).toBeNull();
  });

  it.each(cases)('keep their pixels: $name', async ({ name, output }) => {
    const fault = faultOf(name, hashOf(await output()), pinned, RENDER_VERSION);
    expect(fault, fault ?? undefined).toBeNull();
  });
});
