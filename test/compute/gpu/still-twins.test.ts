import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Compute } from '../../../src/compute/compute.ts';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { GpuCompute } from '../../../src/compute/gpu/gpu-compute.ts';
import type { FaceShapes, WarpMap } from '../../../src/compute/warps.ts';
import { transformLandmarks } from '../../../src/face/similarity.ts';
import { drawFace } from '../../face/drawn-face.ts';
import { boxBlur, gaussian } from '../reference.ts';
import { disc, seededPlane, seededRgb, squareOf, stackOf, taken } from '../seeded-images.ts';
import { expectTwins } from './expect-twins.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestGpu } from './test-gpu.ts';

interface StillTwin {
  readonly of: string;
  /** How far twins may lie apart, as a share of what is above 1. */
  readonly most: number;
  /** The truth in double precision, where it says more than the processor: that keeps means in 32 bits, and divides what is left by a variance. */
  readonly truth?: () => ArrayLike<number>;
  readonly found: (compute: Compute) => Promise<ArrayLike<number>>;
}

/** As restorers ask: 3/255. */
const FLOOR = 3 / 255;
const GATE = {
  alike: [0.5, 0.8],
  alikeInEyes: [0.65, 0.9],
  alikeBefore: [0.1, 0.45],
  accepted: [0.25, 0.5],
  worth: 0.5,
} as const;

/** A disc with a hole in it, beside which every seventh pixel is missing. */
function holed(size: number): Float32Array {
  const outer = disc(size, 0.4 * size);
  const inner = disc(size, 0.1 * size);
  return outer.map((v, i) => ((inner[i] as number) > 0 || i % 7 === 0 ? 0 : v));
}

const drawn = new Map<string, Float32Array>();

/** A seeded plane of numbers from `low` to `high`. */
function numbersIn(size: number, seed: number, low: number, high: number): Float32Array {
  const name = [size, seed, low, high].join(' ');
  const made =
    drawn.get(name) ?? seededPlane(size, seed, 0.1).map((v) => low + (high - low) * Math.min(1, Math.max(0, v)));
  drawn.set(name, made);
  return made;
}

const ones = new Map<number, Float32Array>();

/** That many ones, the same each time. */
function onesOf(length: number): Float32Array {
  const known = ones.get(length) ?? new Float32Array(length).fill(1);
  ones.set(length, known);
  return known;
}

const at = (plane: Float64Array, i: number) => plane[i] as number;

const means = new Map<Float32Array, Map<Float32Array, Map<string, Float64Array>>>();

/** Local mean of the product of two pictures, blurred once however often it is asked for. */
function meanOf(a: Float32Array, b: Float32Array, sigma: number, passes: number): Float64Array {
  const ofA = means.get(a) ?? new Map<Float32Array, Map<string, Float64Array>>();
  const known = ofA.get(b) ?? new Map<string, Float64Array>();
  means.set(a, ofA.set(b, known));
  const name = `${sigma} ${passes}`;
  const product = () => Float64Array.from(a, (p, i) => p * (b[i] as number));
  const mean = known.get(name) ?? boxBlur(product(), Math.sqrt(a.length), sigma, passes);
  known.set(name, mean);
  return mean;
}

/** Local means of two pictures, of their squares, and of their product. */
function momentsOf(a: Float32Array, b: Float32Array, sigma: number, passes: number) {
  const one = onesOf(a.length);
  const mean = (p: Float32Array, q: Float32Array) => meanOf(p, q, sigma, passes);
  return [mean(a, one), mean(b, one), mean(a, a), mean(b, b), mean(a, b)] as const;
}

