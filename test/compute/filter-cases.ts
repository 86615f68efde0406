import { type ConformanceCase, ROUNDING } from './conformance-case.ts';
import { boxBlur, doubled, eachPlane, gaussian, halved, luma } from './reference.ts';
import { seededPlane, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 48;
const LARGE = 96;

export function filterCases(): ConformanceCase[] {
  const rgb = seededRgb(SIZE, 11);
  const plane = seededPlane(SIZE, 12);
  const large = seededPlane(LARGE, 13);
  const odd = plane.subarray(0, 37 * 23);
  return [
    {
      operation: 'luma',
      input: 'three planes',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.luma(squareOf(compute, rgb))),
      expected: () => luma(rgb),
    },
    {
      operation: 'halved',
      input: 'three planes',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.halved(squareOf(compute, rgb))),
      expected: () => eachPlane(rgb, (one) => halved(one, SIZE)),
    },
    {
      operation: 'halvedLuma',
      input: 'three planes',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.halvedLuma(squareOf(compute, rgb))),
      expected: () => halved(luma(rgb), SIZE),
    },
    {
      operation: 'doubled',
      input: 'one plane',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.doubled(squareOf(compute, plane))),
      expected: () => doubled(plane, SIZE),
    },
    ...[0.3, 1.2, 4.5].map(
      (sigma): ConformanceCase => ({
        operation: 'gaussian',
        input: `37 × 23 pixels, sigma ${sigma}`,
        tolerance: ROUNDING,
        found: (compute) => taken(compute, compute.gaussian(compute.image(odd, 37, 23, 1), sigma)),
        expected: () => gaussian(odd, 37, 23, sigma),
      }),
    ),
    ...(
      [
        [0.75, 1],
        [3, 2],
        [20, 2],
      ] as const
    ).map(
      ([sigma, passes]): ConformanceCase => ({
        operation: 'boxBlur',
        input: `sigma ${sigma} in ${passes} passes`,
        tolerance: ROUNDING,
        found: (compute) => taken(compute, compute.boxBlur(squareOf(compute, plane), sigma, passes)),
        expected: () => boxBlur(plane, SIZE, sigma, passes),
      }),
    ),
    {
      operation: 'fastGaussian',
      input: 'sigma 1.2',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.fastGaussian(squareOf(compute, plane), 1.2)),
      expected: () => gaussian(plane, SIZE, SIZE, 1.2),
    },
    {
      operation: 'fastGaussian',
      input: 'sigma 6, out of reach of the edge',
      tolerance: {
        ...ROUNDING,
        most: 2e-3,
        reason: 'A wide blur may be made on a smaller picture: 0.2 % of full scale.',
      },
      found: (compute) => taken(compute, compute.fastGaussian(squareOf(compute, large), 6)),
      expected: () =>
        gaussian(large, LARGE, LARGE, 6).map((v, i) =>
          [i % LARGE, Math.floor(i / LARGE)].every((x) => x >= 18 && x < LARGE - 18) ? v : Number.NaN,
        ),
    },
  ];
}
