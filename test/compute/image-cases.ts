import { type ConformanceCase, EXACT, MEASURED } from './conformance-case.ts';
import { seededPlane, squareOf, taken } from './seeded-images.ts';

export function imageCases(): ConformanceCase[] {
  const odd = seededPlane(32, 1).slice(0, 2 * 23 * 7);
  const shared = new Float32Array(new SharedArrayBuffer(4 * 64));
  shared.set(odd.subarray(0, 64));
  return [
    {
      operation: 'image',
      input: 'two planes of 23 × 7',
      tolerance: EXACT,
      found: (compute) => taken(compute, compute.image(odd, 23, 7, 2)),
      expected: () => odd,
    },
    {
      operation: 'image',
      input: 'samples on shared memory',
      tolerance: EXACT,
      found: (compute) => taken(compute, compute.image(shared, 8, 8, 1)),
      expected: () => odd.subarray(0, 64),
    },
    {
      operation: 'read',
      input: 'memory to read into',
      tolerance: EXACT,
      async found(compute) {
        using image = compute.image(odd, 23, 7, 2);
        const into = new Float32Array(odd.length).fill(7);
        await compute.read(image, into);
        return into;
      },
      expected: () => odd,
    },
    {
      operation: 'alias',
      input: 'an image of which the first handle is closed',
      tolerance: EXACT,
      async found(compute) {
        const plain = (value: number) => compute.doubled(squareOf(compute, new Float32Array(64).fill(value)));
        const first = plain(0.25);
        using other = compute.alias(first);
        first[Symbol.dispose]();
        // Memory that came back too early would be lent for this one.
        using later = plain(0.75);
        return [later.width, ...(await compute.read(other))];
      },
      expected: () => [16, ...new Float32Array(256).fill(0.25)],
    },
    {
      operation: 'statistics',
      input: 'figures alone and in a row',
      tolerance: MEASURED,
      async found(compute) {
        using patch = squareOf(compute, seededPlane(64, 2, 0.03));
        using picture = compute.flowPicture(patch, { scale: 1, radius: 12 });
        const noise = () => compute.flowNoise(picture);
        const { one, row } = await compute.statistics({ one: noise(), row: [noise(), noise()] });
        return [row.length, ...row.map((v) => v / one)];
      },
      expected: () => [2, 1, 1],
    },
  ];
}
