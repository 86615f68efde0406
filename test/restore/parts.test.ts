import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { blurPatch } from '../../src/compute/cpu/filter/blur.ts';
import { boxBlur } from '../../src/compute/cpu/filter/box-blur.ts';
import { doubled, halved } from '../../src/compute/cpu/filter/half-size.ts';
import { sampleFlow } from '../../src/compute/cpu/window/sample-flow.ts';
import type { Image } from '../../src/compute/image.ts';
import { psnr } from '../../src/metrics/psnr.ts';
import type { FlowLattice } from '../../src/motion/flow-lattice.ts';
import { FLOOR } from '../../src/restore/stills/likeness.ts';
import { plateBlurs } from '../../src/restore/stills/plate-blur.ts';
import { regrainOptions } from '../../src/restore/window/regrain.ts';
import { grainMeter, octaveDifference } from '../bench/restore-grain.ts';
import { gaussianNoise, pictureOf, texture } from '../motion/texture.ts';

const SIZE = 256;
const AREA = SIZE * SIZE;
const EVERYWHERE = new Float32Array(AREA).fill(1);

/** Fine texture with edges, as a face has: squared waves over smooth ones. */
function sharpTexture(seed: number): Float32Array {
  const at = texture(seed);
  return pictureOf(SIZE, SIZE, (x, y) => 0.3 + 0.3 * at(x, y) + (at(y / 1.7, x / 1.7) > 0.5 ? 0.15 : 0)).samples;
}

const compute = openCpuCompute();

describe('a plate’s blur over a still’s', () => {
  const image = (plane: Float32Array) => compute.image(plane, SIZE, SIZE, 1);
  /** A face that is a mean of `averaged` frames with grain of `grain` levels, of which one is the frame itself. */
  const faceOf = (luma: Float32Array, averaged = 11, grain = 9) => {
    const noise = gaussianNoise(3);
    const own = luma.map(() => (grain / 255) * noise());
    const others = (grain / 255) * Math.sqrt(averaged - 1);
    const mean = luma.map((v, i) => v + ((own[i] as number) + others * noise()) / averaged);
    return { luma: image(mean), frame: image(luma.map((v, i) => v + (own[i] as number))), averaged };
  };
  const blurOver = async (face: ReturnType<typeof faceOf>, still: Float32Array) => {
    const [blur] = await plateBlurs(compute, face, { luma: image(still), weight: image(EVERYWHERE) });
    return blur as number;
  };
  const isRight = (blur: number, sigma: number) => Math.abs(blur - sigma) <= Math.max(0.15, 0.1 * sigma);

  it.each([0.4, 0.7, 1, 1.4, 2, 3, 4])(
    'is right within 0.15 pixels or a tenth, under grain: %d pixels',
    async (sigma) => {
      for (const seed of [1, 2]) {
        const still = sharpTexture(seed);
        const blur = await blurOver(faceOf(blurPatch(still, SIZE, sigma)), still);
        expect({ seed, blur, isRight: isRight(blur, sigma) }).toEqual({ seed, blur, isRight: true });
      }
    },
  );

  it('is right over a still that lies a pixel aside, and has another contrast', async () => {
    const still = sharpTexture(2);
    const plate = blurPatch(still, SIZE, 1.4).map((_, i, all) => 0.2 + 0.6 * (all[Math.max(0, i - 1)] as number));
    expect(isRight(await blurOver(faceOf(plate), still), 1.4)).toBe(true);
  });

  it('is nothing where the plate is as sharp as the still', async () => {
    const still = sharpTexture(3);
    expect(await blurOver(faceOf(still, 11, 0), still)).toBe(0);
  });

  it('is each still’s own, however many are asked for at once', async () => {
    const still = sharpTexture(4);
    const face = faceOf(blurPatch(still, SIZE, 3));
    const lumas = [0, 1, 2].map((sigma) => image(blurPatch(still, SIZE, sigma)));
    const weight = image(EVERYWHERE);
    const alone = await Promise.all(lumas.map((luma) => plateBlurs(compute, face, { luma, weight })));
    const all = { luma: compute.joined(lumas), weight: compute.joined([weight, weight, weight]) };
    expect(await plateBlurs(compute, face, all)).toEqual(alone.flat());
  });
});

