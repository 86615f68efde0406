import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import { keepOwnShading } from '../../../src/restore/window/own-shading.ts';
import { gaussianNoise } from '../../motion/texture.ts';
import { samplePatches } from '../sample-patches.ts';

const SIZE = 256;
const AREA = SIZE * SIZE;

describe('the frame’s own shading', async () => {
  const { plates } = await samplePatches('talking', [0, 1], SIZE);
  const landmarks = plates[0]?.landmarks ?? new Float32Array();
  const everywhere = new Float32Array(AREA).fill(1);
  const planar = (value: (x: number, y: number) => number) =>
    Float32Array.from({ length: 3 * AREA }, (_, i) => value(i % SIZE, Math.floor(i / SIZE) % SIZE));
  const [eyeX, eyeY] = [(landmarks[3 * 159] ?? 0) | 0, (landmarks[3 * 159 + 1] ?? 0) | 0];
  const shadow = (x: number, y: number) => -0.02 * Math.exp(-((x - eyeX) ** 2 + (y - eyeY) ** 2) / (2 * 16 ** 2));
  const compute = openCpuCompute();
  const shaded = (own = everywhere, frame = planar((x, y) => 0.5 + shadow(x, y))) => {
    const mean = compute.image(
      planar(() => 0.5),
      SIZE,
      SIZE,
      3,
    );
    const window = {
      size: SIZE,
      centre: compute.image(frame, SIZE, SIZE, 3),
      where: compute.image(everywhere, SIZE, SIZE, 1),
      landmarks,
    };
    return compute.read(keepOwnShading(compute, mean, window, compute.image(own, SIZE, SIZE, 1)));
  };

  it('comes back around an eye, where a mean over neighbours had flattened it', async () => {
    expect(((await shaded())[eyeY * SIZE + eyeX] ?? 0) - 0.5).toBeLessThan(-0.014);
  });

  it('stays the mean’s far from mouth and eyes', async () => {
    const dark = await shaded(
      everywhere,
      planar(() => 0.45),
    );
    expect(dark[8 * SIZE + 128]).toBeCloseTo(0.5, 4);
    expect(dark[eyeY * SIZE + eyeX]).toBeCloseTo(0.45, 2);
  });

  it('is not taken from dirt, and takes next to no grain along', async () => {
    const dirty = await shaded(new Float32Array(AREA));
    expect(dirty[eyeY * SIZE + eyeX]).toBe(0.5);
    const noise = gaussianNoise(3);
    const grained = await shaded(
      everywhere,
      planar(() => 0.5 + (9 / 255) * noise()),
    );
    const rest = grained.reduce((sum, v) => sum + (v - 0.5) ** 2, 0) / grained.length;
    expect(255 * Math.sqrt(rest)).toBeLessThan(0.6);
  });
});
