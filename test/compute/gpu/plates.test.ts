import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import type { Applied, PatchPlace } from '../../../src/compute/plates.ts';
import { regionUnder } from '../../../src/compute/region-under.ts';
import type { Similarity } from '../../../src/face/similarity.ts';
import type { Transfer } from '../../../src/film/colour.ts';
import { cutRegion, type Region } from '../../../src/film/plate.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import { mulberry32 } from '../../motion/texture.ts';
import { drawnPlate, FORMATS, noisePlate, outside, planes, roundMatte } from '../plates.ts';
import { squareOf, taken } from '../seeded-images.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './test-gpu.ts';

const SIZE = 128;
const [WIDTH, HEIGHT] = [201, 151];
const DITHER = { frame: 7, seed: 3 };
/** Enlarged and turned in the middle; over the bottom-right corner, where the plate has odd sides; shrunk; and enlarged fourfold. */
const PLACES: readonly (Similarity & { readonly transfer: Transfer; readonly chromaLocation: string })[] = [
  { a: 1.1, b: 0.3, tx: -30, ty: -50, transfer: 'rec709', chromaLocation: 'left' },
  { a: 1.1, b: 0.3, tx: -130, ty: -130, transfer: 'log', chromaLocation: 'topleft' },
  { a: 0.8, b: -0.2, tx: -10, ty: 25, transfer: 'log', chromaLocation: 'center' },
  { a: 0.8, b: -0.2, tx: -10, ty: 25, transfer: 'linear', chromaLocation: 'bottom' },
  { a: 1.3, b: 0.1, tx: 10, ty: 5, transfer: 'linear', chromaLocation: 'bottomleft' },
  { a: 3.9, b: 0.2, tx: -380, ty: -260, transfer: 'rec709', chromaLocation: 'top' },
];
/** Float samples count as equal up to this, as a share of what is above 1. */
const FLOAT_ROUNDING = 2e-6;

/** A share of the largest sample: noise has colours far below black, where a linear curve is 24 times as steep as its codes. */
const LIFTED_ROUNDING = 4e-6;

/** Share of the samples that must be the same: near the black of a log curve, which noise reaches, float32 has few digits. */
function leastShare(bits: number): number {
  return bits === 16 ? 0.995 : bits === 32 ? 0.9995 : 0.9999;
}

