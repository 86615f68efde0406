import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { FivePoints } from '../../../src/face/landmarks.ts';
import { PATCH_TEMPLATE } from '../../../src/face/patch.ts';
import { applyX, applyY } from '../../../src/face/similarity.ts';
import { fivePointsOfTemplate } from '../../../src/model/template.ts';
import { openPatchCrops } from '../../../src/restore/crop/patch-crops.ts';
import { bytesOf } from '../bytes-of.ts';
import { countingCompute } from '../counting-compute.ts';

const CPU = openCpuCompute();
const FFHQ = PATCH_TEMPLATE;
const ARCFACE = fivePointsOfTemplate({ name: 'arcface_128', padding: 0, leastIn: 'picture' }, 1) as FivePoints;
const same = async (rgb: Float32Array) => rgb;

/** Of test/fixtures/model/crop-reference.py: every so many samples of each square, by its side. */
interface Reference {
  readonly every: number;
  readonly crops: Readonly<Record<string, readonly number[]>>;
}

/** A patch whose channels are functions of the place in it, shares of its side. */
function drawn(size: number, ...channels: ((x: number, y: number) => number)[]) {
  const area = size * size;
  const samples = Float32Array.from({ length: 3 * area }, (_, i) => {
    const [x, y] = [((i % size) + 0.5) / size, (Math.floor((i % area) / size) + 0.5) / size];
    return (channels[Math.floor(i / area) % channels.length] as (x: number, y: number) => number)(x, y);
  });
  return { samples, image: CPU.image(samples, size, size, 3) };
}

/** One at every second pixel, as on a chess-board, around ½. */
const chess = (size: number) =>
  drawn(size, (x, y) => 0.5 + 0.4 * (-1) ** (Math.floor(x * size) + Math.floor(y * size)));
const wave = (size: number) =>
  drawn(
    size,
    (x) => 0.5 + 0.3 * Math.sin(9 * x),
    (_, y) => 0.4 + 0.2 * Math.sin(7 * y),
    (x, y) => 0.3 + 0.2 * x * y,
  );

describe('a network’s square of a patch', () => {
  it.each([
    ['FFHQ', FFHQ, 512],
    ['ArcFace', ARCFACE, 256],
  ] as const)('shows at each pixel the place that the five points of %s say', async (_, five, side) => {
    using crops = openPatchCrops(CPU, { side, five });
    using crop = crops.crop(
      drawn(
        320,
        (x) => x,
        (_x, y) => y,
        () => 0.25,
      ).image,
    );
    const shown = await CPU.read(crop);
    const { toPatch } = crops.place(320);
    let farthest = 0;
    for (let v = side / 4; v < side; v += side / 8) {
      for (let u = side / 4; u < side; u += side / 8) {
        const i = v * side + u;
        // Edges are repeated where the square is larger than the patch.
        if (applyX(toPatch, u, v) > 310 || applyY(toPatch, u, v) > 310) continue;
        const [x, y] = [320 * (shown[i] as number), 320 * (shown[side * side + i] as number)];
        const [right, below] = [applyX(toPatch, u + 0.5, v + 0.5), applyY(toPatch, u + 0.5, v + 0.5)];
        farthest = Math.max(farthest, Math.abs(x - right), Math.abs(y - below));
      }
    }
    expect(farthest).toBeLessThan(0.01);
  });

  it('lays a patch’s five points on the network’s, to a fiftieth of the square where the shapes differ', () => {
    for (const [five, most] of [
      [FFHQ, 1e-9],
      [ARCFACE, 0.02],
    ] as const) {
      using crops = openPatchCrops(CPU, { side: 1, five });
      const { toCrop } = crops.place(1);
      for (let k = 0; k < 10; k += 2) {
        const [x, y] = [PATCH_TEMPLATE[k] as number, PATCH_TEMPLATE[k + 1] as number];
        const apart = Math.hypot(
          applyX(toCrop, x, y) - (five[k] as number),
          applyY(toCrop, x, y) - (five[k + 1] as number),
        );
        expect(apart).toBeLessThan(most);
      }
    }
  });

  it('is what numpy makes of it by the same formulas, to 1e-5', async () => {
    const path = new URL('../../fixtures/model/crop-reference.json', import.meta.url);
    const { every, crops: known } = JSON.parse(await readFile(path, 'utf8')) as Reference;
    const size = 48;
    const formulas = [
      (x: number, y: number) => ((7 * x + 13 * y) % 17) / 16,
      (x: number, y: number) => ((x * x + 3 * y) % 23) / 22,
      (x: number, y: number) => ((x * y + 5 * x) % 19) / 18,
    ] as const;
    const whole = (v: number) => Math.floor(v * size);
    const channels = formulas.map((of) => (x: number, y: number) => of(whole(x), whole(y)));
    for (const [side, expected] of Object.entries(known)) {
      using crops = openPatchCrops(CPU, { side: Number(side), five: ARCFACE });
      using crop = crops.crop(drawn(size, ...channels).image);
      const shown = (await CPU.read(crop)).filter((_, i) => i % every === 0);
      expect(shown).toHaveLength(expected.length);
      expect(shown.reduce((most, v, i) => Math.max(most, Math.abs(v - (expected[i] as number))), 0)).toBeLessThan(1e-5);
    }
  });

  it('folds nothing back where the patch is finer than it', async () => {
    using crops = openPatchCrops(CPU, { side: 256, five: ARCFACE });
    using crop = crops.crop(chess(640).image);
    const shown = await CPU.read(crop);
    expect(shown.reduce((most, v) => Math.max(most, Math.abs(v - 0.5)), 0)).toBeLessThan(0.012);
  });

  it('is kept to 0 … 1 where a network is shown it', async () => {
    using crops = openPatchCrops(CPU, { side: 128, five: FFHQ });
    const seen: Float32Array[] = [];
    using _ = await crops.answered(drawn(128, (x) => 4 * x - 1).image, async (rgb) => {
      seen.push(rgb);
      return rgb;
    });
    expect(Math.min(...(seen[0] as Float32Array))).toBe(0);
    expect(Math.max(...(seen[0] as Float32Array))).toBe(1);
  });
});