describe('grain put back', () => {
  /** A clean picture with what a plate holds beyond it, every sample of the plate its own; grain of deviation `grain`. */
  const regrained = (clean: Float32Array, plate: Float32Array, substitute: Float32Array | null, grain: number) => {
    const picture = (rgb: Float32Array) => compute.image(rgb, SIZE, SIZE, 3);
    const everywhere = compute.image(EVERYWHERE, SIZE, SIZE, 1);
    const images = {
      restored: picture(clean),
      plate: picture(plate),
      repaired: picture(clean),
      substitute: substitute && picture(substitute),
      own: everywhere,
      where: everywhere,
    };
    return compute.read(compute.regrained(images, regrainOptions(1, grain, 1)));
  };

  it('gives the plate’s grain back at its strength and fineness', async () => {
    const noise = gaussianNoise(7);
    const clean = new Float32Array(3 * AREA).fill(0.5);
    const grain = blurPatch(
      clean.map(() => 0.08 * noise()),
      SIZE,
      0.8,
    );
    const plate = clean.map((v, i) => v + (grain[i] as number));
    const out = await regrained(clean, plate, null, 0.03);
    const moments = (rgb: Float32Array) => {
      let variance = 0;
      let lag = 0;
      for (let i = 0; i + 1 < AREA; i++) {
        const a = (rgb[i] as number) - 0.5;
        variance += a * a;
        lag += a * ((rgb[i + 1] as number) - 0.5);
      }
      return { deviation: Math.sqrt(variance / AREA), correlation: lag / variance };
    };
    const [before, after] = [moments(plate), moments(out)];
    expect(after.deviation / before.deviation).toBeGreaterThan(0.9);
    expect(after.deviation / before.deviation).toBeLessThan(1.1);
    expect(Math.abs(after.correlation - before.correlation)).toBeLessThan(0.05);
    const spectrum = (rgb: Float32Array) => {
      const meter = grainMeter();
      const luma = { width: SIZE, height: SIZE, samples: rgb.slice(0, AREA).map((v) => v - 0.5) };
      meter.push(luma, { ...luma, samples: new Float32Array(AREA) }, new Uint8Array(AREA).fill(1), (p) => p.samples);
      return meter.read();
    };
    expect(octaveDifference(spectrum(out), spectrum(plate))).toBeLessThan(1.5);
  });

  it('does not bring back a speck that the repair has removed, and keeps the grain around it', async () => {
    const noise = gaussianNoise(8);
    const clean = new Float32Array(3 * AREA).fill(0.5);
    const isSpeck = (i: number) => Math.hypot((i % SIZE) - 130, (Math.floor(i / SIZE) % SIZE) - 120) < 3;
    const grain = blurPatch(
      clean.map(() => 0.08 * noise()),
      SIZE,
      0.8,
    );
    const neighbour = clean.map((v, i) => v + (grain[(i + 500) % grain.length] as number));
    const plate = clean.map((v, i) => (isSpeck(i) ? 0.1 : v + (grain[i] as number)));
    const out = await regrained(clean, plate, neighbour, 0.03);
    let darkest = 1;
    let around = 0;
    let count = 0;
    for (let i = 0; i < AREA; i++) {
      if (isSpeck(i)) darkest = Math.min(darkest, out[i] as number);
      const far = Math.hypot((i % SIZE) - 130, Math.floor(i / SIZE) - 120);
      if (far < 12 || far > 40) continue;
      around += ((out[i] as number) - (plate[i] as number)) ** 2;
      count += 1;
    }
    // Grain of 0.03, cut at three deviations.
    expect(darkest).toBeGreaterThan(0.4);
    expect(Math.sqrt(around / count)).toBeLessThan(0.01);
  });

  it('leaves shading alone, which the repair has steadied', async () => {
    const clean = new Float32Array(3 * AREA).fill(0.5);
    const flickered = clean.map((v, i) => v + 0.05 * Math.sin((i % SIZE) / 40));
    const out = await regrained(clean, flickered, null, 0.02);
    const middle = EVERYWHERE.map((_, i) => (Math.abs((i % SIZE) - 128) < 90 ? 1 : 0));
    expect(psnr(out, clean, { mask: middle })).toBeGreaterThan(45);
  });
});

