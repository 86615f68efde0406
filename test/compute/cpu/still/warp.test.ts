import { describe, expect, it } from 'vitest';
import { halvedPicture, type PlanarPicture } from '../../../../src/compute/cpu/filter/planar.ts';
import { openHalvings, warp, warpBySimilarity } from '../../../../src/compute/cpu/still/warp.ts';
import { mapOfSimilarity } from '../../../../src/face/dense-map.ts';
import { mulberry32, texture } from '../../../motion/texture.ts';

const SIZE = 96;

function drawn(width: number, height: number, at: (x: number, y: number) => number): PlanarPicture {
  const rgb = new Float32Array(3 * width * height);
  for (let k = 0, o = 0; k < 3; k++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++, o++) rgb[o] = at(x + 0.5, y + 0.5) + 0.1 * k;
  }
  return { width, height, rgb };
}

function worst(rgb: Float32Array, expected: (i: number, j: number) => number, border = 0): number {
  let error = 0;
  for (let j = border; j < SIZE - border; j++) {
    for (let i = border; i < SIZE - border; i++) {
      for (let k = 0; k < 3; k++) {
        const found = rgb[(k * SIZE + j) * SIZE + i] as number;
        error = Math.max(error, Math.abs(found - 0.1 * k - expected(i + 0.5, j + 0.5)));
      }
    }
  }
  return error;
}

describe('warp', () => {
  it('shows the source unchanged through the identity', () => {
    const random = mulberry32(1);
    const source = drawn(SIZE, SIZE, () => random());
    const rgb = warpBySimilarity(source, { a: 1, b: 0, tx: 0, ty: 0 }, SIZE);
    rgb.forEach((v, i) => {
      expect(Math.abs(v - (source.rgb[i] as number))).toBeLessThan(1e-6);
    });
  });

  it('finds a texture where a similarity puts it, between pixels', () => {
    const at = texture(4);
    const source = drawn(200, 180, at);
    const toSource = { a: 0.8, b: 0.3, tx: 60, ty: 30 };
    const rgb = warpBySimilarity(source, toSource, SIZE);
    expect(worst(rgb, (i, j) => at(0.8 * i - 0.3 * j + 60, 0.3 * i + 0.8 * j + 30))).toBeLessThan(0.01);
  });

  it.each([1.4, 2, 2.7, 4, 9])('keeps slow waves and drops those that cannot be held, shrinking %f times', (scale) => {
    const width = Math.ceil(SIZE * scale);
    const slow = (x: number, y: number) => 0.5 + 0.3 * Math.sin((2 * Math.PI * (x + 2 * y)) / (24 * scale));
    const fine = (x: number) => 0.4 * Math.cos((2 * Math.PI * x) / 2.2);
    const source = drawn(width, width, (x, y) => slow(x, y) + fine(x));
    const rgb = warpBySimilarity(source, { a: scale, b: 0, tx: 0, ty: 0 }, SIZE);
    expect(worst(rgb, (i, j) => slow(i * scale, j * scale), 4)).toBeLessThan(scale < 2 ? 0.11 : 0.02);
  });

  it('follows a map that bends, and does not jump where its scale changes', () => {
    const at = (x: number, y: number) => 0.5 + 0.3 * Math.sin(x / 17) * Math.cos(y / 19);
    const source = drawn(400, 400, at);
    const { xy } = mapOfSimilarity({ a: 1, b: 0, tx: 0, ty: 0 }, SIZE);
    const bend = (x: number) => 60 + x * (0.6 + (2.2 * x) / SIZE);
    const map = { size: SIZE, xy: xy.map((v, i) => (i % 2 === 0 ? bend(v) : v + 60)) };
    expect(worst(warp(openHalvings(source), map, null), (i, j) => at(bend(i), j + 60), 2)).toBeLessThan(0.015);
  });

  it('halves a picture once, however often it is warped', () => {
    const source = openHalvings(drawn(8, 8, (x) => x / 8));
    expect(source.halved(0)).toMatchObject({ width: 8, height: 8 });
    expect(source.halved(2)).toMatchObject({ width: 2, height: 2 });
    expect(source.halved(2)).toBe(source.halved(2));
  });

  it('leaves out the pixels that are not asked for', () => {
    const source = drawn(SIZE, SIZE, () => 0.5);
    const where = new Float32Array(SIZE * SIZE);
    where[5] = 0.1;
    const rgb = warp(openHalvings(source), mapOfSimilarity({ a: 1, b: 0, tx: 0, ty: 0 }, SIZE), where);
    expect(rgb[5]).toBeCloseTo(0.5, 6);
    expect(rgb.filter((v) => v !== 0)).toHaveLength(3);
  });
});

describe('planar pictures', () => {
  it('halve odd sizes by repeating the edge', () => {
    const half = halvedPicture(drawn(3, 1, (x) => x));
    expect(half).toMatchObject({ width: 2, height: 1 });
    // .43 (½ + 1½) + .11 (½ + 2½) − .04 (½ + 2½) − .01 (½ + 2½)
    expect(half.rgb[0]).toBeCloseTo(1.0664, 4);
    const flat = halvedPicture(drawn(5, 3, () => 0.25)).rgb;
    for (const v of flat.subarray(0, 6)) expect(v).toBeCloseTo(0.25, 6);
  });
});
