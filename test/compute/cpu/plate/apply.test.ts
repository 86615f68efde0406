import { describe, expect, it } from 'vitest';
import { applyRestoration } from '../../../../src/compute/cpu/plate/apply.ts';
import { liftPatch } from '../../../../src/compute/cpu/plate/lift.ts';
import type { Applied } from '../../../../src/compute/plates.ts';
import { regionUnder } from '../../../../src/compute/region-under.ts';
import type { Similarity } from '../../../../src/face/similarity.ts';
import { lumaWeights, type Transfer, transferCurve } from '../../../../src/film/colour.ts';
import { cutRegion, type Plane, type Plate, planesOf, type Region } from '../../../../src/film/plate.ts';
import type { Roi } from '../../../../src/film/roi.ts';
import { sampleFormat, siteStep } from '../../../../src/film/sample-format.ts';
import { mulberry32 } from '../../../motion/texture.ts';
import { drawnPlate, FORMATS, noisePlate, outside, roundMatte } from '../../plates.ts';

const WIDTH = 101;
const HEIGHT = 75;
const SIZE = 64;
const MIDDLE: Similarity = { a: 1.3, b: 0.4, tx: -20, ty: -40 };
const FLAT = { frame: 7, seed: 3 };

function colourOf(transfer: Transfer = 'rec709', tags = {}) {
  return { tags, transfer, plateHeight: HEIGHT };
}

function cut(plate: Plate, toPatch: Similarity): Region {
  return cutRegion(plate, regionUnder(toPatch, SIZE, plate));
}

/** Lifts a patch, changes it, and applies the change under a round matte. */
function restore(
  region: Region,
  toPatch: Similarity,
  change: (value: number, i: number) => number,
  colour = colourOf(),
  options = FLAT,
  matte = roundMatte(SIZE, 28),
): Applied {
  const place = { size: SIZE, toPatch, colour };
  const original = liftPatch(region, place);
  return applyRestoration(region, place, { original, rgb: original.map(change), matte }, options);
}

function samplesOf({ format, roi, bytes }: Region): Plane[] {
  return planesOf(format, bytes, roi.width, roi.height);
}