describe.skipIf(!gpuIsWanted)(`plates on the device${GPU_SKIPPED}`, () => {
  const cpu = openCpuCompute();
  let gpu: GpuCompute;
  beforeAll(async () => {
    gpu = await openTestGpu();
  });
  afterAll(() => gpu[Symbol.asyncDispose]());

  const applied = async (
    compute: GpuCompute | typeof cpu,
    region: Region,
    place: PatchPlace,
    { original, rgb, matte }: Readonly<Record<'original' | 'rgb' | 'matte', Float32Array>>,
    inPlace = false,
  ): Promise<Applied> => {
    using lifted = squareOf(compute, original);
    using painted = squareOf(compute, rgb);
    using mask = squareOf(compute, matte);
    return await compute.apply(region, place, { original: lifted, rgb: painted, matte: mask }, { ...DITHER, inPlace });
  };
  const placeOf = ({ transfer, chromaLocation, ...toPatch }: (typeof PLACES)[number]): PatchPlace => ({
    size: SIZE,
    toPatch,
    colour: { tags: { chromaLocation }, transfer, plateHeight: HEIGHT },
  });
  const cut = (plate: ReturnType<typeof noisePlate>, { toPatch }: PatchPlace) =>
    cutRegion(plate, regionUnder(toPatch, SIZE, plate));

  it.each(FORMATS)('lift %s as the processor does', async (name) => {
    for (const place of PLACES.map(placeOf)) {
      const region = cut(noisePlate(name, WIDTH, HEIGHT), place);
      const [here, there] = [await taken(cpu, cpu.lift(region, place)), await taken(gpu, gpu.lift(region, place))];
      const largest = here.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      const worst = here.reduce((most, v, i) => {
        const off = Math.abs(v - (there[i] as number));
        return Math.max(off, most);
      }, 0);
      expect(worst / largest, `${place.colour.transfer}: off by ${worst} of ${largest}`).toBeLessThan(LIFTED_ROUNDING);
    }
  });

  it.each(FORMATS)('write %s as the processor does, with the same dither', async (name) => {
    const { bits } = sampleFormat(name);
    let count = 0;
    let beyond = 0;
    for (const place of PLACES.map(placeOf)) {
      const region = cut(noisePlate(name, WIDTH, HEIGHT), place);
      const original = await taken(cpu, cpu.lift(region, place));
      const random = mulberry32(5);
      const rgb = original.map((v) => v + 0.2 * (random() - 0.5));
      const restored = { original, rgb, matte: roundMatte(SIZE, 60) };
      const [here, there] = [await applied(cpu, region, place, restored), await applied(gpu, region, place, restored)];
      expect(there.changed).toEqual(here.changed);
      expect(there.region.roi).toEqual(here.region.roi);
      expect(there.region.bytes.length).toBe(region.bytes.length);
      expect(there.region.bytes.buffer).not.toBe(region.bytes.buffer);
      here.matte.forEach((alpha, i) => {
        if (Math.abs(alpha - (there.matte[i] as number)) > 1) throw new Error(`${name}: matte ${i} is another.`);
      });
      const kept = outside(region.format, region.roi.width, region.roi.height, there.matte);
      const before = samplesOf(region);
      const [expected, found] = [samplesOf(here.region), samplesOf(there.region)];
      kept.forEach((indices, k) => {
        for (const i of indices) {
          if (!Object.is(found[k]?.samples[i], before[k]?.samples[i])) throw new Error(`${name}: sample ${i} outside.`);
        }
      });
      expected.forEach(({ samples }, k) => {
        count += samples.length - (kept[k]?.length ?? 0);
        samples.forEach((v, i) => {
          const off = Math.abs(v - (found[k]?.samples[i] as number));
          if (bits === 32 ? off > FLOAT_ROUNDING * Math.max(1, Math.abs(v)) : off > 0) beyond += 1;
          if (bits < 32 && off > 1) throw new Error(`${name}, ${place.colour.transfer}: off by ${off} codes at ${v}.`);
        });
      });
    }
    const share = 1 - beyond / count;
    expect(share, `${name}: ${beyond} of ${count} restored samples differ`).toBeGreaterThanOrEqual(leastShare(bits));
  });

  const [PLACE] = PLACES.map(placeOf) as [PatchPlace];
  const brighter = async (region: Region, by: (v: number, i: number) => number, radius = 60) => {
    const original = await taken(cpu, cpu.lift(region, PLACE));
    return { original, rgb: original.map(by), matte: roundMatte(SIZE, radius) };
  };

  it.each(['yuv420p', 'gbrap', 'gbrpf32le'])('write %s in place, or leave the region as it was', async (name) => {
    const region = cut(noisePlate(name, WIDTH, HEIGHT), PLACE);
    const before = region.bytes.slice();
    const restored = await brighter(region, (v) => v + 0.1);
    const apart = await applied(gpu, region, PLACE, restored);
    expect(region.bytes).toEqual(before);
    const { bytes } = region;
    const within = await applied(gpu, region, PLACE, restored, true);
    expect(within.region.bytes).toBe(bytes);
    expect(within.region.bytes).toEqual(apart.region.bytes);
    expect(within.region.bytes).not.toEqual(before);
  });

  it.each(FORMATS)('leave every byte of %s where nothing was restored, under any curve', async (name) => {
    for (const place of PLACES.map(placeOf)) {
      const region = cut(noisePlate(name, WIDTH, HEIGHT), place);
      const original = await taken(gpu, gpu.lift(region, place));
      const restored = { original, rgb: original, matte: roundMatte(SIZE, 60) };
      const result = await applied(gpu, region, place, restored);
      expect(Buffer.compare(result.region.bytes, region.bytes)).toBe(0);
      expect(result.matte.some((alpha) => alpha > 0)).toBe(true);
    }
  });

  it('tell of an empty matte that nothing changed', async () => {
    const region = cut(noisePlate('yuv420p', WIDTH, HEIGHT), PLACE);
    const { original, rgb } = await brighter(region, (v) => v + 1);
    const matte = new Float32Array(SIZE * SIZE);
    const result = await applied(gpu, region, PLACE, { original, rgb, matte });
    expect(result.changed).toBeNull();
    expect(result.region.bytes).toEqual(region.bytes);
    expect(result.matte.length).toBe(region.roi.width * region.roi.height);
  });

  it('take nothing from where the matte is 0, even what is not a number', async () => {
    const region = cut(noisePlate('gbrpf32le', WIDTH, HEIGHT), PLACE);
    const matte = roundMatte(SIZE, 40);
    const restored = await brighter(
      region,
      (v, i) => ((matte[i % SIZE ** 2] as number) > 0 ? v + 0.1 : Number.NaN),
      40,
    );
    const result = await applied(gpu, region, PLACE, restored);
    for (const { samples } of samplesOf(result.region)) expect(samples.every(Number.isFinite)).toBe(true);
  });

  it('lift infinite and undefined samples of a float scan as the processor does, and leave them as they are', async () => {
    const plate = drawnPlate('gbrpf32le', WIDTH, HEIGHT, (k, x, y) =>
      x % 5 ? 0.5 : y % 3 === 0 ? Number.NaN : y % 3 === 1 ? Infinity : k === 0 ? -Infinity : 0.25,
    );
    for (const transfer of ['rec709', 'linear'] as const) {
      const place = { ...PLACE, colour: { ...PLACE.colour, transfer } };
      const region = cut(plate, place);
      const [here, there] = [await taken(cpu, cpu.lift(region, place)), await taken(gpu, gpu.lift(region, place))];
      here.forEach((v, i) => {
        if (!(Math.abs(v - (there[i] as number)) < 65504 * 2 * LIFTED_ROUNDING))
          throw new Error(`Pixel ${i} is another.`);
      });
      const restored = { original: here, rgb: here.map(() => 0.6), matte: roundMatte(SIZE, 60) };
      const result = await applied(gpu, region, place, restored);
      samplesOf(region).forEach(({ samples }, k) => {
        samples.forEach((v, i) => {
          if (!Number.isFinite(v)) expect(samplesOf(result.region)[k]?.samples[i]).toBe(v);
        });
      });
    }
  });

  it('take stray high bits of 16-bit memory for no picture', async () => {
    const plate = drawnPlate('gbrp10le', WIDTH, HEIGHT, (_, x) => (x % 7 === 0 ? 40000 : 500));
    const region = cut(plate, PLACE);
    const restored = await brighter(region, (v) => v - 0.01);
    const lifted = await taken(gpu, gpu.lift(region, PLACE));
    expect(lifted.every((v, i) => Math.abs(v - (restored.original[i] as number)) < LIFTED_ROUNDING)).toBe(true);
    const [here, there] = [await applied(cpu, region, PLACE, restored), await applied(gpu, region, PLACE, restored)];
    const wrong = here.region.bytes.filter((byte, i) => byte !== there.region.bytes[i]);
    expect(wrong.length).toBeLessThanOrEqual(1e-4 * here.region.bytes.length);
  });
});

function samplesOf({ format, roi, bytes }: Region) {
  return planes({ frame: 0, format, width: roi.width, height: roi.height, bytes });
}
