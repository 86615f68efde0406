import type { Compute } from '../../src/compute/compute.ts';
import { type DenseMap, mapOfSimilarity } from '../../src/face/dense-map.ts';
import { meshWarp } from '../../src/face/mesh.ts';
import { thinPlateWarp } from '../../src/face/thin-plate.ts';
import { drawFace } from '../face/drawn-face.ts';
import { type ConformanceCase, EXACT, type Tolerance } from './conformance-case.ts';
import { disc, seededRgb, squareOf, taken } from './seeded-images.ts';
import { type Picture, warped } from './warp-reference.ts';

const SIZE = 64;
const WIDTH = 96;
/** The same samples in another shape. */
const ACROSS = 128;
const DOWN = (WIDTH * WIDTH) / ACROSS;

const MAPPED: Tolerance = {
  name: 'mapped',
  most: 1e-4,
  share: 1e-3,
  reason:
    'Places up to 128 are float32 numbers, whose ulp is 1e-5 pixels; a kernel may be left out or not where it is hardly wider.',
};

const SIMILARITIES = [
  { input: 'a picture that is enlarged', toPicture: { a: 0.7, b: 0.2, tx: 12, ty: 9 } },
  {
    input: 'a picture made half as large again smaller, and its edges',
    toPicture: { a: 1.5, b: -0.25, tx: 4, ty: -3 },
  },
  { input: 'a picture that is halved first', toPicture: { a: 2.6, b: 0.3, tx: -20, ty: 2 } },
];

export function warpCases(): ConformanceCase[] {
  const rgb = seededRgb(WIDTH, 71);
  const picture: Picture = { width: ACROSS, height: DOWN, rgb };
  const square: Picture = { width: WIDTH, height: WIDTH, rgb };
  const where = disc(SIZE, 26);
  const target = drawFace({ x: 32, y: 33, interOcular: 16 });
  // Turned, nodding and speaking, and half as large again.
  const source = drawFace({ x: 50, y: 47, interOcular: 24, yaw: 0.2, pitch: 0.1, roll: 0.15, mouth: 0.2 });
  const shapes = { target, source };
  const maps = { mesh: () => meshWarp(target, source, SIZE), 'thin-plate': () => thinPlateWarp(target, source, SIZE) };
  const through = async (compute: Compute, by: 'mesh' | 'thin-plate', mask: Float32Array) => {
    using image = squareOf(compute, rgb);
    using made = compute.warpSource(image);
    using map = compute.faceMap(shapes, SIZE, by);
    using looked = squareOf(compute, mask);
    return await taken(compute, compute.warp(made, map, looked));
  };
  const lookedAt = (map: DenseMap) =>
    warped(square, map).map((v, i) => ((where[i % where.length] as number) > 0 ? v : 0));
  return [
    ...SIMILARITIES.map(
      ({ input, toPicture }): ConformanceCase => ({
        operation: 'warpBySimilarity',
        input,
        tolerance: MAPPED,
        async found(compute) {
          using image = compute.image(rgb, ACROSS, DOWN, 3);
          return await taken(compute, compute.warpBySimilarity(image, toPicture, SIZE));
        },
        expected: () => warped(picture, mapOfSimilarity(toPicture, SIZE)),
      }),
    ),
    ...(['mesh', 'thin-plate'] as const).map(
      (by): ConformanceCase => ({
        operation: 'faceMap',
        input: `a face in another pose, by ${by}`,
        tolerance: MAPPED,
        found: (compute) =>
          through(
            compute,
            by,
            where.map(() => 1),
          ),
        expected: () => warped(square, maps[by]()),
      }),
    ),
    {
      operation: 'faceMaps',
      input: 'two faces, the second first closed',
      tolerance: MAPPED,
      async found(compute) {
        using image = squareOf(compute, rgb);
        using made = compute.warpSource(image);
        using looked = squareOf(compute, where);
        const other = { target: source.map((v) => v / 2), source: target };
        const [first, second] = compute.faceMaps([shapes, other], SIZE, 'mesh');
        if (!first || !second) throw new Error('Two maps were asked for, and fewer came.');
        using last = first;
        let there: Float32Array;
        {
          using closed = second;
          there = await taken(compute, compute.warp(made, closed, looked));
        }
        return [...(await taken(compute, compute.warp(made, last, looked))), ...there];
      },
      expected: () => [
        ...lookedAt(maps.mesh()),
        ...lookedAt(
          meshWarp(
            source.map((v) => v / 2),
            target,
            SIZE,
          ),
        ),
      ],
    },
    {
      operation: 'warp',
      input: 'what is not looked at',
      tolerance: MAPPED,
      found: (compute) => through(compute, 'mesh', where),
      expected: () => lookedAt(maps.mesh()),
    },
    {
      operation: 'warpSource',
      input: 'warped twice, once by a map that halves it',
      tolerance: EXACT,
      async found(compute) {
        using image = squareOf(compute, rgb);
        using made = compute.warpSource(image);
        using map = compute.faceMap(shapes, SIZE, 'mesh');
        using small = compute.faceMap({ target, source: source.map((v) => 2 * v) }, SIZE, 'mesh');
        using all = squareOf(
          compute,
          where.map(() => 1),
        );
        const first = await taken(compute, compute.warp(made, map, all));
        using between = compute.warp(made, small, all);
        const second = await taken(compute, compute.warp(made, map, all));
        return [made.width, made.height, between.width, ...second.map((v, i) => v - (first[i] as number))];
      },
      expected: () => [WIDTH, WIDTH, SIZE, ...new Float32Array(3 * SIZE * SIZE)],
    },
  ];
}