function judgingTwins(size: number): StillTwin[] {
  const sharp = seededPlane(size, 31);
  const soft = Float32Array.from(gaussian(sharp, size, size, 1.4));
  const flat = new Float32Array(size * size).fill(0.7);
  const pairs: readonly (readonly [string, Float32Array, Float32Array])[] = [
    ['a picture and its blur', soft, sharp],
    ['a picture and a flat one', sharp, flat],
    ['two flat ones', flat, flat],
    ['half a flat one', sharp.map((v, i) => (i % size < size / 2 ? v : 0.3)), sharp],
  ];
  const against = (compute: Compute, a: Float32Array, b: Float32Array) =>
    [squareOf(compute, a), stackOf(compute, [b, sharp, a])] as const;
  return pairs.flatMap(([name, a, b]) => [
    {
      of: `localLikeness of ${name}`,
      most: 5e-6,
      truth: () =>
        [b, sharp, a].flatMap((other) => {
          const [p, q, pp, qq, pq] = momentsOf(a, other, size / 50, 1);
          return Array.from(
            pq,
            (v, i) =>
              (2 * (v - at(p, i) * at(q, i))) /
              (at(pp, i) - at(p, i) ** 2 + at(qq, i) - at(q, i) ** 2 + 2 * FLOOR ** 2),
          );
        }),
      found: (compute) =>
        taken(compute, compute.localLikeness(...against(compute, a, b), { sigma: size / 50, floor: FLOOR })),
    },
    {
      of: `localContrast of ${name}`,
      most: 5e-6,
      truth: () =>
        [b, sharp, a].flatMap((other) => {
          const [p, q, , qq, pq] = momentsOf(a, other, size / 19, 2);
          return Array.from(pq, (v, i) =>
            Math.min(
              1.2,
              Math.max(0, (v - at(p, i) * at(q, i) + FLOOR ** 2) / (at(qq, i) - at(q, i) ** 2 + FLOOR ** 2)),
            ),
          );
        }),
      found: (compute) =>
        taken(compute, compute.localContrast(...against(compute, a, b), { sigma: size / 19, floor: FLOOR, most: 1.2 })),
    },
    {
      of: `localError of ${name}`,
      most: 2e-6,
      found: (compute) =>
        taken(compute, compute.localError(squareOf(compute, a), stackOf(compute, [b, flat, soft]), size / 48)),
    },
    {
      of: `detailUnder of ${name}`,
      most: 2e-6,
      async found(compute) {
        const pictures = [stackOf(compute, [a, sharp, b]), stackOf(compute, [b, soft, flat])] as const;
        const { lost, energy } = compute.detailUnder(...pictures, { side: size / 4, sigma: size / 192 });
        return [...(await taken(compute, lost)), ...(await taken(compute, energy))];
      },
    },
    {
      of: `above of ${name}`,
      most: 2e-6,
      async found(compute) {
        const { image, sums } = compute.above(stackOf(compute, [a, b, soft]), 0.5);
        return [...(await taken(compute, image)), ...(await compute.statistics({ sums })).sums];
      },
    },
  ]);
}

function squareTwins(size: number): StillTwin[] {
  const planes = [41, 42, 43, 44].map((seed) => seededPlane(size, seed, 0.004));
  const weights = [disc(size, size), holed(size)];
  return [
    {
      of: `weighedSquares of ${size}²`,
      most: 1e-5,
      async found(compute) {
        const sums = compute.weighedSquares(stackOf(compute, planes), stackOf(compute, weights));
        return (await compute.statistics({ sums })).sums.map((sum) => sum / size ** 2);
      },
    },
  ];
}

function gateTwins(side: number): StillTwin[] {
  const drawn = {
    after: numbersIn(side, 51, 0.2, 1.2),
    before: numbersIn(side, 52, 0, 0.9),
    fit: numbersIn(side, 53, 0.3, 1),
    energy: numbersIn(side, 54, -2e-4, 3e-3).map((v) => Math.max(0, v)),
    error: numbersIn(side, 55, 0, 3e-3),
    contrast: numbersIn(side, 56, 0.4, 1.2),
    eyes: disc(side, side / 6).map((v) => (v > 0 ? 1 : 0)),
    look: holed(side),
  };
  const cases: readonly (readonly [string, Partial<Record<keyof typeof drawn, Float32Array>>])[] = [
    ['that agrees here and there', {}],
    ['without detail', { energy: new Float32Array(side * side) }],
    ['of one error everywhere', { error: new Float32Array(side * side).fill(1e-3) }],
    ['where nothing is looked at', { look: new Float32Array(side * side) }],
  ];
  return cases.map(([name, other]) => ({
    of: `stillGate of a still ${name}`,
    most: 1e-5,
    found(compute) {
      const entries = Object.entries({ ...drawn, ...other }).map(([of, samples]) => {
        const isShared = of === 'eyes' || of === 'look';
        const known = drawn[of as keyof typeof drawn];
        return [of, stackOf(compute, isShared ? [samples] : [known, samples, known.map((v) => 0.7 * v)])];
      });
      return taken(compute, compute.stillGate(Object.fromEntries(entries), GATE));
    },
  }));
}

function mixTwins(size: number): StillTwin[] {
  const mixed = async (compute: Compute, stills: number, side: number, look: Float32Array) => {
    const stack = (plane: (k: number) => Float32Array) =>
      stackOf(
        compute,
        Array.from({ length: stills }, (_, k) => plane(k)),
      );
    const offered = {
      lost: stack((k) => numbersIn(size, 61 + k, -0.06, 0.06)),
      energy: stack((k) => numbersIn(side, 71 + k, 0, 2e-3)),
      error: stack((k) => numbersIn(side, 81 + k, 0, 4e-3 * (k + 1))),
      gate: stack((k) => numbersIn(side, 91 + k, 0, 1)),
    };
    const { detail, gate, accepted } = compute.mixedDetail(offered, squareOf(compute, look), 4 / 255);
    const told = await compute.statistics({ accepted });
    return [...(await taken(compute, detail)), ...(await taken(compute, gate)), told.accepted ?? -1];
  };
  const half = size / 2;
  return [
    { of: 'mixedDetail of one still', most: 1e-5, found: (compute) => mixed(compute, 1, half, holed(half)) },
    { of: 'mixedDetail of four', most: 1e-5, found: (compute) => mixed(compute, 4, half, holed(half)) },
    { of: 'mixedDetail of nine, in full', most: 1e-5, found: (compute) => mixed(compute, 9, size, holed(size)) },
    {
      of: 'mixedDetail where nothing is looked at',
      most: 1e-5,
      found: (compute) => mixed(compute, 2, half, new Float32Array(half * half)),
    },
  ];
}

