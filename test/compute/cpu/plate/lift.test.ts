import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { liftPatch } from '../../../../src/compute/cpu/plate/lift.ts';
import { regionUnder } from '../../../../src/compute/region-under.ts';
import type { Similarity } from '../../../../src/face/similarity.ts';
import { lumaWeights, transferCurve } from '../../../../src/film/colour.ts';
import { cutRegion } from '../../../../src/film/plate.ts';
import type { PlateColour } from '../../../../src/film/plate-colour.ts';
import { drawnPlate, noisePlate } from '../../plates.ts';

const WIDTH = 97;
const HEIGHT = 71;
const SIZE = 64;
/** Turned, a little finer than the plate, somewhere in the middle. */
const TO_PATCH: Similarity = { a: 1.3, b: 0.4, tx: -20, ty: -35 };
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

function colourOf(tags: PlateColour['tags'] = {}, transfer: PlateColour['transfer'] = 'rec709'): PlateColour {
  return { tags, transfer, plateHeight: HEIGHT };
}

/** Largest and mean difference of a patch from `expected(plateX, plateY)` a channel, where the patch lies on the plate. */
function error(rgb: Float32Array, toPatch: Similarity, expected: (x: number, y: number) => readonly number[]): number {
  const scale = toPatch.a ** 2 + toPatch.b ** 2;
  let worst = 0;
  for (let j = 0; j < SIZE; j++) {
    for (let i = 0; i < SIZE; i++) {
      const u = i + 0.5 - toPatch.tx;
      const v = j + 0.5 - toPatch.ty;
      const x = (toPatch.a * u + toPatch.b * v) / scale;
      const y = (-toPatch.b * u + toPatch.a * v) / scale;
      if (x < 12 || y < 12 || x > WIDTH - 12 || y > HEIGHT - 12) continue;
      expected(x, y).forEach((value, k) => {
        worst = Math.max(worst, Math.abs((rgb[k * SIZE * SIZE + j * SIZE + i] as number) - value));
      });
    }
  }
  return worst;
}

