import { TAPS_SCRATCH } from '../../../src/compute/cpu/loops/cubic.ts';
import type { Loops } from '../../../src/compute/cpu/loops/loops.ts';
import { mulberry32 } from '../../motion/texture.ts';

export type LoopArgument = Float32Array | Int32Array | number;

/** A loop on seeded input. */
export interface LoopCase {
  readonly loop: keyof Loops;
  readonly input: string;
  /** Drawn anew at each call, the same each time. */
  readonly drawn: () => readonly LoopArgument[];
  /** Which of the arguments hold the answer; what else the loop writes is its own. */
  readonly answers: readonly number[];
}

/** A count that no vector divides; sides with every rest, and some below a vector. */
const COUNT = 1003;
const SIDES = [64, 37, 38, 35, 5, 3] as const;

export const LOOP_CASES: readonly LoopCase[] = [
  ...overPlanes(),
  squares(),
  ...filters(),
  ...samplings(),
  ...searches(),
];

function overPlanes(): LoopCase[] {
  const one = (loop: keyof Loops, answers: readonly number[], drawn: LoopCase['drawn']): LoopCase => ({
    loop,
    input: `${COUNT} samples`,
    answers,
    drawn,
  });
  const [a, b, c, d] = [1, 2, 3, 4].map((seed) => () => plane(COUNT, seed)) as [Draw, Draw, Draw, Draw];
  const where = () => mask(COUNT, 5);
  const three = (seed: number) => plane(3 * COUNT, seed);
  return [
    one('product', [2], () => [a(), b(), c(), COUNT]),
    one('scaled', [1], () => [a(), b(), COUNT, 1.37]),
    one('difference', [2], () => [a(), b(), c(), COUNT]),
    one('squaredDifference', [2], () => [a(), b(), c(), COUNT]),
    one('weightedDifference', [4], () => [a(), b(), c(), where(), d(), COUNT]),
    one('chosen', [3], () => [a(), b(), where(), c(), COUNT]),
    one('addedDifference', [3], () => [a(), b(), where(), c(), COUNT, 0.71]),
    one('addedWhere', [2], () => [a(), where(), b(), COUNT]),
    one('addedProduct', [2], () => [a(), b(), c(), COUNT]),
    one('likeness', [0], () => [a(), where(), COUNT, 0.3, 0.2, 3, 400, 0.9]),
    one('addedWeighted', [3, 4], () => [three(6), a(), where(), three(7), b(), COUNT, 0.2]),
    one('normalised', [0], () => [three(6), a(), three(7), COUNT, 0.2]),
    one('residual', [5], () => [a(), b(), c(), d(), where(), plane(COUNT, 8), COUNT, 0.1]),
    one('productsOfPair', [2, 3], () => [a(), b(), c(), d(), COUNT]),
    one('likenessOfMeans', [3], () => [a(), b(), c(), d(), COUNT, 0.01]),
    one('contrastOfMeans', [3], () => [a(), b(), c(), d(), COUNT, 0.01, 1.2]),
    one('luma', [1], () => [three(6), a(), COUNT, 0.2126, 0.7152, 0.0722]),
  ];
}

function squares(): LoopCase {
  const side = 37;
  return {
    loop: 'squareMeans',
    input: `${side}²`,
    answers: [5],
    drawn: () => [plane(3 * side * side, side), side, Int32Array.of(0, 5, 8 * side + 3), 3, 8, new Float32Array(9)],
  };
}

function filters(): LoopCase[] {
  return SIDES.flatMap((side) => {
    const area = side * side;
    const half = side >> 1;
    const one = (loop: keyof Loops, answers: readonly number[], drawn: LoopCase['drawn'], more = ''): LoopCase => ({
      loop,
      input: `${side}²${more}`,
      answers,
      drawn,
    });
    const source = () => plane(area, side);
    const blank = (length: number) => new Float32Array(length);
    const wide = [1, 2, 7, 24].flatMap((radius) => {
      const of = `, radius ${radius}`;
      const line = blank(side + 2 * radius + 3);
      const lanes = 4 * (side + 4 * radius + 1);
      return [
        one(
          'gaussian',
          [3],
          () => [source(), blank(area), line, blank(area), plane(radius + 1, 3), side, side, radius],
          of,
        ),
        one('boxAcross', [1], () => [source(), blank(area), blank(lanes), side, side, radius], of),
        one('boxDown', [1], () => [source(), blank(area), blank((2 * radius + 2) * side), side, side, radius], of),
      ];
    });
    return [
      ...wide,
      one('halved', [1], () => [source(), blank(half * half), side]),
      one('halvedLuma', [1], () => [plane(3 * area, side), blank(half * half), side, 0.05, 0.18, 0.02]),
      one('doubled', [2], () => [source(), blank(side + 2), blank(4 * area), side]),
    ];
  });
}

