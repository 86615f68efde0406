import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enlarged } from '../../src/compute/cpu/filter/enlarge.ts';
import { halvedPicture } from '../../src/compute/cpu/filter/planar.ts';
import type { Upscaler } from '../../src/face/networks.ts';
import type { Opened } from '../../src/model/detector.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openUpscaler } from '../../src/model/upscaler.ts';
import { cropOf, stillOf } from './stills.ts';

const SIDE = 96;
let upscaler: Opened<Upscaler>;
/** The portrait's eyes and nose, planar, 96 pixels a side. */
let face: Float32Array;

beforeAll(async () => {
  upscaler = await openUpscaler(openLibrary(), 'esrgan-slim');
  const crop = cropOf(await stillOf('astronaut.png'), { x: 175, y: 75, size: SIDE, offset: 0, scale: 255 });
  face = Float32Array.from(crop, (_, i) => crop[3 * (i % SIDE ** 2) + Math.floor(i / SIDE ** 2)] as number);
});
afterAll(() => upscaler[Symbol.asyncDispose]());

function squaredError(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, v, i) => sum + (v - (b[i] as number)) ** 2, 0) / a.length;
}

describe('the upscaler', () => {
  it('gives back what halving took, better than interpolation does', async () => {
    const { rgb, width, height } = halvedPicture({ width: SIDE, height: SIDE, rgb: face });
    const ours = await upscaler.upscale(rgb, width, height);
    expect(ours).toHaveLength(3 * SIDE * SIDE);
    const plain = squaredError(enlarged(rgb, width, SIDE), face);
    expect(10 * Math.log10(plain / squaredError(ours, face))).toBeGreaterThan(0.5);
  });

  it('answers for a cut-out as for the whole, beyond its reach', async () => {
    const { reach, factor } = upscaler;
    const whole = await upscaler.upscale(face, SIDE, SIDE);
    const [x, y, width, height] = [20, 30, 50, 40];
    const part = Float32Array.from({ length: 3 * width * height }, (_, i) => {
      const c = Math.floor(i / (width * height));
      const row = Math.floor((i % (width * height)) / width);
      return face[c * SIDE * SIDE + (y + row) * SIDE + x + (i % width)] as number;
    });
    const answer = await upscaler.upscale(part, width, height);
    let largest = 0;
    for (let c = 0; c < 3; c++) {
      for (let row = factor * reach; row < factor * (height - reach); row++) {
        for (let column = factor * reach; column < factor * (width - reach); column++) {
          const a = answer[(c * factor * height + row) * factor * width + column] as number;
          const at = (c * factor * SIDE + factor * y + row) * factor * SIDE + factor * x + column;
          largest = Math.max(largest, Math.abs(a - (whole[at] as number)));
        }
      }
    }
    expect(largest).toBeLessThan(1e-4);
  });
});
