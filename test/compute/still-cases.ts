import { type ConformanceCase, OVER_VARIANCE, ROUNDING } from './conformance-case.ts';
import { boxBlur, gaussian, type Plane } from './reference.ts';
import { disc, seededPlane, squareOf, stackOf, taken } from './seeded-images.ts';

const SIZE = 64;
const AREA = SIZE * SIZE;
const FLOOR = 3 / 255;
const LIKENESS = { sigma: 4, floor: FLOOR };
const CONTRAST = { sigma: 5, floor: FLOOR, most: 1.2 };

export function stillCases(): ConformanceCase[] {
  const a = seededPlane(SIZE, 71);
  const b = Float32Array.from(gaussian(seededPlane(SIZE, 71), SIZE, SIZE, 1.6));
  const flatter = a.map((v) => 0.5 + 0.4 * (v - 0.5));
  return [
    {
      operation: 'localLikeness',
      input: 'a picture, and its blur and a flatter one',
      tolerance: OVER_VARIANCE,
      found: (compute) =>
        taken(compute, compute.localLikeness(squareOf(compute, a), stackOf(compute, [b, flatter]), LIKENESS)),
      expected: () =>
        [b, flatter].flatMap((other) => {
          const { meanA, meanB, squareA, squareB, product } = moments(a, other, LIKENESS.sigma, 1);
          return Array.from(product, (p, i) => {
            const [u, v] = [meanA[i] as number, meanB[i] as number];
            const variances = (squareA[i] as number) - u * u + (squareB[i] as number) - v * v;
            return (2 * (p - u * v)) / (variances + 2 * FLOOR ** 2);
          });
        }),
    },
    {
      operation: 'localContrast',
      input: 'a blurred picture for the sharp one’s and a flatter one’s',
      tolerance: OVER_VARIANCE,
      found: (compute) =>
        taken(compute, compute.localContrast(squareOf(compute, b), stackOf(compute, [a, flatter]), CONTRAST)),
      expected: () =>
        [a, flatter].flatMap((other) => {
          const { meanA, meanB, squareB, product } = moments(b, other, CONTRAST.sigma, 2);
          return Array.from(product, (p, i) => {
            const [u, v] = [meanA[i] as number, meanB[i] as number];
            const slope = (p - u * v + FLOOR ** 2) / ((squareB[i] as number) - v * v + FLOOR ** 2);
            return Math.min(CONTRAST.most, Math.max(0, slope));
          });
        }),
    },
    {
      operation: 'localError',
      input: 'a picture, and its blur and a flatter one',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.localError(squareOf(compute, a), stackOf(compute, [b, flatter]), 3)),
      expected: () => [b, flatter].flatMap((other) => [...boxBlur(squaresOf(a, other), SIZE, 3, 2)]),
    },
    {
      operation: 'above',
      input: 'what two planes have above ½, and its means',
      tolerance: ROUNDING,
      async found(compute) {
        const { image, sums } = compute.above(stackOf(compute, [a, flatter]), 0.5);
        const told = await compute.statistics({ sums });
        return [...(await taken(compute, image)), ...told.sums.map((sum) => sum / AREA)];
      },
      expected: () => {
        const over = [a, flatter].map((plane) => Array.from(plane, (v) => Math.max(0, v - 0.5)));
        return [...over.flat(), ...over.map((plane) => plane.reduce((sum, v) => sum + v, 0) / AREA)];
      },
    },
    ...squareCases(a, flatter),
  ];
}

function squareCases(a: Float32Array, b: Float32Array): ConformanceCase[] {
  const weights = [disc(SIZE, 20), b];
  const planes = [a, b, a, a];
  return [
    {
      operation: 'weighedSquares',
      input: 'four planes under two weights, a mean over their pixels',
      tolerance: ROUNDING,
      async found(compute) {
        const sums = compute.weighedSquares(stackOf(compute, planes), stackOf(compute, weights));
        return (await compute.statistics({ sums })).sums.map((sum) => sum / AREA);
      },
      expected: () =>
        planes.map((plane, k) => {
          const weight = weights[k % 2] as Float32Array;
          return plane.reduce((sum, v, i) => sum + (weight[i] as number) * v * v, 0) / AREA;
        }),
    },
  ];
}

/** Local means of two pictures, of their squares, and of their product. */
function moments(a: Plane, b: Plane, sigma: number, passes: number) {
  const mean = (of: (i: number) => number) =>
    boxBlur(
      Float64Array.from({ length: AREA }, (_, i) => of(i)),
      SIZE,
      sigma,
      passes,
    );
  const [p, q] = [(i: number) => a[i] as number, (i: number) => b[i] as number];
  return {
    meanA: mean(p),
    meanB: mean(q),
    squareA: mean((i) => p(i) ** 2),
    squareB: mean((i) => q(i) ** 2),
    product: mean((i) => p(i) * q(i)),
  };
}

function squaresOf(a: Plane, b: Plane): Float64Array {
  return Float64Array.from(a, (v, i) => (v - (b[i] as number)) ** 2);
}