function samplings(): LoopCase[] {
  return SIDES.flatMap((side): LoopCase[] => {
    const area = side * side;
    const nodes = Math.ceil(side / 8);
    const small = Math.max(2, side >> 1);
    const places = () => plane(2 * small * small, 9).map((v) => (v * 1.2 - 0.1) * side);
    const grid = () =>
      plane(8 * side, 11).map((v, i) => {
        const isWhole = Math.floor(i / side) % 2 === 0;
        return isWhole ? Math.floor(v * side) - (i < 4 * side ? 3 : side >> 1) : v;
      });
    const input = `${side}²`;
    const taps = () => new Float32Array(TAPS_SCRATCH);
    return [
      {
        loop: 'sampledByFlow',
        input,
        answers: [10],
        drawn: () => {
          const flow = plane(2 * nodes * nodes, 12).map((v) => 12 * (v - 0.5));
          const scratch = new Float32Array(2 * (nodes + 1 + side));
          return [plane(3 * area, 13), 3, side, mask(area, 14), flow, nodes, nodes, 8, 2, scratch, plane(3 * area, 15)];
        },
      },
      ...[1, 1.04, 3.3].flatMap((stretch): LoopCase[] => [
        {
          loop: 'sampledByColumns',
          input: `${side}², stretched by ${stretch}`,
          answers: [10],
          drawn: () => [
            plane(3 * area, 13),
            3,
            side,
            side,
            grid(),
            side,
            side,
            stretch,
            stretch,
            taps(),
            plane(3 * area, 15),
          ],
        },
        {
          loop: 'deltaByColumns',
          input: `${side}², stretched by ${stretch}`,
          answers: [12, 13],
          drawn: () => [
            plane(3 * area, 13),
            mask(area, 14),
            side,
            grid(),
            side,
            side,
            ...[side >> 4, side >> 5, side - (side >> 5), side - (side >> 4)],
            stretch,
            taps(),
            new Float32Array(3 * area),
            new Float32Array(area),
          ],
        },
      ]),
      {
        loop: 'displacedMap',
        input,
        answers: [6],
        drawn: () => {
          const flow = plane(2 * nodes * nodes, 12).map((v) => 12 * (v - 0.5));
          return [plane(2 * area, 13), side, flow, 8, nodes, nodes, new Float32Array(2 * area)];
        },
      },
      {
        loop: 'warpedByMap',
        input,
        answers: [9],
        drawn: () => [
          plane(3 * area, 13),
          side,
          side,
          plane(2 * area, 9).map((v, i) => v + 1.2 * ((i % 2 === 0 ? i >> 1 : (i >> 1) * side) % side)),
          side,
          mask(area, 14),
          1,
          1.001,
          taps(),
          plane(3 * area, 15),
        ],
      },
      {
        loop: 'sampledByMap',
        input,
        answers: [4],
        drawn: () => [plane(area, 13), side, places(), small * small, plane(small * small, 15)],
      },
      {
        loop: 'sampledInFull',
        input,
        answers: [7],
        drawn: () => [
          plane(area, 13),
          side,
          places(),
          plane(small * small, 16),
          small,
          mask(area, 14),
          plane(area, 17),
          plane(area, 15),
        ],
      },
    ];
  });
}

function searches(): LoopCase[] {
  return SIDES.map((side): LoopCase => {
    const nodes = Math.ceil(side / 4);
    const count = nodes * nodes;
    const area = side * side;
    const signed = (length: number, seed: number, most: number) => plane(length, seed).map((v) => most * (2 * v - 1));
    return {
      loop: 'searchedLevel',
      input: `${side}²`,
      answers: [16, 17],
      drawn: () => [
        plane(area, 18),
        signed(area, 19, 0.3),
        signed(area, 20, 0.3),
        plane(area, 21),
        side,
        side,
        signed(3 * count, 22, 0.2),
        signed(2 * count, 23, 3),
        plane(count, 24),
        signed(2 * count, 25, 3),
        signed(2 * count, 26, 6),
        2,
        nodes,
        nodes,
        0.4,
        10,
        plane(2 * count, 27),
        plane(count, 28),
      ],
    };
  });
}

type Draw = () => Float32Array;

/** Numbers 0 … 1. */
function plane(length: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({ length }, random);
}

/** 0 in a third of the places. */
function mask(length: number, seed: number): Float32Array {
  return plane(length, seed).map((v) => (v < 1 / 3 ? 0 : v));
}
