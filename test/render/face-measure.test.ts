import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import type { Patch } from '../../src/compute/patch.ts';
import { measureFace } from '../../src/render/face-measure.ts';
import { roundMatte } from '../compute/plates.ts';
import { imageOf } from '../restore/on-floats.ts';

const SIZE = 96;
const AREA = SIZE * SIZE;

/** A grey patch that was painted brighter by 0.1, and with rubbish outside its matte. */
async function painted() {
  const rgb = new Float32Array(3 * AREA).fill(0.4);
  const matte = roundMatte(SIZE, 30).map((v) => (v > 0.5 ? 1 : 0));
  const shown = rgb.map((v, i) => ((matte[i % AREA] as number) > 0 ? v + 0.1 : Number.NaN));
  const patch = { frame: 0, size: SIZE, rgb: imageOf(rgb, SIZE) } as Patch;
  return measureFace(openCpuCompute(), patch, { rgb: imageOf(shown, SIZE), matte: imageOf(matte, SIZE) });
}

describe('measureFace', () => {
  it('says how bright a face was and is where its matte lies, whatever the restorer left outside', async () => {
    const { before, after, beforeGrid, afterGrid } = await painted();
    expect(before).toBeCloseTo(0.4, 5);
    expect(after).toBeCloseTo(0.5, 5);
    const middle = 12 * 24 + 12;
    expect(beforeGrid[middle]).toBeCloseTo(0.4, 5);
    expect(afterGrid[middle]).toBeCloseTo(0.5, 5);
    expect(beforeGrid[0]).toBeNaN();
    expect(afterGrid[0]).toBeNaN();
  });

  it('says how far it was changed, in 8-bit levels', async () => {
    const { change } = await painted();
    expect(change).toBeCloseTo(25.5, 3);
  });
});