describe('applyRestoration', () => {
  describe.each(FORMATS)('on %s', (name) => {
    const subsampled = siteStep(sampleFormat(name)) > 1;
    it.each(subsampled ? ['left', 'center', 'topleft', 'top', 'bottomleft', 'bottom'] : ['left'])(
      'leaves every byte when nothing was restored (chroma %s)',
      (chromaLocation) => {
        const plate = noisePlate(name, WIDTH, HEIGHT);
        // In the middle, over the top-left corner, and over the bottom-right corner of an odd-sized plate.
        const places = [
          [-20, -40, 'log'],
          [10, 12, 'linear'],
          [-75, -95, 'rec709'],
        ] as const;
        for (const [tx, ty, transfer] of places) {
          const toPatch = { ...MIDDLE, tx, ty };
          const region = cut(plate, toPatch);
          const { region: result, matte } = restore(region, toPatch, (v) => v, colourOf(transfer, { chromaLocation }));
          expect(matte.some((alpha) => alpha > 0)).toBe(true);
          expect(Buffer.compare(result.bytes, region.bytes)).toBe(0);
          expect(result.bytes).not.toBe(region.bytes);
        }
      },
    );

    it('changes no sample outside the matte, and many inside it', () => {
      const plate = noisePlate(name, WIDTH, HEIGHT);
      for (const chromaLocation of ['left', 'center', 'bottomleft']) {
        for (const toPatch of [MIDDLE, { a: 0.8, b: -0.5, tx: -10, ty: 25 }, { a: 2.4, b: 0.1, tx: -90, ty: -60 }]) {
          const region = cut(plate, toPatch);
          const random = mulberry32(5);
          const { region: result, matte } = restore(
            region,
            toPatch,
            () => random(),
            colourOf('rec709', { chromaLocation }),
          );
          const before = samplesOf(region);
          const after = samplesOf(result);
          const { width, height } = region.roi;
          const differs = (k: number, i: number) => !Object.is(after[k]?.samples[i], before[k]?.samples[i]);
          const changed = after.reduce((n, { samples }, k) => n + samples.filter((_, i) => differs(k, i)).length, 0);
          const wrong = outside(region.format, width, height, matte).flatMap((indices, k) =>
            indices.filter((i) => differs(k, i)),
          );
          expect(wrong).toEqual([]);
          const inside = matte.reduce((count, alpha) => count + (alpha > 0 ? 1 : 0), 0);
          expect(changed).toBeGreaterThan(inside * 0.7);
          expect(inside).toBeLessThan((width * height) / 2);
        }
      }
    });

    it('keeps alpha', () => {
      const plate = noisePlate(name, WIDTH, HEIGHT);
      const region = cut(plate, MIDDLE);
      const { region: result } = restore(region, MIDDLE, () => 0.5);
      region.format.planes.forEach((plane, k) => {
        if (plane.component !== 'A') return;
        expect(samplesOf(result)[k]?.samples).toEqual(samplesOf(region)[k]?.samples);
      });
    });
  });

  it.each([
    ['yuv420p', 'bt709', 'tv', 'left'],
    ['yuv420p10le', 'smpte170m', 'tv', 'topleft'],
    ['yuv422p10le', 'bt709', 'tv', 'left'],
    ['yuv444p12le', 'bt2020nc', 'pc', 'center'],
    ['yuv411p', 'smpte170m', 'tv', 'left'],
  ] as const)('adds a constant to RGB as the right codes of %s (%s, %s, %s)', (name, matrix, range, chromaLocation) => {
    const tags = { matrix, range, chromaLocation };
    const middle = 2 ** ((name.endsWith('p') ? 8 : Number(/(\d\d)le/.exec(name)?.[1])) - 1);
    const plate = drawnPlate(name, WIDTH, HEIGHT, () => middle);
    const region = cut(plate, MIDDLE);
    const added = [0.031, -0.017, 0.052] as const;
    const { region: result, matte } = restore(
      region,
      MIDDLE,
      (v, i) => v + (added[Math.floor(i / SIZE ** 2)] as number),
      colourOf('rec709', tags),
    );
    const { kr, kb } = lumaWeights(matrix, HEIGHT);
    const luma = kr * added[0] + (1 - kr - kb) * added[1] + kb * added[2];
    const units = range === 'tv' ? [438 * (middle / 256), 448 * (middle / 256)] : [2 * middle - 1, 2 * middle - 1];
    const expected = [luma, (added[2] - luma) / (2 - 2 * kb), (added[0] - luma) / (2 - 2 * kr)].map(
      (d, k) => middle + d * (units[k === 0 ? 0 : 1] as number),
    );
    const { width } = region.roi;
    region.format.planes.forEach((plane, k) => {
      const { samples, width: across } = samplesOf(result)[k] as Plane;
      let sum = 0;
      let count = 0;
      for (let i = 0; i < samples.length; i++) {
        // Well inside: the pixels that share the sample and their neighbours are wholly restored.
        const x = (i % across) << plane.shiftX;
        const y = Math.floor(i / across) << plane.shiftY;
        const whole = [-4, 0, 4, 7].every((dx) => [-2, 0, 2].every((dy) => matte[(y + dy) * width + x + dx] === 65535));
        if (!whole) continue;
        expect(Math.abs((samples[i] as number) - (expected[k] as number))).toBeLessThan(1);
        sum += samples[i] as number;
        count += 1;
      }
      expect(count).toBeGreaterThan(10);
      // Rounding by dither has a standard deviation of ½ code at most.
      expect(Math.abs(sum / count - (expected[k] as number))).toBeLessThan((4 * 0.5) / Math.sqrt(count));
    });
  });

  it.each(['log', 'linear', 'pq'] as const)(
    'adds in display values whatever the codes of a %s plate are',
    (transfer) => {
      const curve = transferCurve(transfer);
      for (const name of ['gbrp16le', 'gbrpf32le', 'gray16le', 'yuv444p12le']) {
        const max = name === 'gbrpf32le' ? 1 : name === 'yuv444p12le' ? 4095 : 65535;
        const code = name === 'yuv444p12le' ? Math.round(256 + 3504 * 0.4) : 0.4 * max;
        const plate = drawnPlate(name, WIDTH, HEIGHT, (k) => (name === 'yuv444p12le' && k > 0 ? 2048 : code));
        const region = cut(plate, MIDDLE);
        const { region: result, matte } = restore(region, MIDDLE, (v) => v + 0.1, colourOf(transfer));
        const { samples } = samplesOf(result)[0] as Plane;
        const whole = [...matte.keys()].filter((i) => matte[i] === 65535);
        const at = whole[whole.length >> 1] as number;
        const start = name === 'yuv444p12le' ? (code - 256) / 3504 : 0.4;
        const expected = curve.fromDisplay(curve.toDisplay(start) + 0.1);
        const found = name === 'yuv444p12le' ? ((samples[at] as number) - 256) / 3504 : (samples[at] as number) / max;
        expect(Math.abs(found - expected)).toBeLessThan(name === 'yuv444p12le' ? 1.5 / 3504 : 3e-5);
      }
    },
  );

  it('rounds without bias: a change of a tenth of a code raises a tenth of the samples', () => {
    const plate = drawnPlate('gray', 400, 400, () => 100);
    const region = cutRegion(plate, { x: 0, y: 0, width: 400, height: 400 });
    const matte = new Float32Array(SIZE * SIZE).fill(1);
    const toPatch = { a: 64 / 400, b: 0, tx: 0, ty: 0 };
    for (const tenths of [1, 5, 9, -3]) {
      const colour = { tags: {}, transfer: 'rec709' as const, plateHeight: 400 };
      const { region: result } = restore(region, toPatch, (v) => v + tenths / 2550, colour, FLAT, matte);
      const { samples } = samplesOf(result)[0] as Plane;
      let sum = 0;
      let lag = 0;
      for (let i = 0; i < samples.length; i++) sum += (samples[i] as number) - 100;
      const mean = sum / samples.length;
      expect(Math.abs(mean - tenths / 10)).toBeLessThan((4 * 0.5) / 400);
      for (let i = 1; i < samples.length; i++) {
        lag += ((samples[i] as number) - 100 - mean) * ((samples[i - 1] as number) - 100 - mean);
      }
      expect(Math.abs(lag / samples.length)).toBeLessThan(0.005);
    }
  });

  it('dithers another frame otherwise, and the same frame alike', () => {
    const region = cut(
      drawnPlate('gray', WIDTH, HEIGHT, () => 100),
      MIDDLE,
    );
    const change = (v: number) => v + 0.4 / 255;
    const first = restore(region, MIDDLE, change).region.bytes;
    expect(restore(region, MIDDLE, change).region.bytes).toEqual(first);
    expect(restore(region, MIDDLE, change, colourOf(), { frame: 8, seed: 3 }).region.bytes).not.toEqual(first);
    expect(restore(region, MIDDLE, change, colourOf(), { frame: 7, seed: 4 }).region.bytes).not.toEqual(first);
  });

  it.each(['yuv420p', 'yuv411p', 'yuv422p10le', 'gbrp16le', 'gray'])(
    'gives the same samples from a region of %s cut closer or wider',
    (name) => {
      const plate = noisePlate(name, 201, 203);
      const toPatch = { a: 1.1, b: 0.3, tx: -70, ty: -100 };
      const near = regionUnder(toPatch, SIZE, plate);
      const wide: Roi = { x: 0, y: 0, width: 201, height: 203 };
      for (const transfer of ['rec709', 'log'] as const) {
        const random = mulberry32(9);
        const noise = Float32Array.from({ length: 3 * SIZE * SIZE }, random);
        const colour = { tags: {}, transfer, plateHeight: 203 };
        const restored = (roi: Roi) =>
          restore(cutRegion(plate, roi), toPatch, (_, i) => noise[i] as number, colour).region.bytes;
        const results = [restored(near), cutRegion({ ...plate, bytes: restored(wide) }, near).bytes];
        expect(near.x % siteStep(plate.format)).toBe(0);
        expect(Buffer.compare(results[0] as Uint8Array, results[1] as Uint8Array)).toBe(0);
      }
    },
  );

  it('clips a touched sample to the format, and leaves an untouched one beyond broadcast limits', () => {
    const plate = drawnPlate('yuv420p', WIDTH, HEIGHT, (k, x) => (k === 0 ? (x % 2 === 0 ? 1 : 254) : 128));
    const region = cut(plate, MIDDLE);
    for (const [change, extreme] of [
      [2, 255],
      [-2, 0],
    ] as const) {
      const { region: result, matte } = restore(region, MIDDLE, (v) => v + change);
      const [luma] = samplesOf(result);
      const [before] = samplesOf(region);
      matte.forEach((alpha, i) => {
        if (alpha === 65535) expect(luma?.samples[i]).toBe(extreme);
        if (alpha === 0) expect(luma?.samples[i]).toBe(before?.samples[i]);
      });
    }
  });

  it('takes nothing from where the matte is 0, even what is not a number', () => {
    const region = cut(noisePlate('gbrpf32le', WIDTH, HEIGHT), MIDDLE);
    const place = { size: SIZE, toPatch: MIDDLE, colour: colourOf() };
    const original = liftPatch(region, place);
    const matte = roundMatte(SIZE, 20);
    const rgb = original.map((v, i) => ((matte[i % SIZE ** 2] as number) > 0 ? v + 0.1 : Number.NaN));
    const { region: result } = applyRestoration(region, place, { original, rgb, matte }, FLAT);
    for (const { samples } of samplesOf(result)) expect(samples.every(Number.isFinite)).toBe(true);
  });

  it('leaves infinite and undefined samples of a float scan as they are', () => {
    const plate = drawnPlate('gbrpf32le', WIDTH, HEIGHT, (_, x, y) => (x % 5 ? 0.5 : y % 2 ? Number.NaN : Infinity));
    const region = cut(plate, MIDDLE);
    for (const transfer of ['rec709', 'linear'] as const) {
      const { region: result } = restore(region, MIDDLE, () => 0.6, colourOf(transfer));
      samplesOf(region).forEach(({ samples }, k) => {
        samples.forEach((v, i) => {
          if (!Number.isFinite(v)) expect(samplesOf(result)[k]?.samples[i]).toBe(v);
        });
      });
    }
  });

  it('tells which rows changed, and returns the region as it was for an empty matte', () => {
    const region = cut(noisePlate('yuv420p', WIDTH, HEIGHT), MIDDLE);
    const { changed, matte } = restore(region, MIDDLE, (v) => v + 0.1);
    const { width, y } = region.roi;
    const rows = [...matte.keys()].filter((i) => (matte[i] as number) > 0).map((i) => y + Math.floor(i / width));
    expect(changed).toEqual({ in: Math.min(...rows), out: Math.max(...rows) + 1 });
    const none = restore(region, MIDDLE, (v) => v + 1, colourOf(), FLAT, new Float32Array(SIZE * SIZE));
    expect(none.changed).toBeNull();
    expect(none.region.bytes).toEqual(region.bytes);
  });
});
