import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { WindowGrain } from '../../../src/compute/grains.ts';
import { grainOfWindow, quieterGrain } from '../../../src/restore/window/window-grain.ts';
import { framesOf } from '../../compute/seeded-images.ts';
import { gaussianNoise } from '../../motion/texture.ts';

const SIZE = 128;
const AREA = SIZE * SIZE;
/** From 0.15 to 0.7, left to right. */
const scene = Float32Array.from({ length: AREA }, (_, i) => 0.15 + (0.55 * (i % SIZE)) / SIZE);
/** Two levels in the shadows, ten in the lights. */
const strengthAt = (luma: number) => (luma < 0.4 ? 2 : 10) / 255;

function grained(seed: number, exposure = 1): Float32Array {
  const noise = gaussianNoise(seed);
  const luma = scene.map((v) => exposure * v + strengthAt(v) * noise());
  const rgb = new Float32Array(3 * AREA);
  for (let c = 0; c < 3; c++) rgb.set(luma, c * AREA);
  return rgb;
}

const compute = openCpuCompute();

async function grainAmong(
  ...neighbours: readonly (readonly [offset: number, rgb: Float32Array])[]
): Promise<WindowGrain> {
  const picture = (rgb: Float32Array) => compute.image(rgb, SIZE, SIZE, 3);
  const window = {
    centre: picture(grained(1)),
    neighbours: framesOf(
      compute,
      neighbours.map(([, rgb]) => rgb),
      SIZE,
    ),
    offsets: neighbours.map(([offset]) => offset),
    where: compute.image(new Float32Array(AREA).fill(1), SIZE, SIZE, 1),
  };
  const { grain } = await compute.statistics({ grain: grainOfWindow(compute, window) });
  return quieterGrain(grain);
}

describe('the grain of a window', () => {
  it('is told for every brightness that the face shows, and for no other', async () => {
    const { byLuma } = await grainAmong([-1, grained(2)], [1, grained(3)]);
    expect(byLuma).toHaveLength(8);
    expect(byLuma[0]).toBeNull();
    expect(byLuma[7]).toBeNull();
    // What is told by few samples leans on the whole face. Steps of an eighth: the second and third lie in the shadows, the fifth in the lights.
    for (const [step, levels] of [
      [1, 2],
      [2, 2],
      [4, 10],
    ] as const) {
      expect(Math.abs(255 * (byLuma[step] ?? 0) - levels)).toBeLessThan(0.25 * levels);
    }
  });

  it('is that of the quieter neighbour: the other has moved', async () => {
    const moved = grained(3).map((v, i) => v + 0.1 * Math.sin(i));
    const still = await grainAmong([-1, grained(2)], [1, grained(3)]);
    expect((await grainAmong([-1, grained(2)], [1, moved])).deviation).toBeLessThan(1.1 * still.deviation);
  });

  it('is nothing that can be told of a frame alone', async () => {
    const { deviation, byLuma } = await grainAmong();
    expect(deviation).toBe(0);
    expect(byLuma.every((v) => v === null)).toBe(true);
  });
});
