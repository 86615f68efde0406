import { beforeAll, describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import type { Swapper } from '../../src/face/networks.ts';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { openCarried } from '../../src/restore/carried/carried-restorer.ts';
import { openDetail } from '../../src/restore/detail.ts';
import { openEnhance } from '../../src/restore/enhance.ts';
import { openRepair } from '../../src/restore/repair.ts';
import { openReplace } from '../../src/restore/replace.ts';
import type { Restorer } from '../../src/restore/restorer.ts';
import { openSwap } from '../../src/restore/swap.ts';
import { openWindowTools } from '../../src/restore/window/window-tools.ts';
import { DRAWN_UPSCALER } from '../golden/drawn-upscaler.ts';
import { bytesOf } from './bytes-of.ts';
import { type FloatPatch, type FloatRestoration, imageOf, onFloats } from './on-floats.ts';
import { type SamplePatches, samplePatches, stillsOfActor, windowAt } from './sample-patches.ts';

const SIZE = 128;
const OPTIONS = { window: 1, matteSoftness: 0.12, grainRatio: 1 };
const PAINTED = { warp: 'mesh', colourTransfer: true, membrane: true, matteSoftness: 0.12, grainRatio: 1 } as const;
const COMPUTE = openCpuCompute();

let shot: SamplePatches;
let stills: Awaited<ReturnType<typeof stillsOfActor>>;
beforeAll(async () => {
  shot = await samplePatches('static', [0, 5], SIZE);
  stills = await stillsOfActor(2);
});

const carried = (every: number) => {
  const tools = openWindowTools(COMPUTE);
  return openCarried(openRepair(OPTIONS, COMPUTE), { every, matteSoftness: 0.12 }, tools);
};

/** Paints everybody darker. */
const DRAWN_SWAPPER: Swapper = {
  ...{ id: 'drawn', side: 64, five: PATCH_TEMPLATE },
  identity: async () => Float32Array.of(1),
  swap: async (rgb) => rgb.map((v) => 0.8 * v),
};
const SWAPPED = { ...OPTIONS, pixelBoost: 1, colourTransfer: true, membrane: true };

/** Every restorer, and those that carry, at a keyframe and between two. */
const RESTORERS: Record<string, () => Restorer | Promise<Restorer>> = {
  repair: () => openRepair(OPTIONS, COMPUTE),
  detail: () => openDetail(stills, { ...OPTIONS, strength: 1, stills: 2 }, COMPUTE),
  enhance: () => openEnhance(DRAWN_UPSCALER, { ...OPTIONS, strength: 1 }, openWindowTools(COMPUTE)),
  replace: () => openReplace(stills, (shot.plates[0] as FloatPatch).landmarks, PAINTED, COMPUTE),
  swap: () => openSwap({ swapper: DRAWN_SWAPPER }, stills, SWAPPED, openWindowTools(COMPUTE)),
  'a keyframe': () => carried(2),
  'a frame between keyframes': () => carried(4),
};

/** The left half of the face is seen in full, a quarter of it by half, the rest not at all. */
const VISIBILITY = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
  const x = (i % SIZE) / SIZE;
  return x < 0.5 ? 1 : x < 0.6 ? 0.5 : 0;
});

describe('a face of which something is hidden', () => {
  it.each(Object.entries(RESTORERS))('is in the matte as far as it is seen: %s', async (_, opened) => {
    const restored = async (visibility?: Float32Array): Promise<FloatRestoration> => {
      const restorer = onFloats(await opened());
      const window = windowAt(shot.plates, 2, 2);
      const centre = visibility ? { ...window.centre, visibility: imageOf(visibility, SIZE) } : window.centre;
      const result = await restorer.restore({ ...window, centre });
      if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
      return result;
    };
    const [whole, seen] = [await restored(), await restored(VISIBILITY)];
    expect(whole.matte.filter((v) => v > 0.9).length).toBeGreaterThan(2000);
    const expected = whole.matte.map((v, i) => v * (VISIBILITY[i] as number));
    expect(Buffer.compare(bytesOf(seen.matte), bytesOf(expected))).toBe(0);
    // What is restored does not depend on what passes before it.
    expect(Buffer.compare(bytesOf(seen.rgb), bytesOf(whole.rgb))).toBe(0);
  });
});
