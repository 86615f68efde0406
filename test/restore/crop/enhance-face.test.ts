import { beforeAll, describe, expect, it } from 'vitest';
import { blurPatch } from '../../../src/compute/cpu/filter/blur.ts';
import { lumaOfPlanar } from '../../../src/compute/cpu/filter/planar.ts';
import type { Enhancer } from '../../../src/face/networks.ts';
import { PATCH_TEMPLATE } from '../../../src/face/patch.ts';
import { openFaceEnhance } from '../../../src/restore/crop/enhance-face.ts';
import { openPatchCrops } from '../../../src/restore/crop/patch-crops.ts';
import { openRepair } from '../../../src/restore/repair.ts';
import type { Refusal } from '../../../src/restore/restorer.ts';
import { openWindowTools } from '../../../src/restore/window/window-tools.ts';
import { bytesOf } from '../bytes-of.ts';
import { countingCompute } from '../counting-compute.ts';
import {
  type FloatPatch,
  type FloatRestoration,
  imagedWindow,
  imageOf,
  onFloats,
  readAndClosed,
} from '../on-floats.ts';
import { decibels, insideFace, type SamplePatches, samplePatches, windowAt } from '../sample-patches.ts';

const SIZE = 192;
const SIDE = 256;
const OPTIONS = { window: 1, matteSoftness: 0.12, grainRatio: 0, strength: 1, weight: 0.5 };
const SOFTNESS = 3;

let soft: SamplePatches;
/** What a network that knows the truth would answer: the middle frame's face as it was before the lens blurred it. */
let truth: Float32Array;
beforeAll(async () => {
  const shot = await samplePatches('talking', [2, 5], SIZE, { softness: SOFTNESS });
  soft = {
    ...shot,
    plates: shot.plates.map((patch) => ({ ...patch, light: { ...patch.light, blur: SOFTNESS } })),
  };
  const { compute } = openWindowTools();
  using crops = openPatchCrops(compute, { side: SIDE, five: PATCH_TEMPLATE });
  using crop = crops.crop(imageOf(soft.truths[1] as Float32Array, SIZE));
  truth = await compute.read(crop);
});

type Answer = (rgb: Float32Array, weight?: number) => Float32Array;

function answering(answer: Answer): Enhancer {
  return { id: 'drawn', side: SIDE, five: PATCH_TEMPLATE, enhance: async (rgb, weight) => answer(rgb, weight) };
}

async function enhanced(answer: Answer, options: Partial<typeof OPTIONS> = {}): Promise<FloatRestoration> {
  const restorer = openFaceEnhance(answering(answer), { ...OPTIONS, ...options }, openWindowTools());
  return restorationOf(await onFloats(restorer).restore(windowAt(soft.plates, 1, 1)));
}

const plain = new Map<number, FloatRestoration>();
async function repaired(grainRatio = 0): Promise<FloatRestoration> {
  const known = plain.get(grainRatio);
  if (known) return known;
  const restorer = onFloats(openRepair({ ...OPTIONS, grainRatio }));
  const answer = restorationOf(await restorer.restore(windowAt(soft.plates, 1, 1)));
  plain.set(grainRatio, answer);
  return answer;
}

function restorationOf(result: FloatRestoration | Refusal): FloatRestoration {
  if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
  return result;
}

const mirrored = (rgb: Float32Array) => rgb.map((_, i) => rgb[i - (i % SIDE) + SIDE - 1 - (i % SIDE)] as number);
const gain = async ({ rgb }: FloatRestoration) => {
  const [face, sharp] = [insideFace(soft.plates[1] as FloatPatch), soft.truths[1] as Float32Array];
  return decibels(rgb, sharp, face) - decibels((await repaired()).rgb, sharp, face);
};