function lumaTwins(size: number): StillTwin[] {
  const rgb = seededRgb(size, 77).map((v, i) => (i % 5 === 0 ? 0 : v));
  const detail = seededPlane(size, 78).map((v, i) => (i % 3 === 0 ? 0 : 1.5 * (v - 0.5)));
  return [
    {
      of: 'withDetail, which is 0 in places',
      most: 2e-6,
      found: (compute) =>
        taken(
          compute,
          compute.withDetail(squareOf(compute, rgb), squareOf(compute, detail), { strength: 0.8, most: 1.5 }),
        ),
    },
  ];
}

/** A face of a map of that side, and its shape in a still, which is turned, enlarged, bent, and crushed at its left. */
function bentFace(size: number, side: number, turn: number): FaceShapes {
  const target = drawFace({ x: side / 2, y: side / 2, interOcular: 0.36 * side });
  const [a, b] = [(size / side) * Math.cos(turn), (size / side) * Math.sin(turn)];
  const source = transformLandmarks({ a, b, tx: 0.1 * turn * size, ty: -0.2 * turn * size }, target);
  for (let k = 0; k < source.length; k += 3) {
    const [x, y] = [target[k] as number, target[k + 1] as number];
    const crushed = 0.8 * Math.max(0, (side / 3 - x) * (size / side));
    source[k] = (source[k] as number) + 1.5 * Math.sin((x + 2 * y) / 9) + crushed;
    source[k + 1] = (source[k + 1] as number) + 1.5 * Math.sin((x + 2 * y) / 9 + 1);
  }
  return { target, source };
}

function registerTwins(size: number): StillTwin[] {
  const side = Math.min(128, size / 2);
  const scale = size / side;
  const face = seededPlane(size, 31, 0.004);
  const distance = 0.36 * side;
  const options = {
    bound: 0.07 * distance,
    smoothing: 0.04 * distance,
    radius: side / 8,
    light: { sigma: 0.15 * distance, most: 3 },
    stretch: { alike: 0.7, torn: 1.4, sigma: Math.max(1, 0.03 * distance) },
  };
  const sources = [0, 0.03, -0.05, 0.4].map((turn, k) => ({
    luma: seededRgb(size, 31, 0.004, 0.5 * k, -0.3 * k)
      .subarray(0, size * size)
      .map((v) => v * (1 - 0.1 * k)),
    shapes: bentFace(size, side, turn),
  }));
  const shapesOf = (k: number) => (sources[k] as (typeof sources)[number]).shapes;
  const registered = async (compute: Compute, which: 'unregistered' | 'luma' | 'fit') => {
    using luma = squareOf(compute, face);
    using picture = compute.flowPicture(luma, { scale, radius: options.radius });
    using template = compute.flowTemplate(picture);
    const target = {
      template,
      luma,
      small: squareOf(compute, numbersIn(side, 33, 0.2, 0.7)),
      where: squareOf(compute, holed(size)),
    };
    // Two that were made together, in another order, and two by themselves.
    const [second, first] = compute.faceMaps([shapesOf(1), shapesOf(0)], side, 'mesh');
    const maps = [first, second, ...[2, 3].map((k) => compute.faceMap(shapesOf(k), side, 'mesh'))] as WarpMap[];
    using found = compute.registerStills(
      target,
      sources.map((source, k) => ({ luma: squareOf(compute, source.luma), map: maps[k] as WarpMap })),
      options,
    );
    for (const map of maps) map[Symbol.dispose]();
    return await compute.read(found[which]);
  };
  return (['unregistered', 'luma', 'fit'] as const).map((which) => ({
    of: `registerStills of four stills: ${which}`,
    // The processor's places are float32 numbers of hundreds, and areas are what neighbours differ by.
    most: which === 'fit' ? 3e-5 : 1e-5,
    found: (compute) => registered(compute, which),
  }));
}

const CASES = [128, 256].flatMap((size) =>
  [judgingTwins, squareTwins, gateTwins, mixTwins, lumaTwins, registerTwins].flatMap((twins) =>
    twins(size).map((twin) => ({ size, ...twin })),
  ),
);

describe.skipIf(!gpuIsWanted)(`stills on the device and on the processor${GPU_SKIPPED}`, () => {
  const cpu = openCpuCompute();
  let gpu: GpuCompute;
  beforeAll(async () => {
    gpu = await openTestGpu();
  });
  afterAll(() => gpu[Symbol.asyncDispose]());

  it.each(CASES)('agree on $of ($size)', async ({ most, truth, found }) => {
    const [here, there] = [truth?.() ?? (await found(cpu)), await found(gpu)];
    expectTwins(here, there, { most });
  });
});
