import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import type { Patch } from '../../src/compute/patch.ts';
import { regionUnder } from '../../src/compute/region-under.ts';
import { applyX, applyY, type Similarity } from '../../src/face/similarity.ts';
import { cutRegion } from '../../src/film/plate.ts';
import { appliedTo } from '../../src/render/applied-to.ts';
import { facePictures } from '../../src/render/face-pictures.ts';
import { noisePlate, roundMatte } from '../compute/plates.ts';
import { floatRestoration, imageOf } from '../restore/on-floats.ts';

const SIZE = 64;
const TO_PATCH: Similarity = { a: 1.3, b: 0.4, tx: -20, ty: -40 };
const COLOUR = { tags: {}, transfer: 'rec709' as const, plateHeight: 75 };
const compute = openCpuCompute();

/** A face that was made brighter under a round matte, with a gate that is open in the patch's left half. */
async function drawn(matte = roundMatte(SIZE, 22)) {
  const plate = noisePlate('gbrp', 101, 75);
  const region = cutRegion(plate, regionUnder(TO_PATCH, SIZE, plate));
  const original = await compute.read(compute.lift(region, { size: SIZE, toPatch: TO_PATCH, colour: COLOUR }));
  const rgb = original.map((v) => 0.5 * v + 0.25);
  const gate = Float32Array.from({ length: SIZE * SIZE }, (_, i) => (i % SIZE < SIZE / 2 ? 1 : 0));
  const restored = {
    ...floatRestoration(rgb, matte),
    layers: { repaired: imageOf(original, SIZE), gate: imageOf(gate, SIZE) },
  };
  const centre = { frame: 0, size: SIZE, rgb: imageOf(original, SIZE), toPatch: TO_PATCH } as Patch;
  const lifted = { region, patch: centre, colour: COLOUR };
  const applied = await appliedTo(compute, lifted, restored, { frame: 0, seed: 1 });
  const pictures = await facePictures(compute, lifted, restored, applied);
  if (!pictures) throw new Error('Nothing was drawn.');
  return { region, applied, pictures };
}

describe('facePictures', () => {
  it('show the plate and the output pixel by pixel, which differ only where the matte says so', async () => {
    const { pictures } = await drawn();
    const inside: boolean[] = [];
    pictures.matte.forEach((matte, i) => {
      const change = [0, 1, 2].map((c) =>
        Math.abs((pictures.restored[3 * i + c] ?? 0) - (pictures.plate[3 * i + c] ?? 0)),
      );
      // A matte of less than half of 1/255 is shown as none, and may round a value up.
      if (matte === 0) expect(Math.max(...change)).toBeLessThanOrEqual(1);
      else if (matte === 255) inside.push(Math.max(...change) > 8);
    });
    expect(inside.length).toBeGreaterThan(100);
    expect(inside.filter(Boolean).length / inside.length).toBeGreaterThan(0.9);
  });

  it('show the matte with some plate around it, and nothing else of the region', async () => {
    const { region, pictures } = await drawn(roundMatte(SIZE, 12));
    const corner = pictures.matte[0];
    expect(corner).toBe(0);
    // The matte is 24 patch pixels across, and a plate pixel is 1.36 of them; 8 % are added on each side.
    expect(pictures.width).toBeGreaterThan(16);
    expect(pictures.width).toBeLessThan(24);
    expect(pictures.width).toBeLessThan(region.roi.width / 2);
  });

  it('show a repair that changed nothing as the plate', async () => {
    const { pictures } = await drawn();
    expect(pictures.repaired).toEqual(pictures.plate);
  });

  it('show the gate where it lies on the plate', async () => {
    const { region, applied, pictures } = await drawn();
    const { gate, width, height } = pictures;
    const middle = { x: width / 2, y: height / 2 };
    // The middle of the picture is the middle of the matte, which is that of the patch; the gate is open to its left.
    const along = { x: TO_PATCH.a, y: -TO_PATCH.b };
    const at = (step: number) =>
      gate?.[Math.round(middle.y + step * along.y) * width + Math.round(middle.x + step * along.x)];
    expect(applyX(TO_PATCH, along.x, along.y) - applyX(TO_PATCH, 0, 0)).toBeGreaterThan(0);
    expect(applyY(TO_PATCH, along.x, along.y) - applyY(TO_PATCH, 0, 0)).toBeCloseTo(0);
    expect(applied.region.roi).toEqual(region.roi);
    expect([at(-6), at(6)]).toEqual([255, 0]);
  });
});
