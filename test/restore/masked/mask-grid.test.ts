import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import { PATCH_INTER_OCULAR, PATCH_TEMPLATE } from '../../../src/face/patch.ts';
import { openMaskAsker } from '../../../src/restore/masked/mask-asker.ts';
import { commonMask, MASK_SIDE, onMaskGrid, softened, visibilityOf } from '../../../src/restore/masked/mask-grid.ts';
import { imageOf } from '../on-floats.ts';
import { drawnMasker } from './drawn-masker.ts';

const where = (inside: (u: number, v: number) => boolean): Float32Array =>
  Float32Array.from({ length: MASK_SIDE ** 2 }, (_, i) => {
    return inside(((i % MASK_SIDE) + 0.5) / MASK_SIDE, (Math.floor(i / MASK_SIDE) + 0.5) / MASK_SIDE) ? 1 : 0;
  });
const isFace = (u: number, v: number) => ((u - 0.5) / 0.3) ** 2 + ((v - 0.55) / 0.38) ** 2 < 1;
const isHand = (u: number, v: number) => ((u - 0.62) / 0.16) ** 2 + ((v - 0.7) / 0.22) ** 2 < 1;
const isBar = (u: number, v: number) => Math.abs(u - 0.35) < 1.5 / MASK_SIDE && v > 0.3 && v < 0.6;

/** OpenCV cuts Gaussians at four deviations, we at three. */
const CUT = 0.006;
/** Five pixels of the grid, as FaceFusion has it, in inter-ocular distances. */
const FIVE_PIXELS = 5 / (PATCH_INTER_OCULAR * MASK_SIDE);

describe('a mask', () => {
  it('of two maskers is softened as OpenCV softens it, and a thin thing before the face is not lost', async () => {
    const file = new URL('../../fixtures/model/softened-mask.json', import.meta.url);
    const { points, facefusion, capped } = JSON.parse(await readFile(file, 'utf8')) as {
      points: [number, number][];
      facefusion: number[];
      capped: number[];
    };
    const both = commonMask([
      where((u, v) => isFace(u, v) && !isHand(u, v)),
      where((u, v) => isFace(u, v) && !isBar(u, v)),
    ]);
    const seen = visibilityOf(softened(both, FIVE_PIXELS));
    const ours = points.map(([x, y]) => seen[y * MASK_SIDE + x] as number);
    ours.forEach((v, k) => {
      expect(Math.abs(v - (capped[k] as number)), `at ${points[k]}`).toBeLessThan(CUT);
    });
    const lost = points.filter((_, k) => (facefusion[k] as number) > 0.5 && (capped[k] as number) === 0);
    expect(lost.length).toBeGreaterThan(0);
  });

  it('lies where its masker’s square lies on the patch, whatever its side', () => {
    const half = (side: number) => Float32Array.from({ length: side * side }, (_, i) => (i % side < side / 2 ? 0 : 1));
    for (const side of [128, 256, 512]) {
      const onGrid = onMaskGrid(half(side), { side, five: PATCH_TEMPLATE });
      const row = onGrid.subarray(100 * MASK_SIDE, 101 * MASK_SIDE);
      expect(row.reduce((sum, v) => sum + v, 0)).toBeCloseTo(MASK_SIDE / 2, 4);
      expect([row[125], row[130]]).toEqual([0, 1]);
    }
    // A square of half the width in the middle of the patch: what lies to its left is as its edge.
    const inner = { side: 128, five: PATCH_TEMPLATE.map((v) => 2 * v - 0.5) };
    const row = onMaskGrid(half(128), inner).subarray(0, MASK_SIDE);
    expect([row[0], row[60], row[126], row[129], row[255]]).toEqual([0, 0, 0, 1, 1]);
  });

  it('is the face where all maskers see it', async () => {
    const size = 128;
    // Skin, green to the left; the second masker takes blue for green.
    const patch = Float32Array.from({ length: 3 * size * size }, (_, i) => {
      const u = (i % size) / size;
      const colour = u < 0.25 ? [0.1, 0.8, 0.1] : u > 0.75 ? [0.1, 0.1, 0.8] : [0.7, 0.5, 0.4];
      return colour[Math.floor(i / size ** 2)] as number;
    });
    const green = drawnMasker();
    const blue = drawnMasker({ side: 64 });
    const turned = {
      ...blue,
      mask: (rgb: Float32Array) => {
        const area = 64 * 64;
        return blue.mask(
          Float32Array.of(...rgb.subarray(0, area), ...rgb.subarray(2 * area), ...rgb.subarray(area, 2 * area)),
        );
      },
    };
    using asker = openMaskAsker(openCpuCompute(), [green, turned], FIVE_PIXELS);
    const seen = visibilityOf(await asker.ask(imageOf(patch, size)));
    const row = seen.subarray(128 * MASK_SIDE, 129 * MASK_SIDE);
    expect([row[20], row[60], row[128], row[196], row[230]]).toEqual([0, 0, 1, 0, 0]);
    expect([green.runs(), blue.runs()]).toEqual([1, 1]);
  });
});