describe('a network’s answer in a patch', () => {
  it.each([
    ['finer than the square', 640, 256, ARCFACE],
    ['coarser than the square', 192, 512, FFHQ],
    ['as fine as the square', 512, 512, FFHQ],
  ] as const)('changes not one sample where it is what the network was shown: %s', async (_, size, side, five) => {
    using crops = openPatchCrops(CPU, { side, five });
    const { image, samples } = drawn(
      size,
      (x, y) => 1.4 * x * Math.sin(400 * x * y),
      chessLike,
      (x) => x,
    );
    using answer = await crops.answered(image, same);
    using placed = crops.placed(image, answer);
    expect(Buffer.compare(bytesOf(await CPU.read(placed)), bytesOf(samples))).toBe(0);
  });

  it('lies where the network saw it, to a thousandth', async () => {
    const size = 320;
    using crops = openPatchCrops(CPU, { side: 256, five: ARCFACE });
    const { image, samples } = wave(size);
    using answer = await crops.answered(image, async (rgb) => rgb.map((v) => 0.9 - 0.8 * v));
    using placed = crops.placed(image, answer);
    const shown = await CPU.read(placed);
    const { toCrop } = crops.place(size);
    let [farthest, beyond, looked] = [0, 0, 0];
    for (let i = 0; i < shown.length; i++) {
      const [x, y] = [(i % size) + 0.5, (Math.floor(i / size) % size) + 0.5];
      const [u, v] = [applyX(toCrop, x, y), applyY(toCrop, x, y)];
      const toEdge = Math.min(u, v, 256 - u, 256 - v);
      const [now, was] = [shown[i] as number, samples[i] as number];
      if (toEdge > 20) {
        looked += 1;
        farthest = Math.max(farthest, Math.abs(now - (0.9 - 0.8 * was)));
      } else if (toEdge < -4) beyond = Math.max(beyond, Math.abs(now - was));
    }
    expect(looked).toBeGreaterThan(100_000);
    expect(farthest).toBeLessThan(1e-3);
    expect(beyond).toBe(0);
  });

  it('has no edge where its square ends', async () => {
    const size = 320;
    using crops = openPatchCrops(CPU, { side: 256, five: ARCFACE });
    const { image } = drawn(size, () => 0.2);
    using answer = await crops.answered(image, async (rgb) => rgb.map(() => 0.8));
    using placed = crops.placed(image, answer);
    const shown = await CPU.read(placed);
    let steepest = 0;
    for (let i = 0; i + 1 < size * size; i++) {
      if (i % size < size - 1) steepest = Math.max(steepest, Math.abs((shown[i + 1] as number) - (shown[i] as number)));
    }
    // The ramp is a sixteenth of the square, 17 pixels; an edge would be a step of 0.6.
    expect(steepest).toBeLessThan(0.06);
  });

  it('keeps as much as is said of what the square cannot hold, inside it', async () => {
    const size = 640;
    using crops = openPatchCrops(CPU, { side: 256, five: ARCFACE });
    const { image, samples } = chess(size);
    using answer = await crops.answered(image, same);
    const contrastAt = async (kept: number) => {
      using placed = crops.placed(image, answer, { kept });
      const shown = await CPU.read(placed);
      const middle = 320 * size + 320;
      expect(shown[0]).toBe(samples[0]);
      return Math.abs((shown[middle] as number) - (shown[middle + 1] as number)) / 0.8;
    };
    expect(await contrastAt(1)).toBeCloseTo(1, 5);
    expect(await contrastAt(0.5)).toBeCloseTo(0.5, 1);
    expect(await contrastAt(0)).toBeLessThan(0.02);
  });

  it('leaves no image open', async () => {
    const { compute, open } = countingCompute();
    {
      using crops = openPatchCrops(compute, { side: 64, five: FFHQ });
      using patch = compute.image(new Float32Array(3 * 128 * 128), 128, 128, 3);
      using answer = await crops.answered(patch, same);
      using _ = crops.placed(patch, answer, { kept: 0.5 });
    }
    expect(open()).toBe(0);
  });
});

function chessLike(x: number, y: number): number {
  return 0.5 + 0.5 * Math.sin(900 * x) * Math.sin(800 * y);
}
