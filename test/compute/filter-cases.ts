import { type ConformanceCase, ROUNDING } from './conformance-case.ts';
import { boxBlur, doubled, eachPlane, gaussian, halved, luma } from './reference.ts';
import { seededPlane, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 48;

export function filterCases(): ConformanceCase[] {
  const rgb = seededRgb(SIZE, 11);
  const plane = seededPlane(SIZE, 12);
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
  ];
}
