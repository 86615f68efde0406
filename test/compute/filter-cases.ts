import { type ConformanceCase, EXACT, ROUNDING, type Tolerance } from './conformance-case.ts';
import { boxBlur, decimated, doubled, eachPlane, gaussian, halved, luma, resized } from './reference.ts';
import { seededPlane, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 48;
const LARGE = 96;
const PART = { x: 9, y: 3, width: 11, height: 4 };
const WIDE: Tolerance = {
  name: 'wide blur',
  most: 2e-3,
  share: 0,
  reason: 'A Gaussian may be made on a smaller picture, to 0.2 % of full scale away from the edges.',
};

export function filterCases(): ConformanceCase[] {
  const rgb = seededRgb(SIZE, 11);
  const plane = seededPlane(SIZE, 12);
  const large = seededPlane(LARGE, 13);
  const isMiddle = (i: number) => [i % LARGE, Math.floor(i / LARGE)].every((at) => at >= 24 && at < LARGE - 24);
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
    {
      operation: 'atSide',
      input: 'three planes at a quarter of their side, at twice and four times it, and as they are',
      tolerance: ROUNDING,
      async found(compute) {
        const sides = [SIZE / 4, 2 * SIZE, 4 * SIZE, SIZE];
        const scaled = sides.map((side) => taken(compute, compute.atSide(squareOf(compute, rgb), side)));
        return (await Promise.all(scaled)).flatMap((samples) => [...samples]);
      },
      expected: () => [
        ...eachPlane(rgb, (one) => halved(halved(one, SIZE), SIZE / 2)),
        ...eachPlane(rgb, (one) => doubled(one, SIZE)),
        ...eachPlane(rgb, (one) => doubled(doubled(one, SIZE), 2 * SIZE)),
        ...rgb,
      ],
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
    {
      operation: 'blurTo',
      input: 'a wider blur than it has',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.blurTo(squareOf(compute, rgb), 1.5, 2.5)),
      expected: () => eachPlane(rgb, (one) => gaussian(one, SIZE, SIZE, 2)),
    },
    {
      operation: 'blurTo',
      input: 'a blur so wide that a smaller picture will do',
      tolerance: WIDE,
      found: (compute) => taken(compute, compute.blurTo(squareOf(compute, large), 0, 8)),
      expected: () => gaussian(large, LARGE, LARGE, 8).map((v, i) => (isMiddle(i) ? v : Number.NaN)),
    },
    {
      operation: 'blurTo',
      input: 'a blur that is no wider than it has',
      tolerance: EXACT,
      found: (compute) => taken(compute, compute.blurTo(squareOf(compute, rgb), 2, 2)),
      expected: () => rgb,
    },
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
