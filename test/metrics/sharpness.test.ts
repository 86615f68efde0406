import { describe, expect, it } from 'vitest';
import { faceSharpness } from '../../src/metrics/sharpness.ts';
import { gaussianBlur } from '../../src/motion/gaussian.ts';

const SIZE = 256;
const WHOLE = new Float32Array(SIZE * SIZE).fill(1);

/** Lines as wide as lashes and brows, over a shaded ground. */
function drawn(): Float32Array {
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    return 0.4 + 0.1 * Math.sin(y / 60) + 0.15 * Math.sin(x / 1.6 + Math.sin(y / 9));
  });
}

const blurred = (sigma: number) => gaussianBlur({ width: SIZE, height: SIZE, samples: drawn() }, sigma).samples;

describe('faceSharpness', () => {
  it('falls as a face is blurred', () => {
    const values = [0, 1, 2, 3].map((sigma) => faceSharpness(sigma ? blurred(sigma) : drawn(), WHOLE, SIZE));
    values.reduce((before, after) => {
      expect(after).toBeLessThan(0.85 * before);
      return after;
    });
  });

  it('stays when the exposure changes', () => {
    const brighter = drawn().map((v) => 1.3 * v);
    expect(faceSharpness(brighter, WHOLE, SIZE)).toBeCloseTo(faceSharpness(drawn(), WHOLE, SIZE), 4);
  });

  it('is hardly raised by a scratch', () => {
    const scratched = drawn();
    for (let y = 0; y < SIZE; y++) scratched.fill(1, y * SIZE + 128, y * SIZE + 130);
    const clean = faceSharpness(drawn(), WHOLE, SIZE);
    expect(faceSharpness(scratched, WHOLE, SIZE)).toBeLessThan(1.12 * clean);
  });

  it('looks only under the matte', () => {
    const half = WHOLE.map((_, i) => (i % SIZE < SIZE / 2 ? 1 : 0));
    const spoiled = drawn().map((v, i) => (i % SIZE < SIZE / 2 + 8 ? v : 0.5));
    expect(faceSharpness(spoiled, half, SIZE)).toBeCloseTo(faceSharpness(drawn(), half, SIZE), 1);
    expect(faceSharpness(drawn(), new Float32Array(SIZE * SIZE), SIZE)).toBe(0);
  });
});
