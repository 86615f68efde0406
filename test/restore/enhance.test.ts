import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blurPatch } from '../../src/compute/cpu/filter/blur.ts';
import { lumaOfPlanar } from '../../src/compute/cpu/filter/planar.ts';
import type { Upscaler } from '../../src/face/networks.ts';
import type { Opened } from '../../src/model/detector.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openUpscaler } from '../../src/model/upscaler.ts';
import { openEnhance } from '../../src/restore/enhance.ts';
import { openRepair } from '../../src/restore/repair.ts';
import type { Refusal } from '../../src/restore/restorer.ts';
import { type FloatPatch, type FloatRestoration, onFloats } from './on-floats.ts';
import { decibels, insideFace, type SamplePatches, samplePatches, windowAt } from './sample-patches.ts';

const SIZE = 192;
const OPTIONS = { window: 3, matteSoftness: 0.12, grainRatio: 0, strength: 1 };

let network: Opened<Upscaler>;
let soft: SamplePatches;
beforeAll(async () => {
  network = await openUpscaler(openLibrary(), 'esrgan-slim');
  soft = await samplePatches('talking', [0, 7], SIZE, { softness: 2 });
});
afterAll(() => network[Symbol.asyncDispose]());

function rgbOf(result: FloatRestoration | Refusal): Float32Array {
  if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
  return result.rgb;
}

describe('an enhanced face', () => {
  it('is nearer to the truth than a repaired one where the plate is soft, and keeps its coarse luma', async () => {
    const window = windowAt(soft.plates, 3, 3);
    const face = insideFace(soft.plates[3] as FloatPatch);
    const repaired = rgbOf(await onFloats(openRepair(OPTIONS)).restore(window));
    const enhanced = rgbOf(await onFloats(openEnhance(network, OPTIONS)).restore(window));
    const truth = soft.truths[3] as Float32Array;
    expect(decibels(enhanced, truth, face)).toBeGreaterThan(decibels(repaired, truth, face) + 0.4);

    const coarse = (rgb: Float32Array) => blurPatch(lumaOfPlanar(rgb), SIZE, 8);
    const [before, after] = [coarse(repaired), coarse(enhanced)];
    const farthest = before.reduce(
      (most, v, i) => Math.max(most, (face[i] as number) * Math.abs(v - (after[i] as number))),
      0,
    );
    expect(farthest).toBeLessThan(0.5 / 255);
  });

  it('is changed by a bounded amount, however much is asked for', async () => {
    const window = windowAt(soft.plates, 3, 3);
    const repaired = rgbOf(await onFloats(openRepair(OPTIONS)).restore(window));
    const enhanced = rgbOf(await onFloats(openEnhance(network, { ...OPTIONS, strength: 50 })).restore(window));
    const most = enhanced.reduce((max, v, i) => Math.max(max, Math.abs(v - (repaired[i] as number))), 0);
    expect(most).toBeGreaterThan(0.05);
    expect(most).toBeLessThan(0.0801);
  });

  it('is left alone where nothing is lost: a sharp, clean face comes back at 40 dB or better', async () => {
    const sharp = soft.plates.map((patch, k) => ({
      ...patch,
      rgb: soft.truths[k] as Float32Array,
      light: { ...patch.light, blur: 0 },
    }));
    const enhanced = rgbOf(await onFloats(openEnhance(network, OPTIONS)).restore(windowAt(sharp, 3, 3)));
    const centre = sharp[3] as FloatPatch;
    expect(decibels(enhanced, centre.rgb, insideFace(centre))).toBeGreaterThan(40);
  });

  it('shows a part that is asked for alone as it shows it in the whole', async () => {
    const window = windowAt(soft.plates, 3, 3);
    const area = { x: 70, y: 120, width: 50, height: 30 };
    const part = rgbOf(await onFloats(openEnhance(network, OPTIONS)).restore(window, area));
    const whole = rgbOf(await onFloats(openEnhance(network, OPTIONS)).restore(window));
    const inside = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
      const [x, y] = [(i % SIZE) - area.x, Math.floor(i / SIZE) - area.y];
      return x >= 0 && y >= 0 && x < area.width && y < area.height ? 1 : 0;
    });
    expect(decibels(part, whole, inside)).toBeGreaterThan(45);
  });
});
