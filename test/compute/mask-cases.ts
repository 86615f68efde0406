import { faceMatte } from '../../src/face/matte.ts';
import { drawFace } from '../face/drawn-face.ts';
import { type ConformanceCase, EXACT, ROUNDING, THRESHOLD } from './conformance-case.ts';
import { disc, seededPlane, squareOf, taken } from './seeded-images.ts';

const SIZE = 64;
const HALF = SIZE / 2;

export function maskCases(): ConformanceCase[] {
  const landmarks = drawFace({ x: HALF, y: HALF, interOcular: 16 });
  const area = { x: 20, y: 24, width: 16, height: 10 };
  const square = Float32Array.of(10, 12, 30, 12, 30, 20, 10, 20);
  const where = disc(SIZE, 24);
  const plane = seededPlane(SIZE, 33);
  const dirt = disc(HALF, 5).map((v) => (v > 0 ? 1 : 0));
  const scratched = where.map((_, i) => (i % SIZE === 40 ? 1 : 0));
  const isSound = (i: number) => dirt[(Math.floor(i / SIZE) >> 1) * HALF + ((i % SIZE) >> 1)] !== 1;
  return [
    {
      operation: 'faceMatte',
      input: 'a face at half its strength',
      tolerance: ROUNDING,
      found: (compute) => taken(compute, compute.faceMatte(landmarks, SIZE, { softness: 0.2, strength: 0.5 })),
      expected: () => faceMatte(landmarks, SIZE, { softness: 0.2 }).map((v) => v / 2),
    },
    {
      operation: 'faceMatte',
      input: 'a part of a face',
      tolerance: ROUNDING,
      found: (compute) =>
        taken(compute, compute.faceMatte(landmarks, SIZE, { grow: 0.1, within: { area, margin: 3 } })),
      expected: () =>
        faceMatte(landmarks, SIZE, { grow: 0.1 }).map((v, i) => {
          const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
          return x >= 17 && x < 39 && y >= 21 && y < 37 ? v : 0;
        }),
    },
    {
      operation: 'polygons',
      input: 'a rectangle and what is up to 2 pixels around it',
      tolerance: THRESHOLD,
      found: (compute) => taken(compute, compute.polygons([square], SIZE, 2)),
      expected: () =>
        where.map((_, i) => {
          const [x, y] = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5];
          return Math.hypot(Math.max(10 - x, 0, x - 30), Math.max(12 - y, 0, y - 20)) < 2 ? 1 : 0;
        }),
    },
    ...(
      [
        ['a disc', where, { x: 8, y: 8, width: 48, height: 48 }],
        ['nothing', where.map(() => 0), null],
      ] as const
    ).map(
      ([input, mask, bounds]): ConformanceCase => ({
        operation: 'maskBounds',
        input,
        tolerance: EXACT,
        async found(compute) {
          using image = squareOf(compute, mask);
          const told = await compute.statistics({ bounds: compute.maskBounds(image) });
          return told.bounds ? [told.bounds.x, told.bounds.y, told.bounds.width, told.bounds.height] : [];
        },
        expected: () => (bounds ? [bounds.x, bounds.y, bounds.width, bounds.height] : []),
      }),
    ),
    {
      operation: 'meanWhere',
      input: 'a disc, and nothing',
      tolerance: ROUNDING,
      async found(compute) {
        using image = squareOf(compute, plane);
        using looked = squareOf(compute, where);
        using nothing = squareOf(
          compute,
          where.map(() => 0),
        );
        const means = [compute.meanWhere(image, looked), compute.meanWhere(image, nothing)];
        return (await compute.statistics({ means })).means;
      },
      expected() {
        const face = [...where.keys()].filter((i) => (where[i] as number) > 0);
        return [face.reduce((sum, i) => sum + (plane[i] as number), 0) / face.length, 0];
      },
    },
    {
      operation: 'halvedWhole',
      input: 'a disc',
      tolerance: EXACT,
      found: (compute) => taken(compute, compute.halvedWhole(squareOf(compute, where))),
      expected: () =>
        dirt.map((_, o) => {
          const i = 2 * Math.floor(o / HALF) * SIZE + 2 * (o % HALF);
          return [i, i + 1, i + SIZE, i + SIZE + 1].every((k) => (where[k] as number) > 0) ? 1 : 0;
        }),
    },
    {
      operation: 'soundSamples',
      input: 'dirt and a scratch',
      tolerance: ROUNDING,
      async found(compute) {
        const [specks, lines, looked] = [dirt, scratched, where].map((mask) => squareOf(compute, mask));
        if (!specks || !lines || !looked) throw new Error('Unreachable: three masks were made.');
        const { own, damage } = compute.soundSamples(specks, lines, looked);
        const told = await compute.statistics({ damage });
        return [told.damage, ...(await taken(compute, own))];
      },
      expected() {
        const face = [...where.keys()].filter((i) => (where[i] as number) > 0);
        const damaged = face.filter((i) => !isSound(i) || i % SIZE === 40);
        return [damaged.length / face.length, ...where.map((_, i) => (isSound(i) ? 1 : 0))];
      },
    },
  ];
}