describe('sampleFlow', () => {
  it('brings a picture through a smooth displacement and back at 46 decibels', () => {
    const picture = blurPatch(sharpTexture(5), SIZE, 1.5);
    const lattice = (sign: number): FlowLattice => {
      const nodes = SIZE / 4;
      const xy = new Float32Array(2 * nodes * nodes);
      for (let n = 0; n < nodes * nodes; n++) xy[2 * n] = sign * 2.4;
      return { step: 4, columns: nodes, rows: nodes, xy, trust: new Float32Array(nodes * nodes) };
    };
    const there = new Float32Array(AREA);
    const back = new Float32Array(AREA);
    sampleFlow({ planes: picture, size: SIZE, where: EVERYWHERE }, { lattice: lattice(1), scale: 1 }, there);
    sampleFlow({ planes: there, size: SIZE, where: EVERYWHERE }, { lattice: lattice(-1), scale: 1 }, back);
    const middle = EVERYWHERE.map((_, i) => (Math.abs((i % SIZE) - 128) < 110 ? 1 : 0));
    expect(psnr(back, picture, { mask: middle })).toBeGreaterThan(46);
  });
});

describe('local likeness', () => {
  const picture = sharpTexture(6);
  const likeness = async (a: Float32Array, b: Float32Array) => {
    const [first, second] = [a, b].map((plane) => compute.image(plane, SIZE, SIZE, 1)) as [Image, Image];
    return await compute.read(compute.localLikeness(first, second, { sigma: 6, floor: FLOOR }));
  };
  const middle = (plane: Float32Array) => plane[128 * SIZE + 128] as number;

  it('is one between pictures that differ in brightness only, and falls with contrast', async () => {
    const brighter = picture.map((v) => v + 0.2);
    expect(middle(await likeness(picture, brighter))).toBeGreaterThan(0.95);
    const flatter = picture.map((v) => 0.5 + 0.3 * (v - 0.5));
    expect(middle(await likeness(picture, flatter))).toBeLessThan(0.65);
  });

  it('is small between unlike pictures, and where nothing is', async () => {
    const flat = new Float32Array(AREA).fill(0.5);
    expect(middle(await likeness(flat, flat))).toBe(0);
    const mean = (plane: Float32Array) => plane.reduce((sum, v) => sum + v, 0) / plane.length;
    expect(Math.abs(mean(await likeness(picture, sharpTexture(9))))).toBeLessThan(0.2);
  });
});

describe('boxBlur', () => {
  it('is near a Gaussian of the same width', () => {
    const picture = sharpTexture(8);
    for (const sigma of [2, 4, 8]) {
      const boxed = boxBlur(picture, SIZE, { sigma, passes: 3 });
      expect(psnr(boxed, blurPatch(picture, SIZE, sigma))).toBeGreaterThan(40);
    }
  });
});

describe('halved and doubled', () => {
  it('leave a smooth picture as it is', () => {
    const smooth = blurPatch(sharpTexture(4), SIZE, 6);
    expect(psnr(doubled(halved(smooth, SIZE), SIZE / 2), smooth)).toBeGreaterThan(46);
  });
});