describe('liftPatch', () => {
  it.each([
    ['yuv420p', 'left'],
    ['yuv420p', 'center'],
    ['yuv420p', 'topleft'],
    ['yuv420p10le', 'top'],
    ['yuv420p10le', 'bottomleft'],
    ['yuv422p10le', 'left'],
    ['yuv440p', 'center'],
    ['yuv411p', 'left'],
    ['yuv410p', 'center'],
  ])('puts chroma of %s where %s says it lies', (name, chromaLocation) => {
    // Luma and chroma are planes over the plate; chroma is sampled at the sites by another road than the one under test.
    const colour = colourOf({ chromaLocation, matrix: 'bt709' });
    const step = name.endsWith('10le') ? 4 : 1;
    const format = noisePlate(name, 4, 4).format;
    const luma = (x: number, y: number) => 0.3 + 0.002 * x + 0.001 * y;
    const blue = (x: number, y: number) => 0.001 * x - 0.002 * y;
    const red = (x: number, y: number) => 0.002 * x - 0.001 * y;
    const { shiftX, shiftY } = format.planes[1] ?? { shiftX: 0, shiftY: 0 };
    const siteX = (i: number) => (i << shiftX) + (chromaLocation.endsWith('left') ? 0.5 : 2 ** shiftX / 2);
    const offsetY = chromaLocation.startsWith('top')
      ? 0.5
      : chromaLocation.startsWith('bottom')
        ? 2 ** shiftY - 0.5
        : 2 ** shiftY / 2;
    const drawn = drawnPlate(name, WIDTH, HEIGHT, (k, x, y) => {
      if (k === 0) return Math.round((16 + 219 * luma(x + 0.5, y + 0.5)) * step);
      return Math.round((128 + 224 * (k === 1 ? blue : red)(siteX(x), (y << shiftY) + offsetY)) * step);
    });
    const rgb = liftPatch(cutRegion(drawn, WHOLE), { size: SIZE, toPatch: TO_PATCH, colour });
    // Half a code of luma plus 1.86 halves of chroma, with Catmull-Rom's overshoot (1.25² at worst).
    const tolerance = (1.25 ** 2 * (0.5 / 219 + (1.8556 * 0.5) / 224)) / step;
    expect(
      error(rgb, TO_PATCH, (x, y) => {
        const r = luma(x, y) + 1.5748 * red(x, y);
        const b = luma(x, y) + 1.8556 * blue(x, y);
        return [r, (luma(x, y) - 0.2126 * r - 0.0722 * b) / 0.7152, b];
      }),
    ).toBeLessThan(tolerance);
  });

  it('takes a wrong siting for a shift of the colours', () => {
    const ramp = drawnPlate('yuv420p', WIDTH, HEIGHT, (k, x) => (k === 1 ? 40 + 4 * x : 128));
    const region = cutRegion(ramp, WHOLE);
    const left = liftPatch(region, { size: SIZE, toPatch: TO_PATCH, colour: colourOf({ chromaLocation: 'left' }) });
    const centre = liftPatch(region, { size: SIZE, toPatch: TO_PATCH, colour: colourOf({ chromaLocation: 'center' }) });
    const blueAt = 2 * SIZE * SIZE + 32 * SIZE + 32;
    // Half a pixel of a slope of 2 codes a pixel.
    expect((left[blueAt] as number) - (centre[blueAt] as number)).toBeCloseTo((2 * 0.5 * 1.772) / 224, 4);
  });

  it.each(['rec709', 'log', 'linear', 'pq'] as const)(
    'shows %s RGB display-referred, at black, white and between',
    (transfer) => {
      for (const name of ['gbrp10le', 'gbrpf32le', 'gray16le']) {
        const max = name === 'gbrp10le' ? 1023 : name === 'gray16le' ? 65535 : 1;
        for (const code of [0, 0.093, 0.3, 0.67, 1]) {
          const sample = max === 1 ? code : Math.round(code * max);
          const rgb = liftPatch(
            cutRegion(
              drawnPlate(name, WIDTH, HEIGHT, () => sample),
              WHOLE,
            ),
            { size: SIZE, toPatch: TO_PATCH, colour: colourOf({}, transfer) },
          );
          const display = transferCurve(transfer).toDisplay(sample / max);
          for (const value of [rgb[0], rgb[SIZE * SIZE], rgb[3 * SIZE * SIZE - 1]])
            expect(value).toBeCloseTo(display, 4);
        }
      }
    },
  );

  it.each(['tv', 'pc'] as const)('keeps a neutral wedge neutral through YUV in %s range', (range) => {
    for (const matrix of ['bt709', 'smpte170m', 'bt2020nc']) {
      const plate = drawnPlate('yuv422p10le', WIDTH, HEIGHT, (k, x) => (k === 0 ? 64 + 9 * x : 512));
      const rgb = liftPatch(cutRegion(plate, WHOLE), {
        size: SIZE,
        toPatch: TO_PATCH,
        colour: colourOf({ range, matrix }),
      });
      const n = SIZE * SIZE;
      for (let i = 0; i < n; i++) {
        expect(Math.abs((rgb[i] as number) - (rgb[n + i] as number))).toBeLessThan(1e-6);
        expect(Math.abs((rgb[i] as number) - (rgb[2 * n + i] as number))).toBeLessThan(1e-6);
      }
    }
  });

  it('reads the colours of a test chart as they were encoded', () => {
    const chart = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.9, 0.7, 0.6],
      [0, 0, 0],
      [1, 1, 1],
    ] as const;
    for (const matrix of ['bt709', 'smpte170m', 'bt2020nc', 'smpte240m']) {
      const { kr, kb } = lumaWeights(matrix, HEIGHT);
      for (const [r, g, b] of chart) {
        const y = kr * r + (1 - kr - kb) * g + kb * b;
        const codes = [64 + 876 * y, 512 + (896 * (b - y)) / (2 - 2 * kb), 512 + (896 * (r - y)) / (2 - 2 * kr)];
        const plate = drawnPlate('yuv420p10le', WIDTH, HEIGHT, (k) => Math.round(codes[k] as number));
        const rgb = liftPatch(cutRegion(plate, WHOLE), { size: SIZE, toPatch: TO_PATCH, colour: colourOf({ matrix }) });
        [r, g, b].forEach((value, k) => {
          expect(Math.abs((rgb[k * SIZE * SIZE + 99] as number) - value)).toBeLessThan(2 / 896 + 1e-6);
        });
      }
    }
  });

  it.each([
    ['yuv420p', 'bt709', 'tv'],
    ['yuv422p10le', 'smpte170m', 'tv'],
    ['yuv444p12le', 'bt2020nc', 'pc'],
  ] as const)('reads colours that ffmpeg encoded as %s, %s, %s', (name, matrix, range) => {
    for (const [r, g, b] of [
      [200, 150, 80],
      [20, 90, 220],
      [128, 128, 128],
    ] as const) {
      const hex = [r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('');
      const bytes = execFileSync('ffmpeg', [
        ...['-v', 'error', '-f', 'lavfi', '-i', `color=c=0x${hex}:s=64x64,format=gbrp16le`, '-frames:v', '1'],
        ...['-vf', `scale=out_color_matrix=${matrix}:out_range=${range}:flags=accurate_rnd,format=${name}`],
        ...['-f', 'rawvideo', '-'],
      ]);
      const plate = drawnPlate(name, 64, 64, () => 0);
      plate.bytes.set(bytes);
      const whole = { x: 0, y: 0, width: 64, height: 64 };
      const rgb = liftPatch(cutRegion(plate, whole), {
        size: SIZE,
        toPatch: TO_PATCH,
        colour: colourOf({ matrix, range }),
      });
      // One code of luma, and one of chroma through the matrix's largest weight.
      const codes = 2 ** (plate.format.bits - 8);
      [r, g, b].forEach((value, k) => {
        expect(Math.abs((rgb[k * SIZE * SIZE] as number) - value / 255)).toBeLessThan((1 / 219 + 1.9 / 224) / codes);
      });
    }
  });

  it('averages, and does not alias, where a patch pixel covers several plate pixels', () => {
    const plate = drawnPlate('gray', 256, 256, (_, x) => (x % 2 === 0 ? 0 : 255));
    const rgb = liftPatch(cutRegion(plate, { x: 0, y: 0, width: 256, height: 256 }), {
      size: 64,
      toPatch: { a: 0.25, b: 0, tx: 0, ty: 0 },
      colour: colourOf(),
    });
    for (let i = 64 * 32 + 4; i < 64 * 32 + 60; i++) expect(rgb[i]).toBeCloseTo(0.5, 2);
  });

  it('gives the same bits from a region cut closer or wider', () => {
    for (const name of ['yuv420p', 'yuv411p', 'gbrp16le', 'gray']) {
      const plate = noisePlate(name, 301, 299);
      const toPatch = { a: 1.21, b: -0.33, tx: -110, ty: -40 };
      const near = regionUnder(toPatch, SIZE, plate);
      const colour = colourOf({}, 'log');
      const far = { x: 0, y: 0, width: 301, height: 299 };
      expect(near.width).toBeLessThan(120);
      expect(liftPatch(cutRegion(plate, near), { size: SIZE, toPatch, colour })).toEqual(
        liftPatch(cutRegion(plate, far), { size: SIZE, toPatch, colour }),
      );
    }
  });

  it('repeats the edge of the plate where the patch reaches beyond it', () => {
    const plate = drawnPlate('gray', WIDTH, HEIGHT, (_, x) => (x === 0 ? 200 : 50));
    const rgb = liftPatch(cutRegion(plate, WHOLE), {
      size: SIZE,
      toPatch: { a: 1, b: 0, tx: 32, ty: 0 },
      colour: colourOf(),
    });
    expect(rgb[10]).toBeCloseTo(200 / 255, 6);
  });

  it('passes on one bad sample of a float scan as one bad sample', () => {
    const plate = drawnPlate('gbrpf32le', WIDTH, HEIGHT, (_, x, y) => (x === 50 && y === 30 ? Number.NaN : 0.5));
    const rgb = liftPatch(cutRegion(plate, WHOLE), { size: SIZE, toPatch: TO_PATCH, colour: colourOf({}, 'linear') });
    expect(rgb.every(Number.isFinite)).toBe(true);
  });
});
