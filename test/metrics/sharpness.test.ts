import { describe, expect, it } from 'vitest';
import { faceSharpness } from '../../src/metrics/sharpness.ts';
import { gaussianBlur } from '../../src/motion/gaussian.ts';

const SIZE = 256;
const WHOLE = new Float32Array(SIZE * SIZE).fill(1);

/** Smooth skin, and on an eighth of it lines as fine as lashes. */
const DRAWN = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
  const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
  const isLined = y > 80 && y < 112;
  return 0.4 + 0.1 * Math.sin(y / 60) + (isLined ? 0.12 * Math.sin(x / 1.3 + Math.sin(y / 9)) : 0);
});
const SHARP = faceSharpness(DRAWN, WHOLE, SIZE);

const blurred = (sigma: number) => gaussianBlur({ width: SIZE, height: SIZE, samples: DRAWN }, sigma).samples;

/** Grain of standard deviation σ, a pixel wide, from a fixed seed. */
function grained(luma: Float32Array, sigma: number): Float32Array {
  let seed = 7;
  const random = () => {
    seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((seed >>> 0) % 65536) / 65536 - 0.5;
  };
  const grain = Float32Array.from(luma, () => random() + random() + random() + random());
  return luma.map((v, i) => v + (sigma / Math.sqrt(4 / 12)) * (grain[i] as number));
}

describe('faceSharpness', () => {
  it('falls as a face is blurred', () => {
    const values = [1, 1.5, 2, 3].map((sigma) => faceSharpness(blurred(sigma), WHOLE, SIZE));
    values.reduce((before, after) => {
      expect(after).toBeLessThan(0.8 * before);
      return after;
    }, SHARP);
  });

  it('stays when the exposure changes', () => {
    expect(
      faceSharpness(
        DRAWN.map((v) => 1.3 * v),
        WHOLE,
        SIZE,
      ),
    ).toBeCloseTo(SHARP, 4);
  });

  it('takes grain for no detail', () => {
    const flat = new Float32Array(SIZE * SIZE).fill(0.4);
    expect(faceSharpness(grained(flat, 0.02), WHOLE, SIZE)).toBeLessThan(0.15 * SHARP);
    expect(Math.abs(faceSharpness(grained(DRAWN, 0.02), WHOLE, SIZE) / SHARP - 1)).toBeLessThan(0.1);
  });

  it('is raised little by a white scratch through the whole face', () => {
    const scratched = DRAWN.slice();
    for (let y = 0; y < SIZE; y++) scratched.fill(1, y * SIZE + 128, y * SIZE + 130);
    expect(faceSharpness(scratched, WHOLE, SIZE)).toBeLessThan(1.2 * SHARP);
  });

  it('is measured only under the matte', () => {
    const half = WHOLE.map((_, i) => (i % SIZE < SIZE / 2 ? 1 : 0));
    const spoiled = DRAWN.map((v, i) => (i % SIZE < SIZE / 2 + 8 ? v : 0.5));
    expect(faceSharpness(spoiled, half, SIZE)).toBeCloseTo(faceSharpness(DRAWN, half, SIZE), 2);
    expect(faceSharpness(DRAWN, new Float32Array(SIZE * SIZE), SIZE)).toBe(0);
  });
});
