import { describe, expect, it } from 'vitest';
import { coverRegion } from '../../../../src/compute/cpu/plate/cover.ts';
import { regionUnder } from '../../../../src/compute/region-under.ts';
import type { Similarity } from '../../../../src/face/similarity.ts';
import { transferCurve } from '../../../../src/film/colour.ts';
import { cutRegion, type Plate, planesOf, type Region } from '../../../../src/film/plate.ts';
import type { PlateColour } from '../../../../src/film/plate-colour.ts';
import { FORMATS, noisePlate, outside, roundMatte } from '../../plates.ts';

const WIDTH = 101;
const HEIGHT = 75;
const SIZE = 64;
/** A patch pixel is larger than a plate pixel: what a patch holds of the plate is far from all. */
const COARSE: Similarity = { a: 0.6, b: 0.2, tx: 8, ty: -5 };
const FINE: Similarity = { a: 1.3, b: 0.4, tx: -20, ty: -40 };
const PLACES = { COARSE, FINE };
const GREY = 0.5;

function colourOf(transfer: PlateColour['transfer'] = 'rec709'): PlateColour {
  return { tags: {}, transfer, plateHeight: HEIGHT };
}

/** One grey, laid over a plate under a round matte. */
function covered(plate: Plate, toPatch: Similarity, colour = colourOf(), value = GREY) {
  const region = cutRegion(plate, regionUnder(toPatch, SIZE, plate));
  const rgb = new Float32Array(3 * SIZE * SIZE).fill(value);
  const matte = roundMatte(SIZE, 28);
  return coverRegion(region, { size: SIZE, toPatch, colour }, { rgb, matte }, { frame: 7, seed: 3 });
}

describe('coverRegion', () => {
  describe.each(FORMATS)('on %s', (name) => {
    it.each(['COARSE', 'FINE'] as const)('leaves nothing of the plate where the matte is 1 (%s patch)', (place) => {
      const [one, other] = [1, 2].map((seed) => covered(noisePlate(name, WIDTH, HEIGHT, seed), PLACES[place]));
      if (!one || !other) throw new Error('Two plates were covered.');
      const { roi, format } = one.region;
      let whole = 0;
      planesOf(format, one.region.bytes, roi.width, roi.height).forEach((_, k) => {
        const planes = [one, other].map(({ region }) => planesOf(format, region.bytes, roi.width, roi.height)[k]);
        const { shiftX, shiftY, component } = format.planes[k] as (typeof format.planes)[number];
        if (component === 'A') return;
        const { samples, width, height } = planes[0] as NonNullable<(typeof planes)[0]>;
        for (let y = 1; y < height - 1; y++) {
          for (let x = 1; x < width - 1; x++) {
            // A shared sample is the mean over its neighbours too.
            if (!isWhole(one.matte, roi.width, x << shiftX, y << shiftY, 1 << Math.max(shiftX, shiftY))) continue;
            whole += 1;
            const [a, b] = [samples[y * width + x] as number, planes[1]?.samples[y * width + x] as number];
            if (Math.abs(a - b) > (format.kind === 'float' ? 1e-6 : 0)) expect([name, component, x, y, a]).toEqual(b);
          }
        }
      });
      expect(whole).toBeGreaterThan(40);
    });

    it('changes no sample where the matte is 0', () => {
      const plate = noisePlate(name, WIDTH, HEIGHT);
      const before = cutRegion(plate, regionUnder(FINE, SIZE, plate));
      const { region, matte } = covered(plate, FINE);
      const { roi, format } = region;
      const samples = ({ bytes }: Region) => planesOf(format, bytes, roi.width, roi.height);
      outside(format, roi.width, roi.height, matte).forEach((indices, k) => {
        const [was, is] = [samples(before)[k]?.samples, samples(region)[k]?.samples];
        for (const i of indices) if (was?.[i] !== is?.[i]) expect([k, i, is?.[i]]).toEqual(was?.[i]);
      });
    });
  });

  it('writes the colour that was asked for, in code values of the reel’s own transfer', () => {
    const plate = noisePlate('gbrp10le', WIDTH, HEIGHT);
    const { region, matte } = covered(plate, FINE, colourOf('log'));
    const { roi, format } = region;
    const middle = matte.findIndex((alpha, i) => alpha === 65535 && i > (roi.width * roi.height) / 2);
    const code = planesOf(format, region.bytes, roi.width, roi.height)[0]?.samples[middle] as number;
    expect(Math.abs(code - 1023 * transferCurve('log').fromDisplay(GREY))).toBeLessThan(1.1);
  });
});

/** True where the matte is 1 over a sample's pixels and one sample around. */
function isWhole(matte: Uint16Array, width: number, x: number, y: number, pitch: number): boolean {
  for (let j = y - pitch; j < y + 2 * pitch; j++) {
    for (let i = x - pitch; i < x + 2 * pitch; i++) if (matte[j * width + i] !== 65535) return false;
  }
  return true;
}
