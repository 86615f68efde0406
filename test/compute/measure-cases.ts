import type { Compute } from '../../src/compute/compute.ts';
import type { MeasuredFace } from '../../src/compute/measures.ts';
import { type ConformanceCase, EXACT, ROOTED, ROUNDING } from './conformance-case.ts';
import { disc, seededRgb, squareOf } from './seeded-images.ts';

const SIZE = 96;
const AREA = SIZE * SIZE;

export function measureCases(): ConformanceCase[] {
  // A smooth face with lashes in one place: fine lines four pixels apart.
  const plate = seededRgb(SIZE, 71, 0).map((v, i) => v + (isLash(i) ? 0.1 : 0));
  const matte = disc(SIZE, 40);
  // Brighter by a tenth, and rubbish where nobody looks.
  const rubbish = plate.map((v, i) => ((matte[i % AREA] as number) > 0 ? v + 0.1 : 1e30));
  const brighter = plate.map((v) => v + 0.1);
  const figuresOf = async (compute: Compute, shown: Float32Array, mask: Float32Array): Promise<MeasuredFace> => {
    using before = squareOf(compute, plate);
    using after = squareOf(compute, shown);
    using where = squareOf(compute, mask);
    return (await compute.statistics({ face: compute.measuredFace(before, after, where) })).face;
  };
  return [
    {
      operation: 'measuredFace',
      input: 'how much brighter a face is, in all and cell by cell, whatever lies outside its matte',
      tolerance: ROUNDING,
      async found(compute) {
        const { before, after, beforeGrid, afterGrid } = await figuresOf(compute, rubbish, matte);
        return [before, after - before, ...afterGrid.map((v, cell) => v - (beforeGrid[cell] as number))];
      },
      expected() {
        const weight = matte.reduce((sum, w) => sum + w, 0);
        const change = matte.reduce((sum, w) => sum + w * w * 0.1, 0) / weight;
        const mean = matte.reduce((sum, w, i) => sum + w * lumaAt(plate, i), 0) / weight;
        return [mean, change, ...cellChanges(matte)];
      },
    },
    {
      operation: 'measuredFace',
      input: 'the detail of a face, which brightness takes from',
      tolerance: ROOTED,
      async found(compute) {
        const { before, after, sharpnessBefore, sharpnessAfter } = await figuresOf(
          compute,
          brighter,
          new Float32Array(AREA).fill(1),
        );
        return [(sharpnessAfter * after) / (sharpnessBefore * before)];
      },
      expected: () => [1],
    },
    {
      operation: 'measuredFace',
      input: 'nothing under an empty matte',
      tolerance: EXACT,
      async found(compute) {
        const { before, after, sharpnessBefore, sharpnessAfter } = await figuresOf(
          compute,
          rubbish,
          new Float32Array(AREA),
        );
        return [before, after, sharpnessBefore, sharpnessAfter];
      },
      expected: () => [0, 0, 0, 0],
    },
  ];
}

function isLash(i: number): boolean {
  const [x, y] = [i % SIZE, Math.floor((i % AREA) / SIZE)];
  return x >= 30 && x < 60 && y >= 40 && y < 50 && x % 4 < 2;
}

function lumaAt(rgb: Float32Array, i: number): number {
  return 0.2126 * (rgb[i] as number) + 0.7152 * (rgb[AREA + i] as number) + 0.0722 * (rgb[2 * AREA + i] as number);
}

/** By how much each of 24 × 24 cells is brighter: 0.1 of its matte, weighed by the matte; not a number where it fills less than half. */
function cellChanges(matte: Float32Array): number[] {
  const side = SIZE / 24;
  return Array.from({ length: 24 * 24 }, (_, cell) => {
    let sum = 0;
    let weight = 0;
    for (let k = 0; k < side * side; k++) {
      const y = side * Math.floor(cell / 24) + Math.floor(k / side);
      const w = matte[y * SIZE + side * (cell % 24) + (k % side)] as number;
      sum += 0.1 * w * w;
      weight += w;
    }
    return weight >= (side * side) / 2 ? sum / weight : Number.NaN;
  });
}
