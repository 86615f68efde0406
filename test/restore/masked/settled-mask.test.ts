import { describe, expect, it } from 'vitest';
import { MASK_SIDE, softened, visibilityOf } from '../../../src/restore/masked/mask-grid.ts';
import { settledMask } from '../../../src/restore/masked/settled-mask.ts';

const SOFTNESS = 0.08;
const REACH = 2;

/** The softened mask of a face with an upright bar before it, from `left` on. */
function withBar(left: number, width = 40): Float32Array {
  const isFace = (_: unknown, i: number) => (i % MASK_SIDE >= left && i % MASK_SIDE < left + width ? 0 : 1);
  return softened(Float32Array.from({ length: MASK_SIDE ** 2 }, isFace), SOFTNESS);
}

/** The visibility of each frame but the first and last ones, along one row. */
function settledRows(masks: readonly Float32Array[], reach: number): Float32Array[] {
  return masks.slice(REACH, masks.length - REACH).map((mask, k) => {
    const beside = [];
    for (let distance = 1; distance <= reach; distance++) {
      for (const at of [k + REACH - distance, k + REACH + distance]) {
        beside.push({ distance, mask: masks[at] as Float32Array });
      }
    }
    return visibilityOf(settledMask(mask, beside, reach)).subarray(128 * MASK_SIDE, 129 * MASK_SIDE);
  });
}

describe('settling', () => {
  it.each([4, 9, 16, 30])('leaves no line where the edge of a hand is before or after: %i pixels a frame', (speed) => {
    const masks = Array.from({ length: 7 }, (_, k) => withBar(20 + speed * k));
    const [own, settled] = [settledRows(masks, 0), settledRows(masks, REACH)];
    for (const [k, row] of settled.entries()) {
      row.forEach((v, x) => {
        const plain = own[k]?.[x] as number;
        if (plain > 0.95) expect(v).toBeGreaterThan(plain - 0.02);
        if (plain === 0) expect(v).toBeLessThan(0.05);
      });
    }
  });

  it('steadies an edge whose answers are a pixel or two beside each other', () => {
    const masks = [0, 2, -1, 1, -2, 2, 0, -1, 2].map((beside) => withBar(100 + beside));
    const unrest = (rows: readonly Float32Array[]) => {
      let sum = 0;
      for (let k = 1; k < rows.length - 1; k++) {
        rows[k]?.forEach((v, x) => {
          sum += (v - ((rows[k - 1]?.[x] as number) + (rows[k + 1]?.[x] as number)) / 2) ** 2;
        });
      }
      return Math.sqrt(sum);
    };
    expect(unrest(settledRows(masks, REACH))).toBeLessThan(0.4 * unrest(settledRows(masks, 0)));
  });
});
