import { type ConformanceCase, EXACT, ROUNDING } from './conformance-case.ts';
import { boxBlur, decimated, doubled, eachPlane, gaussian, halved, luma, resized } from './reference.ts';
import { seededPlane, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 48;
const PART = { x: 9, y: 3, width: 11, height: 4 };

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
      operation: 'part',
      input: '11 × 4 pixels of 37 × 23, two planes',
      tolerance: EXACT,
      found: (compute) => taken(compute, compute.part(compute.image(rgb.subarray(0, 2 * 37 * 23), 37, 23, 2), PART)),
      expected: () =>
        Float32Array.from({ length: 2 * PART.width * PART.height }, (_, o) => {
          const row = Math.floor(o / PART.width) % PART.height;
          const first = o < PART.width * PART.height ? 0 : 37 * 23;
          return rgb[first + (PART.y + row) * 37 + PART.x + (o % PART.width)] as number;
        }),
    },
    {
      operation: 'decimated',
      input: '37 × 23 pixels',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.decimated(compute.image(odd, 37, 23, 1))),
      expected: () => decimated(odd, 37, 23),
    },
    {
      operation: 'decimated',
      input: 'three planes of even side',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.decimated(squareOf(compute, rgb))),
      expected: () => eachPlane(rgb, (one) => decimated(one, SIZE, SIZE)),
    },
    ...[16, 100].map(
      (side): ConformanceCase => ({
        operation: 'resized',
        input: `from a side of ${SIZE} to ${side}`,
        tolerance: ROUNDING,
        found: (compute) => taken(compute, compute.resized(squareOf(compute, plane), side)),
        expected: () => resized(plane, SIZE, side),
      }),
    ),
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
