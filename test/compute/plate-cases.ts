import { ditherAt, ditherRow } from '../../src/compute/cpu/plate/dither.ts';
import { regionUnder } from '../../src/compute/region-under.ts';
import { applyX, applyY, invert, type Similarity } from '../../src/face/similarity.ts';
import { cutRegion, planesOf } from '../../src/film/plate.ts';
import { CODES, type ConformanceCase, EXACT, ROUNDING } from './conformance-case.ts';
import { drawnPlate } from './plates.ts';
import { disc, squareOf, taken } from './seeded-images.ts';

const SIZE = 64;
const [WIDTH, HEIGHT] = [96, 80];
/** Upright and turned; patch pixels finer than the plate's, and coarser. */
const FINE: Similarity = { a: 1.25, b: 0.2, tx: -25, ty: -30 };
const COARSE: Similarity = { a: 0.75, b: -0.1, tx: -8, ty: -2 };

/** Codes by which a restored face is brighter. */
const CHANGE = 20.5;
const DITHER = { frame: 4, seed: 9 };

export function plateCases(): ConformanceCase[] {
  return [
    ...lifts('gbrp16le', FINE),
    ...lifts('gbrp10le', COARSE),
    ...lifts('yuv444p12le', FINE),
    ...applies('gbrp10le', FINE),
    ...applies('gray16le', FINE),
  ];
}

/** A grey ramp: cubic sampling reproduces it, so a patch's every pixel is known, but for what the codes round. */
function rampOn(format: string) {
  const bits = Number(/\d+(?=le)/.exec(format)?.[0]);
  const unit = 2 ** bits - 1;
  const plate = drawnPlate(format, WIDTH, HEIGHT, (k, x, y) =>
    format.startsWith('yuv') && k > 0 ? 2 ** (bits - 1) : codeOf(x + 0.5, y + 0.5, unit),
  );
  const colour = { tags: { range: 'pc' }, transfer: 'rec709', plateHeight: HEIGHT } as const;
  return { plate, unit, colour };
}

/** Whole codes, so that nothing is rounded: a 1024th of the range a pixel across, two down. */
function codeOf(x: number, y: number, unit: number): number {
  return Math.floor(unit / 4) + Math.floor(unit / 1024) * (x - 0.5 + 2 * (y - 0.5));
}

function lifts(format: string, toPatch: Similarity): ConformanceCase[] {
  const { plate, unit, colour } = rampOn(format);
  const region = cutRegion(plate, regionUnder(toPatch, SIZE, plate));
  const inside = insidePixels(toPatch);
  return [
    {
      operation: 'lift',
      input: `a ramp on ${format}, ${toPatch.a > 1 ? 'enlarged' : 'shrunk'}`,
      tolerance: ROUNDING,
      async found(compute) {
        const rgb = await taken(compute, compute.lift(region, { size: SIZE, toPatch, colour }));
        return [0, 1, 2].flatMap((k) => inside.map(({ i }) => rgb[k * SIZE * SIZE + i] as number));
      },
      expected: () => [0, 1, 2].flatMap(() => inside.map(({ x, y }) => codeOf(x, y, unit) / unit)),
    },
  ];
}

/** Patch pixels well inside the plate, where no edge is repeated, and where they lie on it. */
function insidePixels(toPatch: Similarity) {
  const toPlate = invert(toPatch);
  return Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [u, v] = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5];
    return { i, x: applyX(toPlate, u, v), y: applyY(toPlate, u, v) };
  }).filter(({ x, y }) => x > 4 && y > 4 && x < WIDTH - 4 && y < HEIGHT - 4);
}

function applies(format: string, toPatch: Similarity): ConformanceCase[] {
  const { plate, unit, colour } = rampOn(format);
  const region = cutRegion(plate, regionUnder(toPatch, SIZE, plate));
  const original = new Float32Array(3 * SIZE * SIZE).fill(0.5);
  const brighter = original.map((v) => v + CHANGE / unit);
  const place = { size: SIZE, toPatch, colour };
  const { width, height } = region.roi;
  const before = () => planesOf(region.format, region.bytes, width, height);
  const applied =
    (rgb: Float32Array): ConformanceCase['found'] =>
    async (compute) => {
      using lifted = squareOf(compute, original);
      using painted = squareOf(compute, rgb);
      using matte = squareOf(compute, disc(SIZE, 20));
      const result = await compute.apply(region, place, { original: lifted, rgb: painted, matte }, DITHER);
      return planesOf(region.format, result.region.bytes, width, height).flatMap(({ samples }) => [...samples]);
    };
  return [
    {
      operation: 'apply',
      input: `nothing that was changed on ${format}`,
      tolerance: EXACT,
      found: applied(original),
      expected: () => before().flatMap(({ samples }) => [...samples]),
    },
    {
      operation: 'apply',
      input: `a disc that is 20½ codes brighter on ${format}`,
      tolerance: CODES,
      found: applied(brighter),
      expected: () =>
        before().flatMap(({ samples }, k) =>
          Array.from(samples, (code, i) => {
            const [column, row] = [region.roi.x + (i % width), region.roi.y + Math.floor(i / width)];
            const [x, y] = [column + 0.5, row + 0.5];
            const dither = ditherAt(ditherRow(DITHER.seed, DITHER.frame, k, row), column);
            const away = Math.hypot(applyX(toPatch, x, y) - SIZE / 2, applyY(toPatch, x, y) - SIZE / 2);
            // Within the filter's reach of the rim the change is between.
            return away < 18 ? Math.floor(code + CHANGE + dither) : away > 22 ? code : Number.NaN;
          }),
        ),
    },
  ];
}
