import { beforeAll, describe, expect, it } from 'vitest';
import { bestStills, sharpness } from '../../../src/pipeline/stills/best-stills.ts';
import type { StillPatch } from '../../../src/restore/stills/still-patch.ts';
import { samplePatches } from '../../restore/sample-patches.ts';

const SIZE = 128;
/** Frames of the talking face: its mouth shut, open, and shut again. */
const FRAMES = [0, 24] as const;

let sharp: StillPatch[];
let soft: StillPatch[];
beforeAll(async () => {
  const take = async (softness: number) => {
    const { plates } = await samplePatches('talking', FRAMES, SIZE, { softness, grain: 0.3 });
    return plates.map(({ frame, rgb, landmarks }) => ({ name: `${softness} ${frame}`, size: SIZE, rgb, landmarks }));
  };
  [sharp, soft] = [await take(0.4), await take(2)];
});

const names = (stills: readonly StillPatch[]) => stills.map(({ name }) => name);

describe('the sharpness of a face', () => {
  it('falls with the blur of the lens, whatever the exposure', () => {
    const [a, b] = [sharp[3], soft[3]] as [StillPatch, StillPatch];
    expect(sharpness(a)).toBeGreaterThan(1.5 * sharpness(b));
    const darker = { ...a, rgb: a.rgb.map((v) => 0.6 * v) };
    expect(sharpness(darker)).toBeCloseTo(sharpness(a), 3);
  });
});

describe('the best stills', () => {
  it('are sharp ones, the sharpest first', () => {
    const chosen = bestStills([...soft, ...sharp]);
    expect(names(chosen).every((name) => name.startsWith('0.4'))).toBe(true);
    const sharpest = Math.max(...sharp.map(sharpness));
    expect(sharpness(chosen[0] as StillPatch)).toBe(sharpest);
  });

  it('differ in expression rather than being six neighbours', () => {
    const frames = bestStills(sharp).map(({ name }) => Number(name.split(' ')[1]));
    expect(frames).toHaveLength(6);
    expect(Math.max(...frames) - Math.min(...frames)).toBeGreaterThan(6);
  });

  it('are all there are where there are few, and none of none', () => {
    expect(bestStills(sharp.slice(0, 1))).toHaveLength(1);
    expect(bestStills([])).toEqual([]);
  });
});
