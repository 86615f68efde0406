import { describe, expect, it } from 'vitest';
import { meanSquaredError, psnr } from '../../src/metrics/psnr.ts';
import { ssim } from '../../src/metrics/ssim.ts';
import { pictureOf, texture, withNoise } from '../motion/texture.ts';

describe('psnr', () => {
  it.each([
    [[0, 0, 0, 0], [0.1, 0.1, 0.1, 0.1], 1, 20],
    [[0, 0, 0, 0], [0.1, -0.1, 0, 0], 1, 23.0103],
    [[10, 20], [11, 19], 255, 48.1308],
    [[10, 20], [10, 20], 255, Infinity],
  ])('of %j and %j with peak %d is %d dB', (a, b, peak, expected) => {
    expect(psnr(a, b, { peak })).toBeCloseTo(expected, 4);
  });

  it('counts only what the mask holds, for every plane of planar pictures', () => {
    const mask = [1, 0];
    expect(meanSquaredError([0, 0, 0, 0], [2, 9, 4, 9], mask)).toBe(10);
    expect(psnr([0, 0], [1, 1], { mask: [0, 0] })).toBeNaN();
  });

  it('refuses pictures of different sizes', () => {
    expect(() => psnr([1], [1, 2])).toThrow('Pictures of 1 and 2 samples cannot be compared.');
  });
});

/** Equation 13 of Wang et al. 2004 at one pixel, by its definition. */
function ssimAt(a: Float32Array, b: Float32Array, width: number, x: number, y: number): number {
  let [total, ma, mb, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let v = -5; v <= 5; v++) {
    for (let u = -5; u <= 5; u++) {
      const w = Math.exp(-(u * u + v * v) / (2 * 1.5 * 1.5));
      const p = a[(y + v) * width + x + u] as number;
      const q = b[(y + v) * width + x + u] as number;
      total += w;
      ma += w * p;
      mb += w * q;
      aa += w * p * p;
      bb += w * q * q;
      ab += w * p * q;
    }
  }
  [ma, mb, aa, bb, ab] = [ma / total, mb / total, aa / total, bb / total, ab / total];
  const [c1, c2] = [0.0001, 0.0009];
  return (
    ((2 * ma * mb + c1) * (2 * (ab - ma * mb) + c2)) / ((ma * ma + mb * mb + c1) * (aa - ma * ma + bb - mb * mb + c2))
  );
}

describe('ssim', () => {
  const clean = pictureOf(48, 40, texture(1));
  const noisy = withNoise(clean, 0.05, 2);

  it('is 1 for a picture and itself, and falls with noise', () => {
    expect(ssim(clean, clean)).toBeCloseTo(1, 6);
    expect(ssim(clean, noisy)).toBeGreaterThan(ssim(clean, withNoise(clean, 0.1, 2)));
    expect(ssim(clean, noisy)).toBeLessThan(0.95);
  });

  it('is the luminance term alone for two flat pictures', () => {
    const flat = (value: number) => pictureOf(20, 20, () => value);
    expect(ssim(flat(0.4), flat(0.6))).toBeCloseTo((2 * 0.24 + 1e-4) / (0.52 + 1e-4), 4);
  });

  it('is the published formula with an 11 × 11 Gaussian window, over whole windows', () => {
    const values: number[] = [];
    for (let y = 5; y < 35; y++) {
      for (let x = 5; x < 43; x++) values.push(ssimAt(clean.samples, noisy.samples, 48, x, y));
    }
    const expected = values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(ssim(clean, noisy)).toBeCloseTo(expected, 4);
    const mask = new Uint8Array(48 * 40);
    mask[20 * 48 + 17] = 1;
    expect(ssim(clean, noisy, mask)).toBeCloseTo(ssimAt(clean.samples, noisy.samples, 48, 17, 20), 4);
  });

  it('refuses pictures of different sizes', () => {
    expect(() =>
      ssim(
        clean,
        pictureOf(2, 3, () => 0),
      ),
    ).toThrow('Pictures of 48 × 40 and 2 × 3 cannot be compared.');
  });
});
