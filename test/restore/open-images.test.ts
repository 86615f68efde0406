import { beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../../src/compute/compute.ts';
import { openDetail } from '../../src/restore/detail.ts';
import { openEnhance } from '../../src/restore/enhance.ts';
import { openRepair } from '../../src/restore/repair.ts';
import { openReplace } from '../../src/restore/replace.ts';
import type { Restorer } from '../../src/restore/restorer.ts';
import { openSwap } from '../../src/restore/swap.ts';
import { openWindowTools } from '../../src/restore/window/window-tools.ts';
import { DRAWN_ENHANCER, DRAWN_SWAPPER } from '../golden/drawn-swapper.ts';
import { DRAWN_UPSCALER } from '../golden/drawn-upscaler.ts';
import { countingCompute } from './counting-compute.ts';
import { type FloatPatch, imagedWindow, readAndClosed } from './on-floats.ts';
import { type SamplePatches, samplePatches, stillsOfActor, windowAt } from './sample-patches.ts';

const SIZE = 128;
const OPTIONS = { window: 2, matteSoftness: 0.12, grainRatio: 1 };
const SWAPPED = { ...OPTIONS, pixelBoost: 1, colourTransfer: true, membrane: true };
const PAINTED = { warp: 'mesh', colourTransfer: true, membrane: true, matteSoftness: 0.12, grainRatio: 1 } as const;

let shot: SamplePatches;
let stills: Awaited<ReturnType<typeof stillsOfActor>>;
beforeAll(async () => {
  shot = await samplePatches('talking', [4, 10], SIZE);
  stills = await stillsOfActor();
});

/** Every restorer, opened with a backend. */
const RESTORERS: Record<string, (compute: Compute) => Restorer | Promise<Restorer>> = {
  repair: (compute) => openRepair(OPTIONS, compute),
  detail: (compute) => openDetail(stills, { ...OPTIONS, strength: 1, stills: 2 }, compute),
  'detail without a still of that pose': (compute) => openDetail([], { ...OPTIONS, strength: 1, stills: 2 }, compute),
  enhance: (compute) => openEnhance(DRAWN_UPSCALER, { ...OPTIONS, strength: 1 }, openWindowTools(compute)),
  swap: (compute) =>
    openSwap({ swapper: DRAWN_SWAPPER, enhancer: DRAWN_ENHANCER }, stills, SWAPPED, openWindowTools(compute)),
  replace: (compute) => openReplace(stills, (shot.plates[0] as FloatPatch).landmarks, PAINTED, compute),
};

describe('the images of a restorer', () => {
  it.each(Object.entries(RESTORERS))('are closed with its restorations and with itself: %s', async (_, opened) => {
    const { compute, open } = countingCompute();
    const restorer = await opened(compute);
    for (const at of [2, 3]) {
      const result = await restorer.restore(imagedWindow(windowAt(shot.plates, at, 2)));
      if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
      readAndClosed(result);
    }
    restorer[Symbol.dispose]?.();
    expect(open()).toBe(0);
  });

  // Replace refuses nothing.
  it.each(Object.entries(RESTORERS).filter(([name]) => name !== 'replace'))(
    'are closed where a face is refused: %s',
    async (_, opened) => {
      const { compute, open } = countingCompute();
      const restorer = await opened(compute);
      const flash = shot.plates.map((patch, k) =>
        k === 2 ? { ...patch, rgb: patch.rgb.map((v) => Math.min(1, 1.5 * v + 0.3)) } : patch,
      );
      expect(await restorer.restore(imagedWindow(windowAt(flash, 2, 2)))).toEqual({ refused: 'flash' });
      restorer[Symbol.dispose]?.();
      expect(open()).toBe(0);
    },
  );

  it('of frames that are forgotten are closed, those of later ones are kept', async () => {
    const { compute, open } = countingCompute();
    const restorer = openRepair(OPTIONS, compute);
    const result = await restorer.restore(imagedWindow(windowAt(shot.plates, 2, 2)));
    if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
    readAndClosed(result);
    const all = open();
    const first = (shot.plates[0] as FloatPatch).frame;
    restorer.forget?.(first + 1);
    // The patch without scratches, and its flow picture.
    expect(open()).toBe(all - 2);
    restorer.forget?.(first + 5);
    expect(open()).toBe(0);
  });
});
