import { type ConformanceCase, EXACT, ROUNDING } from './conformance-case.ts';
import { disc, seededPlane, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 48;
const AREA = SIZE * SIZE;

export function pixelCases(): ConformanceCase[] {
  const rgb = seededRgb(SIZE, 51);
  const other = seededRgb(SIZE, 52);
  const mask = disc(SIZE, 17);
  const share = seededPlane(SIZE, 53).map((v) => Math.min(1, Math.max(0, v)));
  const detail = seededPlane(SIZE, 54)
    .slice(0, 13 * 7)
    .map((v) => v - 0.5);
  const added = { x: 5, y: 20, strength: 0.7, most: 0.1 };
  return [
    {
      operation: 'planes',
      input: 'the second of three',
      tolerance: EXACT,
      found: (compute) => taken(compute, compute.planes(squareOf(compute, rgb), [1])),
      expected: () => rgb.subarray(AREA, 2 * AREA),
    },
    {
      operation: 'planes',
      input: 'the third and the first of three, and all of them',
      tolerance: EXACT,
      async found(compute) {
        const some = await taken(compute, compute.planes(squareOf(compute, rgb), [2, 0]));
        return [...some, ...(await taken(compute, compute.planes(squareOf(compute, rgb), [0, 1, 2])))];
      },
      expected: () => Float32Array.of(...rgb.subarray(2 * AREA), ...rgb.subarray(0, AREA), ...rgb),
    },
    {
      operation: 'joined',
      input: 'three planes and one',
      tolerance: EXACT,
      found: (compute) => taken(compute, compute.joined([squareOf(compute, rgb), squareOf(compute, mask)])),
      expected: () => Float32Array.of(...rgb, ...mask),
    },
    {
      operation: 'difference',
      input: 'three planes',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.difference(squareOf(compute, rgb), squareOf(compute, other))),
      expected: () => rgb.map((v, i) => v - (other[i] as number)),
    },
    {
      operation: 'difference',
      input: 'three planes, one of them brighter, under a mask',
      tolerance: ROUNDING,
      found(compute) {
        const options = { gain: 1.3, where: squareOf(compute, mask) };
        return taken(compute, compute.difference(squareOf(compute, rgb), squareOf(compute, other), options));
      },
      expected: () => rgb.map((v, i) => ((mask[i % AREA] as number) > 0 ? v - 1.3 * (other[i] as number) : 0)),
    },
    {
      operation: 'addedToLuma',
      input: 'a detail of 13 × 7 pixels, some of it beyond the bound',
      tolerance: ROUNDING,
      found: (compute) =>
        taken(compute, compute.addedToLuma(squareOf(compute, rgb), compute.image(detail, 13, 7, 1), added)),
      expected: () =>
        rgb.map((v, i) => {
          const [x, y] = [(i % SIZE) - added.x, Math.floor((i % AREA) / SIZE) - added.y];
          if (x < 0 || y < 0 || x >= 13 || y >= 7) return v;
          return v + Math.min(added.most, Math.max(-added.most, added.strength * (detail[13 * y + x] as number)));
        }),
    },
    {
      operation: 'crossFaded',
      input: 'three planes, where looked at',
      tolerance: ROUNDING,
      found(compute) {
        const options = { share: squareOf(compute, share), enough: 0.6, where: squareOf(compute, mask) };
        return taken(compute, compute.crossFaded(squareOf(compute, rgb), squareOf(compute, other), options));
      },
      expected: () =>
        rgb.map((v, i) => {
          const t = share[i % AREA] as number;
          return t >= 0.6 || (mask[i % AREA] as number) === 0 ? v : t * v + (1 - t) * (other[i] as number);
        }),
    },
  ];
}