describe('a face enhanced by a network that restores faces', () => {
  it('is the repaired one, bit for bit, where the network changes nothing, grain and all', async () => {
    for (const grainRatio of [0, 1]) {
      const { rgb, matte } = await enhanced((seen) => seen, { grainRatio });
      const plain = await repaired(grainRatio);
      expect(Buffer.compare(bytesOf(rgb), bytesOf(plain.rgb))).toBe(0);
      expect(Buffer.compare(bytesOf(matte), bytesOf(plain.matte))).toBe(0);
    }
  });

  it('is 6 dB nearer to the truth than the repaired one where the network knows it, even in another light', async () => {
    expect(await gain(await enhanced(() => truth))).toBeGreaterThan(6);
    expect(await gain(await enhanced(() => truth.map((v) => Math.min(1, 1.15 * v))))).toBeGreaterThan(6);
  });

  it('is never further from the truth where the network paints another face', async () => {
    expect(await gain(await enhanced(() => mirrored(truth)))).toBeGreaterThan(0);
    expect(await gain(await enhanced(() => new Float32Array(truth.length).fill(0.5)))).toBeGreaterThan(-0.05);
  });

  it('keeps the plate’s coarse luma and every pixel’s hue, whatever the network paints', async () => {
    const plain = await repaired();
    const face = insideFace(soft.plates[1] as FloatPatch);
    const { rgb } = await enhanced(() => truth.map((v, i) => Math.min(1, v * (i < SIDE * SIDE ? 1.3 : 0.9) + 0.05)));
    const coarse = (picture: Float32Array) => blurPatch(lumaOfPlanar(picture), SIZE, 12);
    const [before, after] = [coarse(plain.rgb), coarse(rgb)];
    const farthest = before.reduce(
      (most, v, i) => Math.max(most, (face[i] as number) * Math.abs(v - (after[i] as number))),
      0,
    );
    expect(farthest).toBeLessThan(1.5 / 255);
    const area = SIZE * SIZE;
    for (let i = 0; i < area; i += 7) {
      if (face[i] !== 1) continue;
      const factor = (rgb[i] as number) / (plain.rgb[i] as number);
      expect(rgb[area + i]).toBeCloseTo(factor * (plain.rgb[area + i] as number), 4);
      expect(factor).toBeLessThanOrEqual(2.0001);
      expect(factor).toBeGreaterThanOrEqual(0.4999);
    }
  });

  it('is changed as much as its strength says', async () => {
    const plain = await repaired();
    const change = async (strength: number) => {
      const { rgb } = await enhanced(() => truth, { strength });
      return rgb.reduce((sum, v, i) => sum + Math.abs(v - (plain.rgb[i] as number)), 0);
    };
    expect(await change(0)).toBe(0);
    expect((await change(0.5)) / (await change(1))).toBeCloseTo(0.5, 1);
  });

  it('is shown to the network with the weight that is set', async () => {
    const told: (number | undefined)[] = [];
    await enhanced(
      (seen, weight) => {
        told.push(weight);
        return seen;
      },
      { weight: 0.8 },
    );
    expect(told).toEqual([0.8]);
  });

  it('tells where its network was believed', async () => {
    const meanGate = async (answer: Answer) => {
      const { layers } = await enhanced(answer);
      const face = insideFace(soft.plates[1] as FloatPatch);
      const gate = layers?.gate as Float32Array;
      const sum = gate.reduce((total, v, i) => total + v * (face[i] as number), 0);
      return sum / face.reduce((total, v) => total + v, 0);
    };
    expect(await meanGate(() => truth)).toBeGreaterThan(0.6);
    expect(await meanGate(() => mirrored(truth))).toBeLessThan(0.25);
  });

  it('leaves no image open', async () => {
    const { compute, open } = countingCompute();
    const restorer = openFaceEnhance(
      answering((seen) => seen.map((v) => 0.9 * v)),
      OPTIONS,
      openWindowTools(compute),
    );
    const result = await restorer.restore(imagedWindow(windowAt(soft.plates, 1, 1)));
    if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
    readAndClosed(result);
    restorer[Symbol.dispose]();
    expect(open()).toBe(0);
  });
});
