import { beforeAll, describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { blurPatch } from '../../src/compute/cpu/filter/blur.ts';
import { lumaOfPlanar } from '../../src/compute/cpu/filter/planar.ts';
import type { FivePoints } from '../../src/face/landmarks.ts';
import { fivePoints, interOcular } from '../../src/face/landmarks.ts';
import type { Swapper } from '../../src/face/networks.ts';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { applyX, applyY } from '../../src/face/similarity.ts';
import { fivePointsOfTemplate } from '../../src/model/template.ts';
import { cropPlaceOf } from '../../src/restore/crop/crop-place.ts';
import { openPatchCrops } from '../../src/restore/crop/patch-crops.ts';
import { openSwap, type SwapOptions } from '../../src/restore/swap.ts';
import { openWindowTools } from '../../src/restore/window/window-tools.ts';
import { type FloatPatch, type FloatRestoration, onFloats } from './on-floats.ts';
import { insideFace, type SamplePatches, samplePatches, windowAt } from './sample-patches.ts';

const SIZE = 192;
const BARE: SwapOptions = {
  ...{ window: 0, matteSoftness: 0.12, grainRatio: 1 },
  ...{ pixelBoost: 1, colourTransfer: false, membrane: false },
};
const FITTED: SwapOptions = { ...BARE, colourTransfer: true, membrane: true };
const ARCFACE = fivePointsOfTemplate({ name: 'arcface_128', padding: 0 }, 1) as FivePoints;
const LEVEL = 1 / 255;

let film: SamplePatches;
beforeAll(async () => {
  film = await samplePatches('talking', [0, 5], SIZE);
});

/** A swapper that is a function of its picture. */
function drawn(swap: (rgb: Float32Array, side: number) => Float32Array, side = 64, five = ARCFACE): Swapper {
  return { id: 'drawn', side, five, identity: async () => Float32Array.of(1), swap: async (rgb) => swap(rgb, side) };
}

async function swapped(network: Swapper, options: SwapOptions, patches = film.plates, frame = 2) {
  const restorer = await openSwap({ swapper: network }, [], options);
  const result = await onFloats(restorer).restore(windowAt(patches, frame, options.window));
  if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
  return result;
}

/** The most that a face differs from a patch where its matte is above 0, in levels of 8 bits. */
function farthest({ rgb, matte }: FloatRestoration, patch: FloatPatch): number {
  const area = matte.length;
  return rgb.reduce((most, v, i) => {
    const seen = (matte[i % area] as number) > 0;
    return seen ? Math.max(most, Math.abs(v - (patch.rgb[i] as number)) / LEVEL) : most;
  }, 0);
}

const centre = (patches = film.plates) => patches[2] as FloatPatch;

describe('a network that gives back what it is shown', () => {
  it.each([
    ['in the square of inswapper', drawn((rgb) => rgb)],
    ['in FFHQ’s square', drawn((rgb) => rgb, 96, PATCH_TEMPLATE)],
  ])('%s changes nothing, whatever is fitted', async (_, network) => {
    expect(farthest(await swapped(network, BARE), centre())).toBeLessThan(0.001);
    // Next to black, below the least that lαβ tells, a colour comes back a third of a level brighter.
    expect(farthest(await swapped(network, FITTED), centre())).toBeLessThan(0.5);
    expect(farthest(await swapped(network, { ...FITTED, pixelBoost: 3 }), centre())).toBeLessThan(0.5);
  });

  it('leaves a repaired face as repairing leaves it', async () => {
    const options = { ...FITTED, window: 2, grainRatio: 0 };
    const network = drawn((rgb) => rgb);
    const result = await swapped(network, options);
    const repaired = { ...centre(), rgb: result.layers?.repaired as Float32Array };
    expect(farthest(result, repaired)).toBeLessThan(0.5);
  });
});

describe('a swapped face', () => {
  const redder = drawn((rgb, side) => rgb.map((v, i) => (i < side * side ? 0.9 * v + 0.06 : v)));

  it.each([1, 2, 8])('is the network’s function of it, at pixel boost %i', async (pixelBoost) => {
    // Smooth, so that every square holds it.
    const smooth = film.plates.map((patch) => ({ ...patch, rgb: blurPatch(patch.rgb, SIZE, 8) }));
    const { rgb, matte } = await swapped(redder, { ...BARE, pixelBoost }, smooth);
    const { toCrop } = cropPlaceOf({ side: 1, five: ARCFACE }, SIZE);
    const area = SIZE * SIZE;
    let worst = 0;
    let seen = 0;
    for (let i = 0; i < area; i++) {
      const [x, y] = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5];
      const [u, v] = [applyX(toCrop, x, y), applyY(toCrop, x, y)];
      // Within the square, away from the border over which answers fade.
      if (Math.min(u, v, 1 - u, 1 - v) < 0.12 || (matte[i] as number) === 0) continue;
      seen += 1;
      for (const c of [0, 1, 2]) {
        const own = (smooth[2] as FloatPatch).rgb[c * area + i] as number;
        worst = Math.max(worst, Math.abs((rgb[c * area + i] as number) - (c === 0 ? 0.9 * own + 0.06 : own)));
      }
    }
    expect(seen).toBeGreaterThan(area / 8);
    // What sampling to the square and back costs.
    expect(worst / LEVEL).toBeLessThan(0.2);
  });

  it('has the colour of the plate’s skin where that is wished', async () => {
    const matte = insideFace(centre());
    const apart = async (options: SwapOptions) => {
      const { rgb } = await swapped(redder, options);
      return Math.abs(meanOf(rgb, 0, matte) - meanOf(centre().rgb, 0, matte)) / LEVEL;
    };
    expect(await apart(BARE)).toBeGreaterThan(3);
    expect(await apart({ ...BARE, colourTransfer: true })).toBeLessThan(1.5);
  });

  it('is blurred as the plate where the network paints it sharp', async () => {
    const soft = film.plates.map((patch) => ({ ...patch, rgb: blurPatch(patch.rgb, SIZE, 4) }));
    const compute = openCpuCompute();
    using crops = openPatchCrops(compute, { side: 128, five: ARCFACE });
    using sharpFace = compute.image(centre().rgb, SIZE, SIZE, 3);
    using crop = crops.crop(sharpFace);
    const sharp = await compute.read(crop);
    const painted = drawn(() => sharp, 128);
    const sharpness = (rgb: Float32Array) => {
      const luma = lumaOfPlanar(rgb);
      const blurred = blurPatch(luma, SIZE, 2);
      const face = insideFace(centre());
      return Math.sqrt(luma.reduce((sum, v, i) => sum + (face[i] as number) * (v - (blurred[i] as number)) ** 2, 0));
    };
    const { rgb } = await swapped(painted, BARE, soft);
    const plain = sharpness((soft[2] as FloatPatch).rgb);
    expect(sharpness(centre().rgb)).toBeGreaterThan(5 * plain);
    // A blur that is read 15 % low leaves half as much again of the finest detail.
    expect(sharpness(rgb)).toBeLessThan(1.6 * plain);
  });

  it('keeps the plate’s detail, finer than the network’s square, where the answer changed little, and not elsewhere', async () => {
    // Detail that a square of 32 pixels cannot hold.
    const lined = film.plates.map((patch) => ({
      ...patch,
      rgb: patch.rgb.map((v, i) => v + (i % 2 === 0 ? 0.04 : -0.04)),
    }));
    const painted = drawn(
      (rgb, side) => rgb.map((v, i) => (i % side < side / 2 ? v + (((i >> 3) % 2) - 0.5) * 0.3 : v)),
      32,
    );
    const { rgb, matte } = await swapped(painted, { ...BARE, grainRatio: 0 }, lined);
    const lines = (from: number, to: number) => {
      let [sum, count] = [0, 0];
      for (let i = 0; i < SIZE * SIZE; i++) {
        const x = i % SIZE;
        if (x < from * SIZE || x >= to * SIZE || (matte[i] as number) < 0.5) continue;
        const fine = (rgb[i] as number) - 0.5 * ((rgb[i - 1] as number) + (rgb[i + 1] as number));
        sum += x % 2 === 0 ? fine : -fine;
        count += 1;
      }
      return sum / count;
    };
    expect(lines(0.58, 0.7)).toBeGreaterThan(0.07);
    expect(lines(0.3, 0.45)).toBeLessThan(0.03);
  });

  it('is made finer by an enhancer, but no sharper than the plate', async () => {
    const softer = drawn((rgb, side) => blurPatch(rgb, side, 1.5), 128);
    const enhancer = {
      ...{ id: 'drawn', side: 192, five: PATCH_TEMPLATE },
      enhance: async (rgb: Float32Array) => {
        const blurred = blurPatch(rgb, 192, 2);
        return rgb.map((v, i) => v + 1.5 * (v - (blurred[i] as number)));
      },
    };
    const sharpness = (rgb: Float32Array) => {
      const luma = lumaOfPlanar(rgb);
      const blurred = blurPatch(luma, SIZE, 2);
      const face = insideFace(centre());
      return Math.sqrt(luma.reduce((sum, v, i) => sum + (face[i] as number) * (v - (blurred[i] as number)) ** 2, 0));
    };
    const plain = await onFloats(await openSwap({ swapper: softer }, [], BARE)).restore(windowAt(film.plates, 2, 0));
    const both = await openSwap({ swapper: softer, enhancer }, [], BARE);
    const finer = await onFloats(both).restore(windowAt(film.plates, 2, 0));
    if ('refused' in plain || 'refused' in finer) throw new Error('The face was refused.');
    expect(sharpness(finer.rgb)).toBeGreaterThan(1.1 * sharpness(plain.rgb));
    expect(sharpness(finer.rgb)).toBeLessThan(1.2 * sharpness(centre().rgb));
  });

  it('asks the network once a frame, and at pixel boost k as often as k · k, up to 1024 pixels', async () => {
    let runs = 0;
    const counting = (side: number) =>
      drawn((rgb) => {
        runs += 1;
        return rgb;
      }, side);
    await swapped(counting(64), BARE);
    expect(runs).toBe(1);
    runs = 0;
    await swapped(counting(64), { ...BARE, pixelBoost: 3 });
    expect(runs).toBe(9);
    runs = 0;
    await swapped(counting(512), { ...BARE, pixelBoost: 8 });
    expect(runs).toBe(4);
  });

  it('is refused where the face is too small, and leaves no image open', async () => {
    const small = film.plates.map((patch) => ({ ...patch, toPatch: { ...patch.toPatch, a: 8 * patch.toPatch.a } }));
    const compute = openCpuCompute();
    const restorer = await openSwap({ swapper: redder }, [], FITTED, openWindowTools(compute));
    expect(interOcular(fivePoints(centre().landmarks)) / 8).toBeLessThan(26);
    const answer = await onFloats(restorer).restore(windowAt(small, 2, 0));
    expect(answer).toEqual({ refused: 'small' });
  });
});

function meanOf(rgb: Float32Array, c: number, weight: Float32Array): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < weight.length; i++) {
    sum += (weight[i] as number) * (rgb[c * weight.length + i] as number);
    total += weight[i] as number;
  }
  return sum / total;
}
